//! A sandbox on a real port, and a client that talks to it.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Timestamp;
use fanfare_sandbox::{Sandbox, SandboxClock, SandboxConfig};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A clock that stands still; sleeping is over at once, and remembered.
#[derive(Default)]
pub(crate) struct StillClock {
    pub(crate) slept: Mutex<Vec<Duration>>,
}

impl SandboxClock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_795_000_000_000)
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.slept.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// A sandbox that serves on a free port.
pub(crate) struct Rig {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Arc<StillClock>,
    pub(crate) address: String,
    pub(crate) client: Client,
    stop: Option<oneshot::Sender<()>>,
    server: tokio::task::JoinHandle<()>,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::start_on(None).await
    }

    pub(crate) async fn start_on(data_dir: Option<&Path>) -> Self {
        let clock = Arc::new(StillClock::default());
        let sandbox = Sandbox::open(SandboxConfig {
            data_dir: data_dir.map(Path::to_owned),
            clock: clock.clone(),
            seed: Some(1),
        })
        .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        sandbox.set_base_url(&format!("http://{address}"));
        let (stop, stopped) = oneshot::channel();
        let port = sandbox.clone();
        let server = tokio::spawn(async move {
            let stopped = async { _ = stopped.await };
            port.serve(listener, stopped).await.unwrap();
        });
        #[expect(clippy::disallowed_methods, reason = "the test is the outside world")]
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { sandbox, clock, address, client, stop: Some(stop), server }
    }

    /// Ends the sandbox and opens one on the same folder.
    pub(crate) async fn restart(mut self, data_dir: &Path) -> Self {
        self.stop.take().unwrap().send(()).unwrap();
        self.server.await.unwrap();
        Self::start_on(Some(data_dir)).await
    }

    /// The address of `path` (host first) in path mode.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub(crate) fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.request(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> reqwest::RequestBuilder {
        self.request(Method::POST, path)
    }

    /// Makes an account by the control API.
    pub(crate) async fn account(&self, wanted: Value) -> Value {
        let answer = self.post("_sandbox/accounts").json(&wanted).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        answer.json().await.unwrap()
    }

    /// Arms a fault by the control API.
    pub(crate) async fn fault(&self, fault: Value) {
        let answer = self.post("_sandbox/faults").json(&fault).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }

    /// Moves the emulated clock.
    pub(crate) async fn advance(&self, advance_ms: i64) {
        let answer = self.post("_sandbox/clock").json(&json!({"advance_ms": advance_ms})).send().await;
        assert_eq!(answer.unwrap().status(), 200);
    }

    /// What is public, by the control API.
    pub(crate) async fn published(&self, query: &str) -> Vec<Value> {
        let answer: Value =
            self.get(&format!("_sandbox/posts{query}")).send().await.unwrap().json().await.unwrap();
        answer["posts"].as_array().unwrap().clone()
    }
}

/// An account on X with a token.
pub(crate) async fn x_account(rig: &Rig, username: &str) -> (Value, String) {
    let account = rig.account(json!({"platform": "x", "username": username, "token": true})).await;
    let token = account["credentials"]["access_token"].as_str().unwrap().to_owned();
    (account, token)
}

/// Sends a post to X.
pub(crate) async fn tweet(rig: &Rig, token: &str, body: Value) -> Response {
    rig.post("api.x.com/2/tweets").bearer_auth(token).json(&body).send().await.unwrap()
}

/// Status and JSON of an answer.
pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// An empty folder of this test's own.
pub(crate) fn folder(name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The smallest file that is taken for a PNG.
pub(crate) fn png(mark: u8) -> Vec<u8> {
    vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, mark]
}

/// Bytes that are taken for an MP4 film.
pub(crate) fn film(size: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypisom".to_vec();
    bytes.extend((0..size - bytes.len()).map(|at| u8::try_from(at % 251).unwrap()));
    bytes
}
