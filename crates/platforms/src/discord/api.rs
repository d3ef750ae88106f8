//! One call to a webhook. Knows addresses and how answers are read. Keeps the webhook's token, which
//! is part of every address, out of everything that could be logged.

use bytes::Bytes;
use connector::{Failure, Hosts};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;

/// Without a version in the path, old answers come; the newest is not the usual one.
const VERSION: &str = "v10";
/// Requests of programs that do not name themselves like this may be blocked.
const AGENT: &str =
    concat!("DiscordBot (https://github.com/fanfare-social/fanfare, ", env!("CARGO_PKG_VERSION"), ")");

/// The address of a webhook.
pub(super) fn address(hosts: &Hosts, id: &str, token: &str) -> Result<Url, Failure> {
    hosts.url("api", &format!("/api/{VERSION}/webhooks/{id}/{token}")).map_err(|_| {
        Failure::before_sending(
            Class::PermissionMissing,
            "The address of Discord's API cannot be used; check the configuration.",
        )
    })
}

/// The same request, from somebody who says who it is.
pub(super) fn named(request: Request) -> Request {
    request.header("user-agent", AGENT)
}

/// Reads a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}

/// The same answer, fit for a log: a webhook's own answer holds its token and its address.
pub(super) fn without_token(answer: Answer, token: &str) -> Answer {
    if token.is_empty() || !answer.body.windows(token.len()).any(|part| part == token.as_bytes()) {
        return answer;
    }
    let text = String::from_utf8_lossy(&answer.body).replace(token, "***");
    Answer { body: Bytes::from(text), ..answer }
}
