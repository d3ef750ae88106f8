//! The pages for people: the start page and the API reference. Each is one file without any request
//! to elsewhere.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::ApiState;

const START: &str = include_str!("../pages/start.html");
const DOCS: &str = include_str!("../pages/docs.html");
const DOCS_SCRIPT: &str = include_str!("../pages/docs.js");

/// `GET /`
pub(crate) async fn start(State(state): State<ApiState>) -> Response {
    let settings = &state.settings;
    let sandbox = settings.sandbox_url.as_deref().map_or_else(String::new, |url| {
        let url = escape(url);
        format!("<li><a href=\"{url}/\">Sandbox</a>: the emulated platforms, and what went out</li>")
    });
    let page = START.replace("{{base_url}}", &escape(&settings.base_url)).replace("{{sandbox}}", &sandbox);
    guarded(page, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
}

/// `GET /docs`
pub(crate) async fn docs(State(_state): State<ApiState>) -> Response {
    let page = DOCS.replace("{{script}}", DOCS_SCRIPT);
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; \
         base-uri 'none'; script-src 'sha256-{}'",
        script_hash(DOCS_SCRIPT)
    );
    guarded(page, &policy)
}

/// `GET /healthz`: the process is there.
pub(crate) async fn healthz() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

fn guarded(page: String, policy: &str) -> Response {
    let mut response = Html(page).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The script between its tags, as the policy names it.
fn script_hash(script: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script.as_bytes()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
