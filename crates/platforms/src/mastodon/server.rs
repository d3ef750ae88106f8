//! The server where an account lives: which addresses are taken, and how it is called. The address
//! comes from the account's owner, so that it must not lead into this network: it is a name with TLS,
//! and a request to it leaves only if the name resolves to a public address. The one exception is a
//! server at the address that the operator configured, such as a sandbox.

use connector::{Cx, Failure, Hosts};
use domain::Class;
use http::Method;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::{Host, Url};

use super::NAME;
use super::spec::{SPEC, USUAL};

/// A server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Server {
    /// Its address, without a slash at its end.
    address: String,
    /// Whether the operator named its host, so that it may be anywhere.
    is_trusted: bool,
}

impl Server {
    /// The server that an owner entered: a name, an address, or a whole handle.
    pub(super) fn entered(text: &str, hosts: &Hosts) -> Result<Self, Failure> {
        let text = text.trim();
        let text = if text.contains("://") {
            text.to_owned()
        } else {
            let name = text.rsplit('@').next().unwrap_or(text);
            format!("https://{name}")
        };
        let url = Url::parse(&text).map_err(|_| unusable())?;
        let usual = hosts.base(USUAL);
        if SPEC.hosts.iter().any(|host| Url::parse(host.url).is_ok_and(|known| known.host() == url.host())) {
            return Ok(Self { address: usual.to_owned(), is_trusted: true });
        }
        if let Ok(known) = Url::parse(usual)
            && known.origin() == url.origin()
        {
            return Ok(Self { address: beside(&known, &url), is_trusted: true });
        }
        let named = match url.host() {
            Some(Host::Domain(name)) if name.contains('.') => name,
            _ => return Err(unusable()),
        };
        if url.scheme() != "https" || url.port().is_some() || !url.username().is_empty() {
            return Err(unusable());
        }
        Ok(Self { address: format!("https://{named}"), is_trusted: false })
    }

    /// The server of the account at hand.
    pub(super) fn of(cx: &Cx<'_>) -> Result<Self, Failure> {
        match cx.account.service_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => Self::entered(url, cx.hosts),
            None => Ok(Self { address: cx.hosts.base(USUAL).to_owned(), is_trusted: true }),
        }
    }

    /// The address, without a slash at its end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// The name, which tells accounts with the same number on different servers apart.
    pub(super) fn name(&self) -> &str {
        self.address.rsplit('/').next().unwrap_or(&self.address)
    }

    /// A request to `path` of this server.
    pub(super) fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Request, Failure> {
        let mut url = Url::parse(&format!("{}{path}", self.address)).map_err(|_| unusable())?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = Request::new(method, url);
        Ok(if self.is_trusted { request } else { request.guarded() })
    }
}

/// A request to the account's server, with its token.
pub(super) fn request(
    cx: &Cx<'_>,
    method: Method,
    path: &str,
    query: &[(&str, &str)],
) -> Result<Request, Failure> {
    let request = Server::of(cx)?.request(method, path, query)?;
    Ok(request.bearer(&cx.credentials.access_token))
}

/// Sends a request that may be repeated.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// Reads a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}

/// The number of an account on its server: what stands before the server's name in our key.
pub(super) fn account_number<'a>(cx: &'a Cx<'_>) -> &'a str {
    let key = &cx.account.platform_user_id;
    key.split_once('@').map_or(key, |(number, _)| number)
}

/// The address of a server on the host that the operator named. In a sandbox there are several, and
/// the first segment of the path is the server's name.
fn beside(known: &Url, url: &Url) -> String {
    let first =
        |url: &Url| url.path_segments().and_then(|mut segments| segments.next()).unwrap_or("").to_owned();
    let name = if first(known).is_empty() { String::new() } else { format!("/{}", first(url)) };
    format!("{}{name}", url.origin().ascii_serialization())
}

fn unusable() -> Failure {
    let public = "That is no public Mastodon server; enter its name, such as mastodon.social.";
    Failure::before_sending(Class::PermissionMissing, public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, hosts: &Hosts, expect: Option<(&str, bool)>) {
        let server = Server::entered(text, hosts).ok();
        let found = server.as_ref().map(|server| (server.address(), server.is_trusted));
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn a_server_is_entered_by_name_address_or_handle() {
        let hosts = Hosts::real(&SPEC);
        for text in
            ["birch.example", " https://birch.example/ ", "@ana@birch.example", "https://birch.example/@ana"]
        {
            check(text, &hosts, Some(("https://birch.example", false)));
        }
        check("Mastodon.social", &hosts, Some(("https://mastodon.social", true)));
    }

    #[test]
    fn a_server_must_not_lead_inside() {
        let hosts = Hosts::real(&SPEC);
        for text in [
            "http://birch.example",
            "https://127.0.0.1",
            "https://[::1]/",
            "https://0x7f.1",
            "localhost",
            "https://intranet",
            "https://birch.example:8443",
            "https://ana:secret@birch.example",
            "file:///etc/passwd",
            "",
        ] {
            check(text, &hosts, None);
        }
        let guarded = Server::entered("birch.example", &hosts).unwrap();
        assert!(guarded.request(Method::GET, "/api/v2/instance", &[]).unwrap().guarded);
    }

    #[test]
    fn a_sandbox_is_where_the_operator_says() {
        let hosts = Hosts::sandbox(&SPEC, "http://127.0.0.1:9090");
        let inside = "http://127.0.0.1:9090/mastodon.online";
        check(inside, &hosts, Some((inside, true)));
        check("mastodon.social", &hosts, Some(("http://127.0.0.1:9090/mastodon.social", true)));
        check("http://127.0.0.1:9091/mastodon.online", &hosts, None);
        let mut own = Hosts::real(&SPEC);
        own.set(USUAL, "https://birch.internal:8443");
        check("https://birch.internal:8443/@ana", &own, Some(("https://birch.internal:8443", true)));
        let server = Server::entered(inside, &hosts).unwrap();
        assert_eq!(server.name(), "mastodon.online");
        assert!(!server.request(Method::GET, "/", &[]).unwrap().guarded);
    }
}
