//! A server that runs elsewhere: where it is, and the key that is used there.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use net::{Client, ClientConfig};
use url::Url;

/// Where a server listens if nothing else is said.
const USUAL: &str = "http://127.0.0.1:8080";

/// A server and a key of it.
pub(crate) struct Server {
    /// The API's root, without a slash at its end.
    pub(crate) root: String,
    /// The key.
    pub(crate) key: String,
}

/// The server that `FANFARE_URL` and `FANFARE_API_KEY` name.
pub(crate) fn server() -> Result<Server> {
    let address = variable("FANFARE_URL").unwrap_or_else(|| USUAL.to_owned());
    let Some(key) = variable("FANFARE_API_KEY") else {
        bail!(
            "FANFARE_API_KEY is not set; make a key with `fanfare key create` and put it into the \
             environment of this command"
        );
    };
    let root = root_of(&address).with_context(|| format!("FANFARE_URL: \"{address}\" is not an address"))?;
    Ok(Server { root, key })
}

/// A client for calls that take no longer than this.
pub(crate) fn client(name: &str, longest_call: Duration) -> Result<Client> {
    let config = ClientConfig {
        user_agent: format!("{name}/{}", env!("CARGO_PKG_VERSION")),
        timeout: longest_call,
        ..ClientConfig::default()
    };
    Client::new(config).context("cannot set up the HTTP client")
}

/// The API's root, whether or not the address has its path already.
fn root_of(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    let host = url.as_str().trim_end_matches('/');
    let host = host.strip_suffix("/api/v1").unwrap_or(host);
    Some(format!("{host}/api/v1"))
}

#[expect(clippy::disallowed_methods, reason = "clients are told where to go by the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_api_with_or_without_its_path() {
        for address in ["https://a.example", "https://a.example/", " https://a.example/api/v1/ "] {
            assert_eq!(root_of(address).as_deref(), Some("https://a.example/api/v1"));
        }
        for address in ["", "a.example", "ftp://a.example", "localhost:8080"] {
            assert_eq!(root_of(address), None);
        }
    }
}
