//! One call to Pinterest. Knows addresses and how answers are read, no call's meaning.

use connector::{Cx, Failure, Hosts, Internal};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;
use super::errors::classify;

/// The address of `path` of the API.
pub(super) fn address(hosts: &Hosts, path: &str, query: &[(&str, &str)]) -> Result<Url, Failure> {
    let mut url = hosts.url("api", &format!("/v5{path}")).map_err(|error| Failure {
        internal: Internal::new(format!("host \"api\": {error}")),
        ..Failure::before_sending(Class::Transient, "This server's address for Pinterest is not usable.")
    })?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// Sends a request that may be repeated, with the account's token.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let request = request.bearer(&cx.credentials.access_token);
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// Asks for something that is there.
pub(super) async fn get<T: DeserializeOwned>(
    cx: &Cx<'_>,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let answer = send(cx, Request::get(address(cx.hosts, path, query)?)).await?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    read(&answer)
}

/// Reads a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
