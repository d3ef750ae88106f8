//! The HTTP client for platforms. It never follows a redirect and never sends anything twice.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use domain::causes::and_causes;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use crate::feed::Fed;
use crate::guard::{PublicResolver, check_address};
use crate::hook::{Fate, Hook};

/// Whether a request reached the other side, as far as this side can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not: no connection was made.
    No,
    /// Perhaps: it was on its way, and no readable answer came.
    Maybe,
    /// Yes, and a complete answer came back.
    Answered,
}

/// A request to a platform.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The full address.
    pub url: Url,
    /// Headers besides the ones that the body brings.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// How long sending and reading the answer may take together; `None` is the client's default.
    pub timeout: Option<Duration>,
    /// Whether it goes to an address that a user gave, and so to the public internet only.
    pub guarded: bool,
}

/// A request's body.
#[derive(Clone, Debug)]
pub enum Body {
    /// None.
    Empty,
    /// Bytes with their content type.
    Bytes(Bytes, String),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
    /// Bytes that come while they are sent, with their content type.
    Fed(Fed, String),
}

/// One part of a multipart body.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file name, for file fields.
    pub file_name: Option<String>,
    /// The content type, for file fields.
    pub content_type: Option<String>,
    /// The value.
    pub bytes: Bytes,
}

impl Request {
    /// A request without headers or body.
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: Body::Empty, timeout: None, guarded: false }
    }

    /// A GET.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST without a body.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Adds a header. A value that HTTP cannot carry is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(name.eq_ignore_ascii_case("authorization"));
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Adds `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(mut self, value: &impl serde::Serialize) -> Self {
        // Only maps with non-text keys fail to serialise, and no wire type has them.
        let bytes = serde_json::to_vec(value).unwrap_or_default();
        self.body = Body::Bytes(bytes.into(), "application/json".to_owned());
        self
    }

    /// Sets an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = Body::Bytes(text.into(), "application/x-www-form-urlencoded".to_owned());
        self
    }

    /// Sets a body of raw bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: Bytes, content_type: &str) -> Self {
        self.body = Body::Bytes(bytes, content_type.to_owned());
        self
    }

    /// Sets a body that comes while it is sent.
    #[must_use]
    pub fn fed(mut self, body: Fed, content_type: &str) -> Self {
        self.body = Body::Fed(body, content_type.to_owned());
        self
    }

    /// Sets a multipart body.
    #[must_use]
    pub fn multipart(mut self, parts: Vec<Part>) -> Self {
        self.body = Body::Multipart(parts);
        self
    }

    /// Marks an address that a user gave, such as the server where an account lives: the request
    /// leaves only if the address that its name resolves to is public.
    #[must_use]
    pub fn guarded(mut self) -> Self {
        self.guarded = true;
        self
    }

    /// Sets the time limit.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
}

/// A complete answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, read to its end.
    pub body: Bytes,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A request that ended without a complete answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer ({reason})")]
pub struct SendError {
    /// Whether it may have reached the other side.
    pub sent: Sent,
    /// What happened, in words fit for a log.
    pub reason: String,
    /// Set only by a test's hook: the process is to be taken for dead here.
    pub died: bool,
}

/// Limits of a [`Client`].
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// The `User-Agent`.
    pub user_agent: String,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a request may take, unless it says otherwise.
    pub timeout: Duration,
    /// The largest answer that is read.
    pub max_answer_bytes: usize,
    /// Lets guarded requests reach private and loopback addresses: for self-hosters' own networks.
    pub allow_private_networks: bool,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            user_agent: concat!("fanfare/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            max_answer_bytes: 16 * 1024 * 1024,
            allow_private_networks: false,
        }
    }
}

/// The HTTP client for platforms, with connections kept alive between requests.
#[derive(Clone)]
pub struct Client {
    inner: reqwest::Client,
    guarded: reqwest::Client,
    config: ClientConfig,
    hook: Option<Arc<dyn Hook>>,
}

impl Client {
    /// A client with these limits.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(config: ClientConfig) -> Result<Self, SendError> {
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| SendError { sent: Sent::No, reason: chain(&error), died: false })
        };
        let resolver = PublicResolver { allow_private: config.allow_private_networks };
        let inner = build(builder(&config))?;
        let guarded = build(builder(&config).dns_resolver(resolver))?;
        Ok(Self { inner, guarded, config, hook: None })
    }

    /// The same client with a test's hook on every request.
    #[must_use]
    pub fn with_hook(mut self, hook: Arc<dyn Hook>) -> Self {
        self.hook = Some(hook);
        self
    }

    /// The longest that one request can take: a worker's lease must outlive it.
    pub fn timeout(&self) -> Duration {
        self.config.timeout
    }

    /// Sends once and reads the whole answer.
    ///
    /// # Errors
    /// When no complete answer came; [`SendError::sent`] tells what that means.
    pub async fn send(&self, request: Request) -> Result<Answer, SendError> {
        let fate = self.hook.as_ref().map_or(Fate::Pass, |hook| hook.fate(&request));
        let lost = |sent, died| SendError { sent, reason: "stopped by a test".to_owned(), died };
        match fate {
            Fate::NeverSent => return Err(lost(Sent::No, false)),
            Fate::DieBefore => return Err(lost(Sent::No, true)),
            Fate::Pass | Fate::AnswerLost | Fate::DieAfter => {}
        }
        let answer = self.exchange(request).await;
        match fate {
            Fate::AnswerLost => Err(lost(Sent::Maybe, false)),
            Fate::DieAfter => Err(lost(Sent::Maybe, true)),
            Fate::Pass | Fate::NeverSent | Fate::DieBefore => answer,
        }
    }

    async fn exchange(&self, request: Request) -> Result<Answer, SendError> {
        let Request { method, url, headers, body, timeout, guarded } = request;
        let client = if guarded {
            check_address(&url, self.config.allow_private_networks)?;
            &self.guarded
        } else {
            &self.inner
        };
        let mut outgoing =
            client.request(method, url).headers(headers).timeout(timeout.unwrap_or(self.config.timeout));
        outgoing = match body {
            Body::Empty => outgoing,
            Body::Bytes(bytes, content_type) => outgoing.header("content-type", content_type).body(bytes),
            Body::Multipart(parts) => outgoing.multipart(form(parts)?),
            Body::Fed(body, content_type) => {
                let pieces = body.take().ok_or_else(|| SendError {
                    sent: Sent::No,
                    reason: "the body was sent before".to_owned(),
                    died: false,
                })?;
                let pieces = futures_util::stream::unfold(pieces, |mut pieces| async {
                    Some((pieces.recv().await.map(Ok::<_, std::io::Error>)?, pieces))
                });
                outgoing
                    .header("content-type", content_type)
                    .header("content-length", body.size_bytes)
                    .body(reqwest::Body::wrap_stream(pieces))
            }
        };
        let answer = outgoing.send().await.map_err(|error| lost(&error))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let mut body = BytesMut::new();
        let mut chunks = answer.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| SendError { sent: Sent::Maybe, ..lost(&error) })?;
            if body.len() + chunk.len() > self.config.max_answer_bytes {
                let reason = format!("answer over {} bytes", self.config.max_answer_bytes);
                return Err(SendError { sent: Sent::Maybe, reason, died: false });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.freeze() })
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}

fn builder(config: &ClientConfig) -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "this is the owner of outgoing HTTP")]
    let builder = reqwest::Client::builder();
    builder
        .user_agent(&config.user_agent)
        .connect_timeout(config.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .pool_idle_timeout(Duration::from_mins(1))
        .tcp_nodelay(true)
}

fn form(parts: Vec<Part>) -> Result<reqwest::multipart::Form, SendError> {
    let mut form = reqwest::multipart::Form::new();
    for part in parts {
        let length = u64::try_from(part.bytes.len()).unwrap_or(u64::MAX);
        let mut value = reqwest::multipart::Part::stream_with_length(part.bytes, length);
        if let Some(name) = part.file_name {
            value = value.file_name(name);
        }
        if let Some(content_type) = part.content_type {
            value = value.mime_str(&content_type).map_err(|error| SendError {
                sent: Sent::No,
                reason: chain(&error),
                died: false,
            })?;
        }
        form = form.part(part.name, value);
    }
    Ok(form)
}

/// A failure to connect is the one proof that nothing was sent; everything later is a maybe.
fn lost(error: &reqwest::Error) -> SendError {
    let sent = if error.is_connect() || error.is_builder() { Sent::No } else { Sent::Maybe };
    SendError { sent, reason: chain(error), died: false }
}

/// The error with its causes, without the address: it may carry a token.
fn chain(error: &reqwest::Error) -> String {
    let text = if error.is_timeout() { "timed out" } else { "request failed" };
    and_causes(text.to_owned(), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_guarded_request_does_not_reach_the_inside_of_the_network() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = Client::new(ClientConfig::default()).unwrap();
        for host in ["127.0.0.1", "[::1]", "localhost", "0x7f.1"] {
            let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
            let error = client.send(Request::get(url).guarded()).await.unwrap_err();
            assert_eq!(error.sent, Sent::No, "{host}");
        }
        let nobody_came = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
        assert!(nobody_came.is_err());
    }
}
