//! One call to a Bluesky host. Knows addresses and how answers are read, no method's meaning.

use connector::{Cx, Failure, Hosts};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::{NAME, errors};

/// The host that serves the account: its own, or the common entry.
pub(super) fn service<'a>(cx: &'a Cx<'_>) -> &'a str {
    match &cx.account.service_url {
        Some(url) if !url.is_empty() => url.trim_end_matches('/'),
        Some(_) | None => entryway(cx.hosts),
    }
}

/// The host where sessions begin when nothing is known of the account yet.
pub(super) fn entryway(hosts: &Hosts) -> &str {
    hosts.base("entryway")
}

/// The address of method `nsid` on `host`.
pub(super) fn address(host: &str, nsid: &str, query: &[(&str, &str)]) -> Result<Url, Failure> {
    let mut url = Url::parse(&format!("{host}/xrpc/{nsid}")).map_err(|_| {
        Failure::before_sending(
            Class::PermissionMissing,
            "The address of the account's Bluesky host cannot be used; connect the account again.",
        )
    })?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// Sends a request that may be repeated, and reads its answer.
pub(super) async fn call<T: DeserializeOwned>(http: &net::Client, request: Request) -> Result<T, Failure> {
    let answer = http.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(errors::of_call(&answer));
    }
    read(&answer)
}

/// Reads a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
