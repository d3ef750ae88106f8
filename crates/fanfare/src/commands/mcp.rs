//! `fanfare mcp`: the tools over standard input and output, for a server that runs elsewhere.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use mcp::{Answer, Api, Ask, NoAnswer, Pending};
use net::{Client, Request};
use url::Url;

use crate::remote::{self, Server};

/// Pictures take their time, and so do imports.
const LONGEST_CALL: Duration = Duration::from_mins(3);

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
            if let Some(body) = ask.body {
                let (kind, bytes) = body.into_bytes();
                request = request.bytes(bytes, kind);
            }
            match self.http.send(request).await {
                Ok(answer) => Ok(Answer { status: answer.status, body: answer.body }),
                Err(error) => Err(NoAnswer(format!("The server at {} does not answer: {error}.", self.root))),
            }
        })
    }
}

pub(crate) async fn run() -> Result<()> {
    mcp::serve_stdio(Arc::new(remote("fanfare-mcp")?)).await.context("the MCP server")
}

/// The server that the environment names, called as `program`.
pub(super) fn remote(program: &str) -> Result<Remote> {
    let Server { root, key } = remote::server()?;
    let http = remote::client(program, LONGEST_CALL)?;
    Ok(Remote { http, root, key })
}
