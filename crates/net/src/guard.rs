//! The HTTP client for addresses that users give: it reaches the public internet and nothing else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::client::{Answer, Client, ClientConfig, Request, SendError, Sent};
use crate::download::{Download, DownloadError, Resume};
use crate::hook::Hook;

/// Limits of a [`GuardedClient`].
#[derive(Clone, Debug)]
pub struct GuardedConfig {
    /// How long a fetch may take, redirects included.
    pub timeout: Duration,
    /// How long a request of [`GuardedClient::send`] may take, unless it says otherwise.
    pub send_timeout: Duration,
    /// How long a download may bring nothing.
    pub idle_timeout: Duration,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// Lets private and loopback addresses through: for self-hosters' own networks and the sandbox.
    pub allow_private_networks: bool,
}

impl Default for GuardedConfig {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            send_timeout: ClientConfig::default().timeout,
            idle_timeout: Duration::from_secs(30),
            max_redirects: 4,
            allow_private_networks: false,
        }
    }
}

/// Fetches user-given addresses. The resolved address is checked when the connection is made, and
/// again for every redirect.
#[derive(Clone, Debug)]
pub struct GuardedClient {
    inner: reqwest::Client,
    sender: Client,
    config: GuardedConfig,
}

const REFUSED_ADDRESS: &str = "the address is not public";

/// What happens to a file that is longer than was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excess {
    Refuse,
    LeaveUnread,
}

/// A fetched file.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address it came from after redirects.
    pub url: Url,
    /// The `Content-Type`, without parameters, lower case; empty if none was sent.
    pub content_type: String,
    /// The body.
    pub bytes: Bytes,
}

impl GuardedClient {
    /// A client with these limits.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn new(config: GuardedConfig) -> Result<Self, SendError> {
        #[expect(clippy::disallowed_methods, reason = "this is the owner of outgoing HTTP")]
        let inner = reqwest::Client::builder()
            .user_agent(concat!("fanfare/", env!("CARGO_PKG_VERSION"), " (link preview)"))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(PublicResolver { allow_private: config.allow_private_networks })
            .build()
            .map_err(|error| refused(&error.to_string()))?;
        let sender = Client::new(ClientConfig {
            timeout: config.send_timeout,
            allow_private_networks: config.allow_private_networks,
            ..ClientConfig::default()
        })?;
        Ok(Self { inner, sender, config })
    }

    /// The same client with a test's hook on every request of [`GuardedClient::send`].
    #[must_use]
    pub fn with_hook(mut self, hook: Arc<dyn Hook>) -> Self {
        self.sender = self.sender.with_hook(hook);
        self
    }

    /// Whether private and loopback addresses are let through.
    pub fn allows_private_networks(&self) -> bool {
        self.config.allow_private_networks
    }

    /// Refuses an address that can be seen to lead nowhere public. What a name resolves to is checked
    /// when the connection is made.
    ///
    /// # Errors
    /// With the reason.
    pub fn check_address(&self, url: &Url) -> Result<(), SendError> {
        check_address(url, self.config.allow_private_networks)
    }

    /// Sends once and reads the whole answer, as [`Client::send`] does: no redirect is followed,
    /// nothing is sent twice.
    ///
    /// # Errors
    /// When the address is not public, or no complete answer came.
    pub async fn send(&self, request: Request) -> Result<Answer, SendError> {
        self.sender.send(request.guarded()).await
    }

    /// Fetches `url` with GET, at most `max_bytes` of it.
    ///
    /// # Errors
    /// When the address is not public, the answer is not 2xx, too long or too slow.
    pub async fn fetch(&self, url: &Url, max_bytes: usize) -> Result<Fetched, SendError> {
        self.within_time(self.follow(url.clone(), max_bytes, Excess::Refuse)).await
    }

    /// Fetches the beginning of `url`: what lies beyond `max_bytes` is left unread.
    ///
    /// # Errors
    /// As [`GuardedClient::fetch`], but never because of the length.
    pub async fn fetch_beginning(&self, url: &Url, max_bytes: usize) -> Result<Fetched, SendError> {
        self.within_time(self.follow(url.clone(), max_bytes, Excess::LeaveUnread)).await
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.inner
    }

    async fn within_time(
        &self,
        fetch: impl Future<Output = Result<Fetched, SendError>>,
    ) -> Result<Fetched, SendError> {
        match tokio::time::timeout(self.config.timeout, fetch).await {
            Ok(outcome) => outcome,
            Err(_) => Err(refused("timed out")),
        }
    }

    /// Opens `url` with GET, to be read piece by piece; with `from`, from that byte on, if the file
    /// still is the one that `validator` names.
    ///
    /// # Errors
    /// When the address is not public, the server does not answer in time, or not with the file.
    pub async fn open(&self, url: &Url, resume: Option<&Resume>) -> Result<Download, DownloadError> {
        let opening = self.answer(url.clone(), asked(resume));
        let (url, answer) = match tokio::time::timeout(self.config.idle_timeout, opening).await {
            Ok(outcome) => outcome?,
            Err(_) => return Err(DownloadError::passing("the server did not answer in time")),
        };
        Download::of(url, answer, resume, self.config.idle_timeout)
    }

    async fn follow(&self, url: Url, max_bytes: usize, excess: Excess) -> Result<Fetched, SendError> {
        let answered = self.answer(url, HeaderMap::new()).await;
        let (url, answer) = answered.map_err(|error| refused(&error.reason))?;
        if !answer.status().is_success() {
            return Err(refused(&format!("status {}", answer.status().as_u16())));
        }
        let content_type = content_type(&answer);
        let mut bytes = BytesMut::new();
        let mut chunks = answer.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| refused(&error.without_url().to_string()))?;
            let room = max_bytes - bytes.len();
            if chunk.len() <= room {
                bytes.extend_from_slice(&chunk);
                continue;
            }
            if excess == Excess::Refuse {
                return Err(refused("too large"));
            }
            bytes.extend_from_slice(&chunk[..room]);
            break;
        }
        Ok(Fetched { url, content_type, bytes: bytes.freeze() })
    }

    /// The first answer that is no redirect, and the address that it came from.
    async fn answer(
        &self,
        mut url: Url,
        headers: HeaderMap,
    ) -> Result<(Url, reqwest::Response), DownloadError> {
        for _ in 0..=self.config.max_redirects {
            self.check_address(&url).map_err(|error| DownloadError::lasting(error.reason))?;
            let request = self.inner.get(url.clone()).headers(headers.clone());
            let answer = request.send().await.map_err(|error| {
                let reason = why(error);
                DownloadError { may_pass: reason != REFUSED_ADDRESS, ..DownloadError::lasting(reason) }
            })?;
            if !answer.status().is_redirection() {
                return Ok((url, answer));
            }
            let next = answer
                .headers()
                .get("location")
                .and_then(|value| value.to_str().ok())
                .and_then(|location| url.join(location).ok());
            url = next.ok_or_else(|| DownloadError::lasting("redirect without a usable location"))?;
        }
        Err(DownloadError::lasting("too many redirects"))
    }
}

/// A resolver never sees an address that is written as a number, so those are checked here.
pub(crate) fn check_address(url: &Url, allow_private: bool) -> Result<(), SendError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("only http and https are fetched"));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        Some(Host::Domain(_)) => None,
        None => return Err(refused("no host")),
    };
    match literal {
        Some(address) if !allow_private && !is_public(address) => Err(refused(REFUSED_ADDRESS)),
        Some(_) | None => Ok(()),
    }
}

/// The media type that an answer names, without parameters, lower case; empty if it names none.
pub(crate) fn content_type(answer: &reqwest::Response) -> String {
    let named = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    named.map(|value| value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()).unwrap_or_default()
}

/// The innermost cause says what happened; the outer ones only name the layers.
pub(crate) fn why(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// What a download asks for: the bytes as they are, and only the rest of them where some are there.
fn asked(resume: Option<&Resume>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("accept-encoding", HeaderValue::from_static("identity"));
    if let Some(resume) = resume {
        let range = HeaderValue::from_str(&format!("bytes={}-", resume.from));
        let validator = resume.validator.as_deref().map(HeaderValue::from_str);
        if let (Ok(range), Some(Ok(validator))) = (range, validator) {
            headers.insert("range", range);
            headers.insert("if-range", validator);
        }
    }
    headers
}

fn refused(reason: &str) -> SendError {
    SendError { sent: Sent::No, reason: reason.to_owned(), died: false }
}

/// Resolves names to public addresses only.
pub(crate) struct PublicResolver {
    pub(crate) allow_private: bool,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|address| allow_private || is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err(REFUSED_ADDRESS.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Ranges that are not the public internet: RFC 6890 and its updates, cloud metadata included
/// (169.254.0.0/16), and the IPv6 ranges that carry IPv4 addresses inside.
static NOT_PUBLIC: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "::ffff:0:0:0/96",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ]
    .iter()
    .filter_map(|net| net.parse().ok())
    .collect()
});

fn is_public(address: IpAddr) -> bool {
    let address = match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => match v6.segments() {
                // IPv4-compatible addresses (::a.b.c.d) are deprecated and still routed by some.
                [0, 0, 0, 0, 0, 0, high, low] if high != 0 => {
                    let [a, b] = high.to_be_bytes();
                    let [c, d] = low.to_be_bytes();
                    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
                }
                _ => IpAddr::V6(v6),
            },
        },
        IpAddr::V4(_) => address,
    };
    !NOT_PUBLIC.iter().any(|net| net.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inside_of_a_network_is_not_public() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.31.255.255",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fd00::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a9fe:a9fe",
            "::ffff:0:127.0.0.1",
            "::ffff:169.254.169.254",
            "fd00:ec2::254",
            "100.127.255.254",
            "2002:7f00:1::",
            "224.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "93.184.216.34", "2606:4700::1111"] {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[tokio::test]
    async fn a_body_arrives_as_it_is_fed_and_breaks_off_with_its_feed() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let server = tokio::spawn(async move {
            let mut heard = Vec::new();
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"end")
                    && stream.read_buf(&mut request).await.is_ok_and(|read| read > 0)
                {}
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
                heard.push(String::from_utf8(request).unwrap().to_lowercase());
            }
            heard
        });
        let config = GuardedConfig { allow_private_networks: true, ..GuardedConfig::default() };
        let client = GuardedClient::new(config).unwrap();
        let (feed, body) = crate::feed(10);
        let sending = client.send(Request::post(url.clone()).fed(body, "text/plain"));
        let feeding = async {
            for piece in ["one ", "two", "end"] {
                assert!(feed.push(Bytes::from(piece)).await);
            }
            drop(feed);
        };
        let (answer, ()) = futures_util::future::join(sending, feeding).await;
        assert_eq!(answer.unwrap().status, 204);
        let (feed, body) = crate::feed(10);
        let sending = client.send(Request::post(url).fed(body, "text/plain"));
        let breaking = async {
            assert!(feed.push(Bytes::from("one ")).await);
            drop(feed);
        };
        let (broken, ()) = futures_util::future::join(sending, breaking).await;
        assert_eq!(broken.unwrap_err().sent, Sent::Maybe);
        let heard = server.await.unwrap();
        assert!(heard[0].contains("content-length: 10") && heard[0].ends_with("one twoend"), "{}", heard[0]);
        assert!(!heard[0].contains("transfer-encoding"), "{}", heard[0]);
        assert!(!heard[1].ends_with("end"), "{}", heard[1]);
    }

    #[tokio::test]
    async fn numbers_in_disguise_are_refused_before_a_connection_is_made() {
        let client = GuardedClient::new(GuardedConfig::default()).unwrap();
        for text in [
            "http://127.0.0.1/",
            "http://0x7f.1/",
            "http://2130706433/",
            "http://[::1]/",
            "http://localhost/",
        ] {
            let url = Url::parse(text).unwrap();
            let error = client.fetch(&url, 100).await.unwrap_err();
            assert_eq!(error.sent, Sent::No, "{text}");
            let error = client.send(Request::post(url)).await.unwrap_err();
            assert_eq!(error.sent, Sent::No, "{text}");
            assert!(error.reason.contains("not public"), "{text}: {}", error.reason);
        }
    }
}
