//! What stands between a session and other people's pages: a change has to carry the session's CSRF token,
//! and to come from our own address where the browser says where from.

use app::people::{SignedIn, Visit};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use sha2::{Digest as _, Sha256};

use super::cookie;
use crate::ApiState;
use crate::address::{Address, Errand};
use crate::auth::{admit, session_of};
use crate::error::ApiError;

const HEADER: &str = "x-csrf-token";

/// Whether a request with this method may change something.
pub(crate) fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// Refuses a change that does not come from the session's own page.
pub(crate) fn check_change(parts: &Parts, state: &ApiState, signed_in: &SignedIn) -> Result<(), ApiError> {
    if !is_change(&parts.method) {
        return Ok(());
    }
    check_origin(parts, state)?;
    let sent = parts.headers.get(HEADER).map(|value| Sha256::digest(value.as_bytes()));
    // Hashes are compared, so that the time tells nothing of the token.
    if sent == Some(Sha256::digest(signed_in.csrf_token.as_bytes())) {
        return Ok(());
    }
    Err(ApiError::forbidden("Send the csrf_token of GET /session as the header X-CSRF-Token."))
}

/// Refuses what a browser sends from another site.
fn check_origin(parts: &Parts, state: &ApiState) -> Result<(), ApiError> {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    if origin == origin_of(&state.settings.base_url) || is_same_host(origin, &parts.headers) {
        return Ok(());
    }
    Err(ApiError::forbidden("This request comes from another site."))
}

/// The scheme and the host of an address.
fn origin_of(url: &str) -> &str {
    let host_at = url.find("://").map_or(0, |at| at + 3);
    url[host_at..].find('/').map_or(url, |length| &url[..host_at + length])
}

/// Whether the page is at the host that the browser asks. Someone may have typed another name of this
/// server than the configured one.
fn is_same_host(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let asked = origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"));
    matches!((asked, host), (Some((_, asked)), Some(host)) if asked.eq_ignore_ascii_case(host))
}

/// Somebody who is signed in, with a request that is really theirs.
pub(super) struct Session {
    pub(super) signed_in: SignedIn,
    pub(super) visit: Visit,
    pub(super) token: String,
}

impl FromRequestParts<ApiState> for Session {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        let token = cookie::read(&parts.headers).ok_or_else(ApiError::no_session)?.to_owned();
        let signed_in = session_of(state, &token).await?;
        check_change(parts, state, &signed_in)?;
        if let Ok(caller) = signed_in.caller() {
            admit(&parts.extensions, state, &caller).await?;
        }
        Ok(Self { signed_in, visit: Address::of(parts).visit(&parts.headers), token })
    }
}

/// Somebody who wants to be signed in.
pub(super) struct Newcomer {
    pub(super) visit: Visit,
    /// The session that ends by it.
    pub(super) replaced: Option<String>,
}

impl FromRequestParts<ApiState> for Newcomer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        check_origin(parts, state)?;
        let address = Address::of(parts);
        address.take(state, Errand::SignIn)?;
        let replaced = cookie::read(&parts.headers).map(ToOwned::to_owned);
        Ok(Self { visit: address.visit(&parts.headers), replaced })
    }
}

/// Somebody who asks for something to sign in by. The sign-in page asks whenever it is opened.
pub(super) struct Asker;

impl FromRequestParts<ApiState> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, ApiError> {
        check_origin(parts, state)?;
        Address::of(parts).take(state, Errand::Challenge)?;
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host() {
        assert_eq!(origin_of("https://social.example.org"), "https://social.example.org");
        assert_eq!(origin_of("https://example.org:8443/fanfare"), "https://example.org:8443");
    }

    #[test]
    fn the_host_that_is_asked_may_be_the_page() {
        let mut headers = HeaderMap::new();
        assert!(!is_same_host("http://localhost:8080", &headers));
        headers.insert(header::HOST, HeaderValue::from_static("localhost:8080"));
        assert!(is_same_host("http://localhost:8080", &headers));
        for other in ["null", "", "http://localhost", "http://evil.example", "file://localhost:8080"] {
            assert!(!is_same_host(other, &headers), "{other}");
        }
    }
}
