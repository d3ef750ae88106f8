//! The session's cookie. Scripts cannot read it, and other sites' forms do not carry it.

use app::people::{PROVIDER_VISIT_LIFE, SESSION_LIFE};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::ApiState;

const NAME: &str = "fanfare_session";
/// What a browser keeps while its person is at the other system.
const VISIT: &str = "fanfare_visit";

/// The token that a request carries.
pub(crate) fn read(headers: &HeaderMap) -> Option<&str> {
    find(headers, NAME)
}

/// The token of a visit to the other system.
pub(super) fn read_visit(headers: &HeaderMap) -> Option<&str> {
    find(headers, VISIT)
}

fn find<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, token)| *name == wanted && !token.is_empty())
        .map(|(_, token)| token)
}

/// Gives a browser its session's token.
pub(super) fn set(state: &ApiState, token: &str) -> HeaderValue {
    let seconds = SESSION_LIFE.as_seconds_ceil();
    write(state, &format!("{NAME}={token}; Max-Age={seconds}"))
}

/// Takes it away again.
pub(super) fn clear(state: &ApiState) -> HeaderValue {
    write(state, &format!("{NAME}=; Max-Age=0"))
}

/// Gives a browser the token of its visit to the other system.
pub(super) fn set_visit(state: &ApiState, token: &str) -> HeaderValue {
    let seconds = PROVIDER_VISIT_LIFE.as_seconds_ceil();
    write(state, &format!("{VISIT}={token}; Max-Age={seconds}"))
}

/// Takes it away again.
pub(super) fn clear_visit(state: &ApiState) -> HeaderValue {
    write(state, &format!("{VISIT}=; Max-Age=0"))
}

fn write(state: &ApiState, pair: &str) -> HeaderValue {
    let secure = if state.settings.base_url.starts_with("https://") { "; Secure" } else { "" };
    let text = format!("{pair}; Path=/; HttpOnly; SameSite=Lax{secure}");
    // A token is hexadecimal, so this always is a header.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        assert_eq!(read(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; fanfare_session=; a"));
        assert_eq!(read(&headers), None);
        headers.append(header::COOKIE, HeaderValue::from_static("x=1;fanfare_session=abc; y=2"));
        assert_eq!(read(&headers), Some("abc"));
    }
}
