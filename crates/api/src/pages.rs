//! The pages for people: the start page and the API reference. Each is one file without any request
//! to elsewhere.

use std::sync::LazyLock;

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, Response};

use crate::ApiState;
use crate::envelope::bare;

const START: &str = include_str!("../pages/start.html");
const DOCS: &str = include_str!("../pages/docs.html");
const SCRIPT: &str = include_str!("../pages/docs.js");
pub(crate) const STYLE: &str = include_str!("../pages/style.css");

/// Nothing but what is in the page, the script that lays out the reference and the document that
/// it reads.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// What stands at `/` where the dashboard is not built in.
pub(crate) fn start(state: &ApiState) -> Response {
    let settings = &state.settings;
    let sandbox = settings.sandbox_url.as_deref().map_or_else(String::new, |url| {
        let url = escape(url);
        format!("<li><a href=\"{url}/\">Sandbox</a>: the emulated platforms, and what went out</li>")
    });
    let page = START
        .replace("{{style}}", STYLE)
        .replace("{{base_url}}", &escape(&settings.base_url))
        .replace("{{sandbox}}", &sandbox);
    guarded(page)
}

/// `GET /docs`
pub(crate) async fn docs() -> Response {
    guarded(DOCS.replace("{{style}}", STYLE).replace("{{script}}", SCRIPT))
}

fn guarded(page: String) -> Response {
    let mut response = bare(Html(page));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The text between two tags, as the policy names it.
pub(crate) fn hash(text: &str) -> String {
    use base64::Engine as _;
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(digest))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
