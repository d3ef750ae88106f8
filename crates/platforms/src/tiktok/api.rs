//! Calls to the TikTok API: addresses, the bearer, and answers that say in their body whether it
//! worked, whatever their status is.

use connector::{Cx, Failure, Hosts, Internal};
use domain::Class;
use net::{Answer, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;
use super::errors::{classify, is_ok};
use super::wire::Envelope;

/// An address of the API. The slash at a path's end belongs to it.
pub(super) fn address(hosts: &Hosts, path: &str) -> Result<Url, Failure> {
    hosts.url("api", path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"api\": {error}")),
        ..Failure::before_sending(
            Class::Transient,
            format!("This server's address for {NAME} is not usable."),
        )
    })
}

/// A request in the account's name.
pub(super) fn request(cx: &Cx<'_>, path: &str, body: &impl Serialize) -> Result<Request, Failure> {
    // Only maps with non-text keys fail to serialise, and no wire type has them.
    let body = serde_json::to_vec(body).unwrap_or_default();
    let request = Request::post(address(cx.hosts, path)?).bearer(&cx.credentials.access_token);
    Ok(request.bytes(body.into(), "application/json; charset=UTF-8"))
}

/// Asks for something, or does something that may be repeated.
pub(super) async fn call<T: DeserializeOwned>(
    cx: &Cx<'_>,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let answer = send(cx, request(cx, path, body)?).await?;
    if is_ok(&answer) { read(&answer) } else { Err(classify(&answer, cx.now())) }
}

/// Sends a request that may be repeated, whatever comes back.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// The data of an answer that says that it worked.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    let envelope: Envelope<T> =
        serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))?;
    Ok(envelope.data)
}

/// The same answer without its body, for a failure that is told of one that may hold a secret.
pub(super) fn without_body(answer: &Answer) -> Answer {
    Answer { body: bytes::Bytes::new(), ..answer.clone() }
}
