//! `Idempotency-Key`: the layer around every POST of the API. A request with a key is done once; what was
//! answered is answered again. Uploads of files go past it: they have their own ways to be resumed.

use app::idempotency::{Begun, KeptAnswer, KeyClaim, Keyed};
use app::import::FILE_BYTES;
use app::{AppError, Caller};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::api_key::Scope;
use sha2::{Digest as _, Sha256};

use crate::ApiState;
use crate::auth::{admit, caller_of};
use crate::body::collect;
use crate::envelope::{self, Notes, Reply};
use crate::error::ApiError;

const HEADER: &str = "idempotency-key";
/// Set on an answer that was given before.
pub(crate) const REPLAYED: &str = "idempotency-replayed";
const LONGEST: usize = 255;
/// The operation whose body is a file.
const FILES: &str = "/posts/import";

/// The layer.
pub(crate) async fn guard(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(HEADER) || is_form(&request) {
        return next.run(request).await;
    }
    answer(&state, request, next).await.unwrap_or_else(ApiError::into_response)
}

async fn answer(state: &ApiState, request: Request, next: Next) -> Result<Response, ApiError> {
    // Who has no good key is told so by the operation.
    let (mut parts, body) = request.into_parts();
    let Ok(caller) = caller_of(&parts, state).await else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let key = read_key(&parts.headers)?;
    let most = if parts.uri.path().ends_with(FILES) { FILE_BYTES } else { state.settings.body_bytes };
    let bytes = collect(body, most).await?;
    let keyed = Keyed {
        route: format!("{} {}", parts.method, parts.uri.path()),
        key,
        fingerprint: fingerprint(&parts, &bytes),
        process: state.process,
    };
    let begun = match app::idempotency::begin(&state.app, &caller, keyed).await {
        Ok(begun) => begun,
        Err(refusal) => return refuse(state, &parts, &caller, refusal).await,
    };
    match begun {
        Begun::Answer(kept) => replay(state, &parts, &caller, kept).await,
        Begun::Do(claim) => {
            parts.extensions.insert(claim);
            let notes = parts.extensions.get::<Notes>().cloned().unwrap_or_default();
            let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
            if !envelope::is_kept(&response) {
                let answer = envelope::done(&response, notes.scope().map_or("", Scope::as_str));
                settle(state, claim, answer).await;
            }
            Ok(response)
        }
    }
}

/// An upload of a file.
fn is_form(request: &Request) -> bool {
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|value| value.trim().to_ascii_lowercase().starts_with("multipart/"))
}

fn read_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let refused = || {
        let message =
            format!("Idempotency-Key must be 1 to {LONGEST} printable ASCII characters, sent once.");
        ApiError::validation("Idempotency-Key", message)
    };
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(refused()) };
    let key = value.to_str().map_err(|_| refused())?.trim();
    let is_printable = key.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if key.is_empty() || key.len() > LONGEST || !is_printable { Err(refused()) } else { Ok(key.to_owned()) }
}

/// What tells one request of a path from another.
fn fingerprint(parts: &Parts, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(parts.uri.query().unwrap_or_default().as_bytes());
    hash.update([0]);
    hash.update(body);
    STANDARD.encode(hash.finalize())
}

/// A request that is refused counts like any other.
async fn refuse(
    state: &ApiState,
    parts: &Parts,
    caller: &Caller,
    refusal: AppError,
) -> Result<Response, ApiError> {
    admit(&parts.extensions, state, caller).await?;
    Err(refusal.into())
}

async fn replay(
    state: &ApiState,
    parts: &Parts,
    caller: &Caller,
    kept: KeptAnswer,
) -> Result<Response, ApiError> {
    admit(&parts.extensions, state, caller).await?;
    // The answer is for whoever could have asked for it.
    if let Some(scope) = Scope::parse(&kept.scope) {
        caller.require(scope)?;
    }
    let mut response = Reply::again(kept)?.into_response();
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Keeps the answer of a request that did something, and gives the key of another one back.
async fn settle(state: &ApiState, claim: KeyClaim, answer: Option<KeptAnswer>) {
    let settled = match answer {
        Some(answer) => app::idempotency::keep(&state.app, claim, answer).await,
        None => app::idempotency::release(&state.app, claim).await,
    };
    if let Err(error) = settled {
        // The request is answered all the same; its key stays taken until its time is over.
        ApiError::from(error).log("idempotency");
    }
}
