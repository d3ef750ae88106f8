//! `fanfare mcp`: the tools over standard input and output, for a server that runs elsewhere.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use mcp::{Answer, Api, Ask, NoAnswer, Pending};
use net::{Client, ClientConfig, Request};
use url::Url;

/// Pictures take their time, and so do imports.
const LONGEST_CALL: Duration = Duration::from_mins(3);
/// Where a server listens if nothing else is said.
const USUAL: &str = "http://127.0.0.1:8080";

/// The API of a server elsewhere, and the key that is used there.
pub(super) struct Remote {
    http: Client,
    /// Without a slash at its end.
    root: String,
    key: String,
}

impl Api for Remote {
    fn ask<'a>(&'a self, ask: Ask, _: Option<&'a str>) -> Pending<'a> {
        Box::pin(async move {
            let address = format!("{}{}", self.root, ask.path);
            let url = Url::parse(&address).map_err(|error| NoAnswer(format!("{address}: {error}")))?;
            let mut request = Request::new(ask.method, url).bearer(&self.key);
            if let Some(body) = &ask.body {
                request = request.json(body);
            }
            match self.http.send(request).await {
                Ok(answer) => Ok(Answer { status: answer.status, body: answer.body }),
                Err(error) => Err(NoAnswer(format!("The server at {} does not answer: {error}.", self.root))),
            }
        })
    }
}

pub(crate) async fn run() -> Result<()> {
    mcp::serve_stdio(Arc::new(remote(concat!("fanfare-mcp/", env!("CARGO_PKG_VERSION")))?))
        .await
        .context("the MCP server")
}

/// The server that the environment names.
pub(super) fn remote(user_agent: &str) -> Result<Remote> {
    let address = variable("FANFARE_URL").unwrap_or_else(|| USUAL.to_owned());
    let Some(key) = variable("FANFARE_API_KEY") else {
        bail!(
            "FANFARE_API_KEY is not set; make a key with `fanfare key create` and put it into the \
             environment of this command"
        );
    };
    let root = root_of(&address).with_context(|| format!("FANFARE_URL: \"{address}\" is not an address"))?;
    let config =
        ClientConfig { user_agent: user_agent.to_owned(), timeout: LONGEST_CALL, ..ClientConfig::default() };
    let http = Client::new(config).context("cannot set up the HTTP client")?;
    Ok(Remote { http, root, key })
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
