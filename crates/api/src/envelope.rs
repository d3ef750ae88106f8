//! The envelope of every answer: `data`, `error` and `meta`, and the headers that go with it.
//!
//! Handlers answer with a [`Reply`] or an [`ApiError`]; both travel as a payload to the outermost
//! layer, which alone knows the request's id, the time and the rate limit.

use std::sync::{Arc, Mutex, PoisonError};

use app::Caller;
use app::auth::Means;
use app::idempotency::KeptAnswer;
use app::requests::AnsweredRequest;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::api_key::Scope;
use domain::{ApiKeyId, OrganizationId, Timestamp};
use serde::Serialize;
use tokio::task::JoinError;

use crate::error::ApiError;
use crate::observe::Asked;
use crate::rate_limit::Standing;
use crate::{ApiState, request_id};

/// A successful answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    data: Vec<u8>,
    is_kept: bool,
}

/// Marks an answer that was kept in the transaction of the work.
#[derive(Clone, Copy)]
struct Kept;

impl Reply {
    /// 200 with `data`.
    pub(crate) fn ok<T: Serialize>(data: &T) -> Result<Self, ApiError> {
        Self::with(StatusCode::OK, data)
    }

    /// 201 with `data`.
    pub(crate) fn created<T: Serialize>(data: &T) -> Result<Self, ApiError> {
        Self::with(StatusCode::CREATED, data)
    }

    /// Any other status with `data`.
    pub(crate) fn with<T: Serialize>(status: StatusCode, data: &T) -> Result<Self, ApiError> {
        let data = serde_json::to_vec(data).map_err(|error| ApiError::internal(&error))?;
        Ok(Self { status, data, is_kept: false })
    }
}

impl Reply {
    /// The same answer as before.
    pub(crate) fn again(kept: KeptAnswer) -> Result<Self, ApiError> {
        let status = StatusCode::from_u16(kept.status).map_err(|error| ApiError::internal(&error))?;
        Ok(Self { status, data: kept.body, is_kept: true })
    }

    /// The same answer, which was kept with the work.
    #[must_use]
    pub(crate) fn was_kept(self) -> Self {
        Self { is_kept: true, ..self }
    }

    /// The answer as it is kept, for callers with this scope.
    pub(crate) fn kept(&self, scope: &str) -> KeptAnswer {
        KeptAnswer { status: self.status.as_u16(), body: self.data.clone(), scope: scope.to_owned() }
    }
}

/// Whether the answer was kept with the work.
pub(crate) fn is_kept(response: &Response) -> bool {
    response.extensions().get::<Kept>().is_some()
}

/// The answer that was given, if it is one that tells of work done.
pub(crate) fn done(response: &Response, scope: &str) -> Option<KeptAnswer> {
    match response.extensions().get::<Payload>() {
        Some(Payload::Data(data)) if response.status().is_success() => Some(KeptAnswer {
            status: response.status().as_u16(),
            body: data.clone(),
            scope: scope.to_owned(),
        }),
        _ => None,
    }
}

/// What a handler's answer carries to the envelope.
#[derive(Clone)]
enum Payload {
    Data(Vec<u8>),
    Error(Box<ApiError>),
    /// The body is the answer.
    Bare,
}

/// Marks an answer that goes out without an envelope, such as a page.
pub(crate) fn bare(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    response.extensions_mut().insert(Payload::Bare);
    response
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Payload::Data(self.data));
        if self.is_kept {
            response.extensions_mut().insert(Kept);
        }
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Payload::Error(Box::new(self)));
        response
    }
}

/// What the layers below tell the envelope about the request.
#[derive(Clone, Default)]
pub(crate) struct Notes(Arc<Mutex<Noted>>);

#[derive(Clone, Copy, Default)]
struct Noted {
    standing: Option<Standing>,
    organization: Option<OrganizationId>,
    key: Option<ApiKeyId>,
    scope: Option<Scope>,
    is_key: bool,
}

impl Notes {
    pub(crate) fn note(&self, caller: &Caller, standing: Standing) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *noted = Noted {
            standing: Some(standing),
            organization: Some(caller.organization_id),
            key: Some(caller.api_key_id),
            scope: noted.scope,
            is_key: caller.means == Means::Key,
        };
    }

    /// What the operation asked of the key.
    pub(crate) fn note_scope(&self, scope: Scope) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).scope = Some(scope);
    }

    pub(crate) fn scope(&self) -> Option<Scope> {
        self.get().scope
    }

    fn get(&self) -> Noted {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    message: &'a str,
    code: &'a str,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a serde_json::Value>,
}

/// The outermost layer of every route.
pub(crate) async fn wrap(State(state): State<ApiState>, mut request: Request, next: Next) -> Response {
    let app = &state.app;
    let started = app.clock.now();
    let id = request_id::new(app.entropy.as_ref());
    let notes = Notes::default();
    request.extensions_mut().insert(notes.clone());
    let asked = Asked::new(&request, &id);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());

    // In a task of its own: a caller that hangs up must not stop a handler halfway, and a panic
    // ends here.
    let mut response = match tokio::spawn(asked.follow(next.run(request))).await {
        Ok(response) => response,
        Err(ended) => after_panic(ended),
    };

    let now = app.clock.now();
    let payload = response
        .extensions_mut()
        .remove::<Payload>()
        .unwrap_or_else(|| Payload::Error(Box::new(ApiError::from_status(response.status()))));
    let seen = notes.get();
    let standing = seen.standing.unwrap_or_else(|| state.limiter.anonymous(now));
    if let Payload::Error(error) = &payload {
        error.log(&id);
    }
    if let Some(body) = compose(&payload, &id, now) {
        *response.body_mut() = Body::from(body);
    }
    write_headers(&mut response, &payload, &id, standing);
    asked.note_answer(response.status(), now.since(started), &id, seen.organization, seen.key);
    if let (Some(organization), Some(key), true) = (seen.organization, seen.key, seen.is_key) {
        let (status, duration) = (response.status().as_u16(), now.since(started));
        let method = method.as_str().to_owned();
        let request = AnsweredRequest { key, request_id: id, method, path, status, duration, at: started };
        app.requests.note(organization, request);
    }
    response
}

/// The enveloped body; `None` for an answer without an envelope.
fn compose(payload: &Payload, id: &str, now: Timestamp) -> Option<Vec<u8>> {
    let mut body = Vec::with_capacity(256);
    match payload {
        Payload::Data(data) => {
            body.extend_from_slice(b"{\"data\":");
            body.extend_from_slice(data);
            body.extend_from_slice(b",\"error\":null");
        }
        Payload::Error(error) => {
            let shown = ErrorBody {
                message: &error.message,
                code: error.code,
                retryable: error.retryable,
                details: error.details.as_ref(),
            };
            body.extend_from_slice(b"{\"data\":null,\"error\":");
            body.extend_from_slice(&serde_json::to_vec(&shown).unwrap_or_default());
        }
        Payload::Bare => return None,
    }
    let meta = format!(",\"meta\":{{\"request_id\":\"{id}\",\"timestamp\":\"{}\"}}}}", now.to_iso_millis());
    body.extend_from_slice(meta.as_bytes());
    Some(body)
}

fn write_headers(response: &mut Response, payload: &Payload, id: &str, standing: Standing) {
    let status = response.status();
    let headers = response.headers_mut();
    if !matches!(payload, Payload::Bare) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert("x-request-id", value);
    }
    headers.insert("x-ratelimit-limit", standing.limit.into());
    headers.insert("x-ratelimit-remaining", standing.remaining.into());
    headers.insert("x-ratelimit-reset", standing.reset_at.as_seconds().into());
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Payload::Error(error) = payload
        && let Some(seconds) = error.retry_after
    {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
}

/// A panic in a handler is a 500 like any other, and is logged.
fn after_panic(ended: JoinError) -> Response {
    let text = match ended.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic without a text".to_owned()),
        Err(_) => "the server is stopping".to_owned(),
    };
    tracing::error!(panic = text, "a handler did not end");
    ApiError::from_status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}
