//! The dashboard's pages and files. Every path that is nobody else's leads to its one page, which finds out
//! by itself what to show.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use dashboard::{Encoding, File};

use crate::envelope::bare;
use crate::error::ApiError;
use crate::{ApiState, pages};

/// The first parts of paths that belong to the server: what is not there is no page of the dashboard.
const RESERVED: [&str; 16] = [
    "api",
    "v1",
    "session",
    "mcp",
    "auth",
    "oauth",
    "media",
    "uploads",
    "connect",
    "device",
    "docs",
    "healthz",
    "readyz",
    "metrics",
    "assets",
    ".well-known",
];

/// Where printed links lead: without a dashboard, to the page that says how to build it.
const LINKS: [&str; 3] = ["/setup", "/sign-in", "/invitation"];

/// `GET /`: the dashboard, or a page that says how to build it.
pub(crate) async fn start(State(state): State<ApiState>, headers: HeaderMap) -> Response {
    match state.dashboard.index(&taken(&headers)) {
        Some(index) => answer(&state, &headers, index, true),
        None => pages::start(&state),
    }
}

/// What no route answers.
pub(crate) async fn fallback(State(state): State<ApiState>, request: Request) -> Response {
    if let Some(found) = find(&state, &request) {
        return found;
    }
    let is_link = LINKS.contains(&request.uri().path()) && request.method() == Method::GET;
    if is_link && !state.dashboard.is_built() {
        return pages::start(&state);
    }
    ApiError::not_found("Route").into_response()
}

fn find(state: &ApiState, request: &Request) -> Option<Response> {
    let (headers, with_body) = match *request.method() {
        Method::GET => (request.headers(), true),
        Method::HEAD => (request.headers(), false),
        _ => return None,
    };
    let path = request.uri().path().strip_prefix('/')?;
    let taken = taken(headers);
    if let Some(file) = state.dashboard.file(path, &taken) {
        return Some(answer(state, headers, file, with_body));
    }
    let first = path.split('/').next().unwrap_or_default();
    // A name with a dot is a file, which is not there.
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    if RESERVED.contains(&first) || is_file || !takes_pages(headers) {
        return None;
    }
    Some(answer(state, headers, state.dashboard.index(&taken)?, with_body))
}

/// Whether the caller may be a browser that opens a page.
fn takes_pages(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else { return true };
    accept.split(',').any(|part| {
        let kind = part.split(';').next().unwrap_or_default().trim();
        matches!(kind, "text/html" | "text/*" | "*/*")
    })
}

/// The encodings that a browser takes.
fn taken(headers: &HeaderMap) -> Vec<Encoding> {
    let parts: Vec<&str> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter(|part| !part.replace(' ', "").ends_with(";q=0"))
        .map(|part| part.split(';').next().unwrap_or_default().trim())
        .collect();
    Encoding::ALL.into_iter().filter(|encoding| parts.contains(&encoding.as_str())).collect()
}

fn answer(state: &ApiState, asked: &HeaderMap, file: File, with_body: bool) -> Response {
    let tag = format!("\"{}\"", file.tag);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let length = file.bytes.len();
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if with_body {
        Body::from(match file.bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        })
        .into_response()
    } else {
        Body::empty().into_response()
    };
    let cache = if file.is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    let mut insert = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    insert(header::ETAG, &tag);
    insert(header::CACHE_CONTROL, cache);
    insert(header::VARY, "accept-encoding");
    if !is_known {
        insert(header::CONTENT_TYPE, file.content_type);
        insert(header::CONTENT_LENGTH, &length.to_string());
        if let Some(encoding) = file.encoding {
            insert(header::CONTENT_ENCODING, encoding.as_str());
        }
    }
    insert(header::CONTENT_SECURITY_POLICY, &policy(state));
    insert(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    insert(header::X_FRAME_OPTIONS, "DENY");
    // A link that signs in has its token in the address.
    insert(header::REFERRER_POLICY, "no-referrer");
    insert(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    bare(response)
}

/// What the pages may do: nothing with anybody but this server, and the bucket that files are sent to. Scripts
/// and styles come from files alone.
fn policy(state: &ApiState) -> String {
    let bucket = app::media::upload_origin(&state.app).map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'self'; img-src 'self' data: blob:{bucket}; media-src 'self' blob:{bucket}; \
         connect-src 'self'{bucket}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}
