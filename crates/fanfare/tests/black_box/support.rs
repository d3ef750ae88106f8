//! Starts the binary, talks to it, and stops or kills it.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::{Span, Timestamp};
use net::{Clock as _, Entropy as _, SystemClock, SystemEntropy};
use serde_json::{Value, json};

/// How long anything may take before a test gives up. Not a claim about speed.
const PATIENCE: Span = Span::from_seconds(60);
/// Where a demo's log goes.
const LOG: &str = "stderr.log";

/// A folder that is gone at the end.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let mut name = [0; 8];
        SystemEntropy.fill(&mut name);
        let folder = std::env::temp_dir().join(format!("fanfare-test-{:016x}", u64::from_le_bytes(name)));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A running demo.
pub(crate) struct Demo {
    child: Child,
    folder: PathBuf,
    pub(crate) base_url: String,
    pub(crate) sandbox_url: String,
    pub(crate) key: String,
    pub(crate) accounts: Vec<(String, i64)>,
    /// What it printed.
    pub(crate) ready: Value,
    http: reqwest::Client,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Demo {
    /// Starts a demo in a new folder.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a demo in a new folder with these variables in its environment.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        let mut name = [0; 8];
        SystemEntropy.fill(&mut name);
        let folder = std::env::temp_dir().join(format!("fanfare-test-{:016x}", u64::from_le_bytes(name)));
        std::fs::create_dir_all(&folder).unwrap();
        Self::start_in(folder, variables)
    }

    fn start_in(folder: PathBuf, variables: &[(&str, &str)]) -> Self {
        let (child, ready) = spawn(&folder, variables);
        let text = |key: &str| ready[key].as_str().unwrap().to_owned();
        let accounts = ready["accounts"].as_array().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a test's own client")]
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self {
            base_url: text("base_url"),
            sandbox_url: text("sandbox_url"),
            key: text("api_key"),
            accounts: accounts
                .iter()
                .map(|account| {
                    let platform = account["platform"].as_str().unwrap().to_owned();
                    (platform, account["account_id"].as_i64().unwrap())
                })
                .collect(),
            child,
            folder,
            http,
            ready: ready.clone(),
        }
    }

    /// Kills the process as a power cut would, and starts it again on the same folder.
    pub(crate) fn kill_and_restart(mut self) -> Self {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.restart()
    }

    /// Ends the process in order.
    pub(crate) fn stop(&mut self) {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "a stop in order: {status}");
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts again on the same folder.
    pub(crate) fn restart(mut self) -> Self {
        let folder = std::mem::take(&mut self.folder);
        drop(self);
        Self::start_in(folder, &[])
    }

    /// What the process has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join(LOG)).unwrap()
    }

    pub(crate) fn account(&self, platform: &str) -> i64 {
        self.accounts.iter().find(|(name, _)| name == platform).unwrap().1
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.call_as(&self.key, method, path, body).await
    }

    /// The same with another key.
    pub(crate) async fn call_as(&self, key: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}/api/v1{path}", self.base_url);
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        Answer { status, body: answer.json().await.unwrap() }
    }

    /// Sends a request with an idempotency key, beside whatever happens to the process; `None` when no
    /// answer came.
    pub(crate) fn send_keyed(
        &self,
        key: &str,
        path: &str,
        body: &Value,
    ) -> impl Future<Output = Option<Answer>> + Send + 'static {
        let url = format!("{}/api/v1{path}", self.base_url);
        let request = self.http.post(url).bearer_auth(&self.key).header("Idempotency-Key", key).json(body);
        async move {
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            Some(Answer { status, body: answer.json().await.ok()? })
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body["data"].clone()
    }

    pub(crate) async fn create_post(&self, body: Value) -> String {
        let answer = self.call("POST", "/posts", Some(body)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["data"]["post_id"].as_str().unwrap().to_owned()
    }

    /// The post's results once every destination has ended.
    pub(crate) async fn ended(&self, post: &str) -> Vec<Value> {
        let ended = |result: &Value| matches!(result["status"].as_str(), Some("published" | "failed"));
        let all_ended = |answer: &Value| answer["results"].as_array().unwrap().iter().all(ended);
        let results = self.until(&format!("/posts/{post}/results"), all_ended).await;
        results["results"].as_array().unwrap().clone()
    }

    /// Asks until the answer is as it will be.
    pub(crate) async fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let deadline = SystemClock.now() + PATIENCE;
        loop {
            let answer = self.get(path).await;
            if is_so(&answer) {
                return answer;
            }
            assert!(SystemClock.now() < deadline, "{path} stays so: {answer}");
            pause(Span::from_millis(50)).await;
        }
    }

    pub(crate) async fn fault(&self, fault: Value) {
        let url = format!("{}/_sandbox/faults", self.sandbox_url);
        let answer = self.http.post(url).json(&fault).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    pub(crate) async fn post_to_sandbox(&self, path: &str, body: Value) -> (u16, String) {
        let answer = self.http.post(format!("{}{path}", self.sandbox_url)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Puts a file into the library in the three steps of the API; its id.
    pub(crate) async fn upload(&self, filename: &str, content_type: &str, bytes: Vec<u8>) -> String {
        let wanted = json!({ "filename": filename, "content_type": content_type, "size": bytes.len() });
        let begun = self.call("POST", "/media/upload", Some(wanted)).await;
        assert_eq!(begun.status, 201, "{filename}: {}", begun.body);
        let id = begun.body["data"]["media_id"].as_str().unwrap().to_owned();
        let url = begun.body["data"]["upload_url"].as_str().unwrap();
        let sent = self.http.put(url).header("content-type", content_type).body(bytes).send().await.unwrap();
        assert!(sent.status().is_success(), "{filename}: {}", sent.text().await.unwrap());
        let done = self.call("POST", &format!("/media/{id}/complete"), Some(json!({}))).await;
        assert_eq!(done.status, 200, "{filename}: {}", done.body);
        let deadline = SystemClock.now() + PATIENCE;
        loop {
            let item = self.get(&format!("/media/{id}")).await;
            match item["status"].as_str() {
                Some("ready") => return id,
                Some("failed") => panic!("{filename}: {item}"),
                _ => assert!(SystemClock.now() < deadline, "it is never ready: {item}"),
            }
            pause(Span::from_millis(50)).await;
        }
    }

    /// Makes an account on the emulated platform and connects it from the command line; its id.
    pub(crate) async fn add_account(&self, platform: &str, username: &str) -> i64 {
        let wanted = json!({ "platform": platform, "username": username, "token": true, "refresh": true });
        let (status, made) = self.post_to_sandbox("/_sandbox/accounts", wanted).await;
        assert!((200..300).contains(&status), "{platform}: {made}");
        let said = self.run_on_folder(&["account", "add", "-"], &made);
        said.split_whitespace().next().unwrap().parse().unwrap_or_else(|_| panic!("{said}"))
    }

    /// Everything that is public on a platform, the oldest first.
    pub(crate) async fn public(&self, platform: &str) -> Vec<Value> {
        let url = format!("{}/_sandbox/posts?platform={platform}", self.sandbox_url);
        let body: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        body["posts"].as_array().unwrap().clone()
    }

    /// Runs a command beside the demo, on its data folder; what it printed.
    pub(crate) fn run_on_folder(&self, arguments: &[&str], input: &str) -> String {
        use std::io::Write as _;
        let mut child = fanfare()
            .arg("--data-dir")
            .arg(&self.folder)
            .args(arguments)
            .env("FANFARE_LOG", "warn")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// What is public on a platform with this text.
    pub(crate) async fn live(&self, platform: &str, text: &str) -> Vec<Value> {
        self.public(platform).await.into_iter().filter(|post| post["text"] == json!(text)).collect()
    }

    /// What is at an address.
    pub(crate) async fn download(&self, url: &str) -> Vec<u8> {
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{url}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    pub(crate) async fn page(&self, url: &str) -> (u16, String) {
        let answer = self.http.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.folder.as_os_str().is_empty() {
            return;
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The binary, without the settings of whoever runs the tests.
pub(crate) fn fanfare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanfare"));
    let foreign = |name: &str| name.starts_with("FANFARE_") || name.starts_with("OTEL_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| foreign(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
}

/// Runs a command in `folder` to its end; what it printed, and whether it succeeded.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = fanfare().args(arguments).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), text)
}

/// As [`run`], of a command that has to succeed.
#[track_caller]
pub(crate) fn run_well(folder: &Path, arguments: &[&str]) -> String {
    let (succeeded, text) = run(folder, arguments);
    assert!(succeeded, "{arguments:?}: {text}");
    text
}

fn spawn(folder: &Path, variables: &[(&str, &str)]) -> (Child, Value) {
    let log = std::fs::File::create(folder.join(LOG)).unwrap();
    let mut child = fanfare()
        .args(["demo", "--json", "--port", "0", "--sandbox-port", "0", "--data-dir"])
        .arg(folder)
        .env("FANFARE_LOG", "warn")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("the demo did not start: {line:?}"));
    (child, ready)
}

/// Waits for real time to pass: the binary has no other.
pub(crate) async fn pause(span: Span) {
    SystemClock.sleep_until(SystemClock.now() + span).await;
}

pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}
