//! LinkedIn's error shapes.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::core::dispatch::internal;
use crate::core::error::SandboxError;

/// An answer that is no success.
#[derive(Debug)]
pub(super) enum LiError {
    /// A JSON body with this status.
    Answer(StatusCode, Value),
    /// The sandbox itself failed.
    Sandbox(SandboxError),
}

impl From<SandboxError> for LiError {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

impl IntoResponse for LiError {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(status, body) => (status, axum::Json(body)).into_response(),
            Self::Sandbox(error) => internal(&error),
        }
    }
}

/// The usual shape with a service error code.
pub(super) fn coded(status: StatusCode, service_code: u32, code: &str, message: &str) -> LiError {
    let status_number = status.as_u16();
    let body = json!({
        "status": status_number,
        "serviceErrorCode": service_code,
        "code": code,
        "message": message,
    });
    LiError::Answer(status, body)
}

/// The shape without a service error code.
pub(super) fn plain(status: StatusCode, code: &str, message: &str) -> LiError {
    LiError::Answer(status, json!({"status": status.as_u16(), "code": code, "message": message}))
}

/// A scope, product or role is missing for `what`.
pub(super) fn denied(what: &str) -> LiError {
    let message = format!("Not enough permissions to access: {what}");
    coded(StatusCode::FORBIDDEN, 100, "ACCESS_DENIED", &message)
}

/// The Posts API's shape for a field it does not take.
pub(super) fn invalid(status: StatusCode, field: &str, code: &str, description: &str) -> LiError {
    let body = json!({
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "status": status.as_u16(),
        "code": code,
        "message": format!("/{field} :: {description}"),
        "errorDetails": {"inputErrors": [{
            "description": description,
            "input": {"inputPath": {"fieldPath": field}},
            "code": code,
        }]},
    });
    LiError::Answer(status, body)
}

/// The same content was posted before, as `urn`.
pub(super) fn duplicate(urn: &str) -> LiError {
    let body = json!({
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "status": 422,
        "message": format!("/content :: Content is a duplicate of {urn}"),
        "errorDetails": {"inputErrors": [{
            "description": "Duplicate post is detected",
            "input": {},
            "code": "DUPLICATE_POST",
        }]},
    });
    LiError::Answer(StatusCode::UNPROCESSABLE_ENTITY, body)
}

/// The OAuth host's shape.
pub(super) fn oauth(status: StatusCode, error: &str, description: &str) -> LiError {
    LiError::Answer(status, json!({"error": error, "error_description": description}))
}

/// Too many calls. LinkedIn sends no header; `Retry-After` is there because whoever set the fault
/// asked for a time that LinkedIn's own words (minute, day) cannot say.
pub(super) fn throttled(retry_after_s: Option<u64>) -> Response {
    let span = if retry_after_s.is_some_and(|seconds| seconds <= 60) { "MINUTE" } else { "DAY" };
    let message =
        format!("Resource level throttle APPLICATION {span} limit for calls to this resource is reached.");
    let answer = coded(StatusCode::TOO_MANY_REQUESTS, 101, "TOO_MANY_REQUESTS", &message).into_response();
    match retry_after_s {
        Some(seconds) => ([(header::RETRY_AFTER, seconds.to_string())], answer).into_response(),
        None => answer,
    }
}
