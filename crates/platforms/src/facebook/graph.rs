//! Calls of the Graph API: addresses with the version in use, the token, the proof that goes with
//! it, and reading answers.

use std::time::Duration;

use connector::{CommitPermit, Cx, Failure, Form, Internal};
use domain::Class;
use hmac::{Hmac, KeyInit as _, Mac as _};
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use super::NAME;
use super::errors::{classify, is_good};

/// `path` on the host `key`, below the version in use.
pub(super) fn address(cx: &Cx<'_>, key: &str, path: &str) -> Result<Url, Failure> {
    cx.hosts.url(key, &format!("/{}{path}", cx.hosts.version())).map_err(|error| unusable(key, error))
}

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

/// HMAC-SHA256 of the token under the app's secret, in hex: shows that the app itself calls. Without
/// a secret there is none.
pub(crate) fn proof(secret: &str, token: &str) -> Option<String> {
    use std::fmt::Write as _;
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(token.as_bytes());
    Some(mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

fn own_proof(cx: &Cx<'_>) -> Option<String> {
    proof(&cx.app.client_secret, &cx.credentials.access_token)
}

/// A GET of `path` with these parameters.
pub(super) fn get(cx: &Cx<'_>, path: &str, query: &[(&str, &str)]) -> Result<Request, Failure> {
    let mut url = address(cx, "graph", path)?;
    url.query_pairs_mut().extend_pairs(query);
    if let Some(proof) = own_proof(cx) {
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    Ok(Request::get(url).bearer(&cx.credentials.access_token))
}

/// A POST of these fields to `path` on the host `key`.
pub(super) fn post(cx: &Cx<'_>, key: &str, path: &str, fields: &[(&str, &str)]) -> Result<Request, Failure> {
    let proof = own_proof(cx);
    let mut fields = fields.to_vec();
    fields.extend(proof.as_deref().map(|proof| ("appsecret_proof", proof)));
    Ok(Request::post(address(cx, key, path)?).bearer(&cx.credentials.access_token).form(&fields))
}

/// A form of these fields, to which files may be added.
pub(super) fn form<'a>(cx: &Cx<'_>, fields: &[(&str, &str)]) -> Form<'a> {
    let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name, *value));
    match own_proof(cx) {
        Some(proof) => form.text("appsecret_proof", proof),
        None => form,
    }
}

/// The answer to a POST of this form to `path` on the host `key`, which may be repeated.
pub(super) async fn post_form(
    cx: &Cx<'_>,
    key: &str,
    path: &str,
    form: Form<'_>,
    limit: Duration,
) -> Result<Answer, Failure> {
    let request = Request::post(address(cx, key, path)?).bearer(&cx.credentials.access_token).timeout(limit);
    let sent = cx.send_streamed(request, form.body(cx.entropy)).await?;
    sent.map_err(|error| Failure::unanswered(NAME, error))
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

/// The Page.
pub(super) fn page<'a>(cx: &Cx<'a>) -> &'a str {
    &cx.account.platform_user_id
}

/// An address as it is to be shown: those of videos come without their host.
pub(super) fn absolute(cx: &Cx<'_>, link: &str) -> String {
    if link.starts_with('/') { format!("{}{link}", cx.hosts.base("permalink")) } else { link.to_owned() }
}

/// A post's id with its Page in front, which some answers leave out.
pub(super) fn full_id(cx: &Cx<'_>, id: &str) -> String {
    if id.contains('_') { id.to_owned() } else { format!("{}_{id}", page(cx)) }
}
