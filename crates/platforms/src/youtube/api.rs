//! Calls of the API: addresses, the token, reading answers.

use connector::{Cx, Failure, Hosts, Internal};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;
use super::errors::classify;

/// `path` on the host `key`.
pub(super) fn address(hosts: &Hosts, key: &str, path: &str) -> Result<Url, Failure> {
    hosts.url(key, path).map_err(|error| unusable(&format!("host \"{key}\": {error}")))
}

/// What is said of an address that is none.
pub(super) fn unusable(why: &str) -> Failure {
    Failure {
        internal: Internal::new(why),
        ..Failure::before_sending(Class::Transient, format!("An address for {NAME} is not usable."))
    }
}

/// Sends a request that may be repeated, with the account's token.
pub(super) async fn exchange(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let request = request.bearer(&cx.credentials.access_token);
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// A GET of `path` with these parameters, read.
pub(super) async fn get<T: DeserializeOwned>(
    cx: &Cx<'_>,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let mut url = address(cx.hosts, "api", path)?;
    url.query_pairs_mut().extend_pairs(query);
    let answer = exchange(cx, Request::get(url)).await?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    read(&answer)
}

/// The body of a good answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
