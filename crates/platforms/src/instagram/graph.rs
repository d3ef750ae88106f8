//! Calls of both hosts: addresses with the version in use, the token, and reading answers.

use connector::{CommitPermit, Cx, Failure, Internal};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::NAME;
use super::access::Access;
use super::errors::{classify, is_good};
use crate::facebook::graph::proof;

/// What is said of an address in the configuration that is none.
pub(super) fn unusable(key: &str, error: url::ParseError) -> Failure {
    Failure {
        internal: Internal::new(format!("host \"{key}\": {error}")),
        ..Failure::before_sending(
            Class::Transient,
            format!("This server's address for {NAME} is not usable."),
        )
    }
}

fn address(cx: &Cx<'_>, path: &str) -> Result<Url, Failure> {
    let key = Access::of(cx.credentials).host();
    cx.hosts.url(key, &format!("/{}{path}", cx.hosts.version())).map_err(|error| unusable(key, error))
}

/// Apps for Facebook Login may have to prove that they call themselves.
fn own_proof(cx: &Cx<'_>) -> Option<String> {
    let is_facebook = Access::of(cx.credentials) == Access::Facebook;
    proof(&cx.app.client_secret, &cx.credentials.access_token).filter(|_| is_facebook)
}

/// A GET of `path` with these parameters.
pub(super) fn get(cx: &Cx<'_>, path: &str, query: &[(&str, &str)]) -> Result<Request, Failure> {
    let mut url = address(cx, path)?;
    url.query_pairs_mut().extend_pairs(query);
    if let Some(proof) = own_proof(cx) {
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    Ok(Request::get(url).bearer(&cx.credentials.access_token))
}

/// A POST of these fields to `path`.
pub(super) fn post(cx: &Cx<'_>, path: &str, fields: &[(&str, &str)]) -> Result<Request, Failure> {
    let proof = own_proof(cx);
    let mut fields = fields.to_vec();
    fields.extend(proof.as_deref().map(|proof| ("appsecret_proof", proof)));
    Ok(Request::post(address(cx, path)?).bearer(&cx.credentials.access_token).form(&fields))
}

/// The answer to a request that may be repeated, whatever it says.
pub(super) async fn exchange(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// The good answer to a request that may be repeated.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    let answer = exchange(cx, request).await?;
    if is_good(&answer) { Ok(answer) } else { Err(classify(&answer, cx.now())) }
}

/// The answer to a publishing request, whatever it says.
pub(super) async fn send_commit(
    cx: &Cx<'_>,
    request: Request,
    permit: CommitPermit,
) -> Result<Answer, Failure> {
    cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))
}

pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}

/// The path of an edge of the account.
pub(super) fn edge(cx: &Cx<'_>, name: &str) -> String {
    format!("/{}/{name}", cx.account.platform_user_id)
}
