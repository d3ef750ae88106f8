//! One call to a site. Knows addresses and how answers are read, no route's meaning.

use connector::{Cx, Failure};
use domain::Class;
use net::{Answer, GuardedClient, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::{NAME, errors};

/// The address of `route` (such as `/wp/v2/posts`) below the root of a site's API. The root has its
/// route in the path (`https://example.org/wp-json`) or, with plain permalinks, in the query
/// (`https://example.org/index.php?rest_route=/`).
pub(super) fn address(root: &str, route: &str, query: &[(&str, &str)]) -> Result<Url, Failure> {
    let unusable = || {
        Failure::before_sending(
            Class::PermissionMissing,
            "The address of the account's WordPress site cannot be used; connect the account again.",
        )
    };
    let mut url = Url::parse(root).map_err(|_| unusable())?;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != "rest_route")
        .map(|(a, b)| (a.into(), b.into()))
        .collect();
    let is_plain = url.query_pairs().any(|(name, _)| name == "rest_route");
    if is_plain {
        url.query_pairs_mut().clear().extend_pairs(others).append_pair("rest_route", route);
    } else {
        let path = format!("{}{route}", url.path().trim_end_matches('/'));
        url.set_path(&path);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// A password travels with every call, so plain HTTP is for the operator's own network only.
pub(super) fn check_scheme(guarded: &GuardedClient, url: &Url) -> Result<(), Failure> {
    if url.scheme() == "https" || (url.scheme() == "http" && guarded.allows_private_networks()) {
        return Ok(());
    }
    let public = "The site has no https address, so that the password would travel openly; give it one.";
    Err(Failure::before_sending(Class::PermissionMissing, public))
}

/// The address of a route of the account's own site.
pub(super) fn own(cx: &Cx<'_>, route: &str, query: &[(&str, &str)]) -> Result<Url, Failure> {
    let url = address(cx.account.service_url.as_deref().unwrap_or_default(), route, query)?;
    check_scheme(cx.guarded, &url)?;
    Ok(url)
}

/// The request with the account's password.
pub(super) fn signed(cx: &Cx<'_>, request: Request) -> Request {
    basic(request, &cx.credentials.access_token)
}

/// The request with user and password, already encoded.
pub(super) fn basic(request: Request, encoded: &str) -> Request {
    request.header("authorization", &format!("Basic {encoded}"))
}

/// Sends a request that may be repeated; any complete answer is returned.
pub(super) async fn send(cx: &Cx<'_>, request: Request) -> Result<Answer, Failure> {
    cx.send_guarded(signed(cx, request)).await.map_err(|error| Failure::unanswered(NAME, error))
}

/// Reads something of the account's own site.
pub(super) async fn get<T: DeserializeOwned>(
    cx: &Cx<'_>,
    route: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let answer = send(cx, Request::get(own(cx, route, query)?)).await?;
    if !answer.is_success() {
        return Err(errors::classify(&answer, cx.now()));
    }
    read(&answer)
}

/// Reads a 2xx answer.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
