//! Calls to the Threads API: addresses with the version in them, the bearer, what comes back.

use connector::{Cx, Failure, Hosts, Internal};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;
use super::errors::classify;

/// An address of the versioned API.
pub(super) fn address(hosts: &Hosts, path: &str) -> Result<Url, Failure> {
    plain_address(hosts, &format!("/{}{path}", hosts.version()))
}

/// An address without a version: the token endpoints.
pub(super) fn plain_address(hosts: &Hosts, path: &str) -> Result<Url, Failure> {
    hosts.url("graph", path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"graph\": {error}")),
        ..Failure::before_sending(
            Class::Transient,
            format!("This server's address for {NAME} is not usable."),
        )
    })
}

/// Sends a request in the account's name, whatever comes back.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let request = request.bearer(&cx.credentials.access_token);
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// Asks for something that has to be there.
pub(super) async fn get<T: DeserializeOwned>(
    cx: &Cx<'_>,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let mut url = address(cx.hosts, path)?;
    url.query_pairs_mut().extend_pairs(query);
    let answer = send(cx, Request::get(url)).await?;
    if answer.is_success() { read(&answer) } else { Err(classify(&answer, cx.now())) }
}

pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
