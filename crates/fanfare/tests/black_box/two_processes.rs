//! A server follows the clock of a sandbox in another process; a server of real platforms has no
//! clock that anybody could move.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use domain::{Span, Timestamp};
use net::{Entropy as _, SystemEntropy};
use serde_json::{Value, json};

use crate::support::fanfare;
use crate::travel::{clock, clock_at, moment, shown, spread};

/// A process that ends with the test.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A data folder with an organization and a key.
struct Installation {
    folder: PathBuf,
    key: String,
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Installation {
    fn new() -> Self {
        let mut name = [0; 8];
        SystemEntropy.fill(&mut name);
        let folder = std::env::temp_dir().join(format!("fanfare-test-{:016x}", u64::from_le_bytes(name)));
        run(&folder, &["org", "create", "Northlight", "--email", "ana@example.org"], "");
        let key = run(&folder, &["key", "create", "test"], "");
        Self { folder, key }
    }

    /// Starts the server and gives its address.
    fn serve(&self, options: &[&str]) -> (Process, String) {
        let mut command = fanfare();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(&self.folder).args(options);
        command.env("FANFARE_LOG", "fanfare=info").env("FANFARE_LOG_FORMAT", "json");
        for limit in ["REQUESTS_PER_MINUTE", "REQUESTS_PER_HOUR", "POSTS_PER_HOUR"] {
            command.env(format!("FANFARE_LIMITS__{limit}"), "1000000");
        }
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let process = Process(child);
        let url = lines
            .by_ref()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
            .find(|line| line["fields"]["message"] == "serving")
            .map(|line| line["fields"]["url"].as_str().unwrap().to_owned())
            .unwrap();
        // Nobody reads the rest, and a full pipe would stop the server.
        std::thread::spawn(move || lines.for_each(drop));
        (process, url)
    }

    async fn call(&self, method: &str, url: &str, body: Option<Value>) -> Value {
        let mut request = client().request(method.parse().unwrap(), url).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        assert!(answer["data"].is_object(), "{method} {url}: {answer}");
        answer["data"].clone()
    }
}

pub(crate) fn client() -> reqwest::Client {
    #[expect(clippy::disallowed_methods, reason = "a test's own client")]
    reqwest::Client::new()
}

fn in_folder(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = fanfare();
    command.args(arguments).arg("--data-dir").arg(folder).env("FANFARE_LOG", "warn");
    command
}

fn run(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = in_folder(folder, arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(crate) fn start_sandbox() -> (Process, String) {
    let mut command = fanfare();
    command.args(["sandbox", "--port", "0", "--json"]).env("FANFARE_LOG", "warn");
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    (Process(child), ready["sandbox_url"].as_str().unwrap().to_owned())
}

async fn connect(installation: &Installation, sandbox: &str, platform: &str) -> i64 {
    let wanted = json!({ "platform": platform, "username": "northlight", "token": true });
    let account = client().post(format!("{sandbox}/_sandbox/accounts")).json(&wanted).send().await.unwrap();
    let said = run(&installation.folder, &["account", "add", "-"], &account.text().await.unwrap());
    said.split(' ').next().unwrap().parse().unwrap()
}

async fn schedule(installation: &Installation, server: &str, account: i64, due: Timestamp) -> String {
    let body = json!({
        "content": format!("due at {due}"),
        "account_ids": [account],
        "scheduled_for": due.to_iso_millis(),
    });
    let made = installation.call("POST", &format!("{server}/api/v1/posts"), Some(body)).await;
    made["post_id"].as_str().unwrap().to_owned()
}

async fn published_at(installation: &Installation, server: &str, post: &str) -> Timestamp {
    let url = format!("{server}/api/v1/posts/{post}/results");
    let result = installation.call("GET", &url, None).await["results"][0].clone();
    assert_eq!(result["status"], "published", "{result}");
    moment(&result["published_at"])
}

#[tokio::test]
async fn a_server_in_another_process_follows_its_sandbox_through_a_month() {
    let (_sandbox, sandbox) = start_sandbox();
    let installation = Installation::new();
    let accounts =
        [connect(&installation, &sandbox, "x").await, connect(&installation, &sandbox, "bluesky").await];
    let (server_process, server) = installation.serve(&["--sandbox-url", &sandbox]);
    let mut posts = Vec::new();
    for (at, due) in spread(shown(&sandbox), 30, 40).into_iter().enumerate() {
        posts.push((schedule(&installation, &server, accounts[at % 2], due).await, due));
    }
    clock(&sandbox, &["freeze"]);
    clock(&sandbox, &["advance", "31d"]);
    for (post, due) in &posts {
        assert_eq!(published_at(&installation, &server, post).await, *due);
    }

    // A server that starts later takes over the time that the sandbox has by then.
    drop(server_process);
    let (_server_process, server) = installation.serve(&["--sandbox-url", &sandbox]);
    let due = shown(&sandbox) + Span::from_seconds(30);
    let post = schedule(&installation, &server, accounts[0], due).await;
    clock(&sandbox, &["advance", "1m"]);
    assert_eq!(published_at(&installation, &server, &post).await, due);
}

#[tokio::test]
async fn the_time_of_a_server_of_real_platforms_cannot_be_moved() {
    let installation = Installation::new();
    let (_server_process, server) = installation.serve(&[]);
    for order in [&["advance", "1d"][..], &["set", "2100-01-01T00:00:00Z"], &["freeze"], &["show"]] {
        let output = clock_at(&server, order);
        assert!(!output.status.success(), "{order:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("a server of real platforms has the machine's time"), "{said}");
    }
}
