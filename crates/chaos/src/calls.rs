//! HTTP to the server's API and to the sandbox's control API, and what is known when it fails.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use net::{Client, ClientConfig, Request, Sent};
use serde_json::Value;
use url::Url;

/// What a call came to.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A complete answer.
    Answer {
        /// The status.
        status: u16,
        /// The body; null when it is no JSON.
        body: Value,
    },
    /// It certainly did not arrive.
    NotSent,
    /// Nobody knows.
    Lost,
}

/// A client that sends nothing twice.
#[derive(Clone)]
pub(crate) struct Calls(Client);

impl Calls {
    pub(crate) fn new() -> Result<Self> {
        let config = ClientConfig {
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(3),
            max_answer_bytes: 512 * 1024 * 1024,
            ..ClientConfig::default()
        };
        Ok(Self(Client::new(config).context("cannot set up the HTTP client")?))
    }

    pub(crate) async fn get(&self, url: &str, key: &str) -> Reply {
        self.call("GET", url, key, None).await
    }

    pub(crate) async fn post(&self, url: &str, key: &str, body: &Value) -> Reply {
        self.call("POST", url, key, Some(body)).await
    }

    pub(crate) async fn delete(&self, url: &str) -> Reply {
        self.call("DELETE", url, "", None).await
    }

    /// The body of an answer that has to be a good one.
    pub(crate) async fn get_good(&self, url: &str, key: &str) -> Result<Value> {
        match self.get(url, key).await {
            Reply::Answer { status: 200, body } => Ok(body),
            other => bail!("GET {url}: {other:?}"),
        }
    }

    async fn call(&self, method: &str, url: &str, key: &str, body: Option<&Value>) -> Reply {
        let Some((method, url)) = method.parse().ok().zip(Url::parse(url).ok()) else {
            return Reply::NotSent;
        };
        let mut request = Request::new(method, url);
        if !key.is_empty() {
            request = request.bearer(key);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        match self.0.send(request).await {
            Ok(answer) => Reply::Answer {
                status: answer.status,
                body: serde_json::from_slice(&answer.body).unwrap_or_default(),
            },
            Err(error) if error.sent == Sent::No => Reply::NotSent,
            Err(_) => Reply::Lost,
        }
    }
}
