//! The frame of every page, with headers that let nothing else in.

use std::sync::LazyLock;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::html::Html;
use crate::envelope::bare;
use crate::pages::hash;

const STYLE: &str = include_str!("../../pages/visit.css");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| policy(""));

/// What a page may do. Its form may end up at `leads_to`, besides this server.
fn policy(leads_to: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'self'{leads_to}; \
         frame-ancestors 'none'",
        hash(STYLE)
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// A page with this title, which is its heading too.
pub(super) fn page(status: StatusCode, title: &str, body: Html) -> Response {
    let page = Html::default()
        .raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>")
        .text(title)
        .raw(" – Fanfare</title><style>")
        .raw(STYLE)
        .raw("</style></head><body><main><h1>")
        .text(title)
        .raw("</h1>");
    let page =
        format!("{}{}<footer>Fanfare</footer></main></body></html>", page.into_string(), body.into_string());
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    guarded((status, kind, page).into_response())
}

/// A page whose form ends up at another place: an origin, or a scheme with its colon.
pub(super) fn page_that_leads_to(status: StatusCode, title: &str, body: Html, source: &str) -> Response {
    let mut response = page(status, title, body);
    // Nothing that could end the list, or add to it.
    if source.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',')) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(&format!(" {source}")));
    }
    response
}

/// On to another address. `location` is made by this program, never by a caller.
pub(super) fn on_to(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => guarded((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()),
        Err(_) => page(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", Html::default()),
    }
}

fn guarded(response: Response) -> Response {
    let mut response = bare(response);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
