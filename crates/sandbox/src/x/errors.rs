//! X's error shapes: problem documents for the API, the OAuth shape for tokens.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::core::dispatch::internal;
use crate::core::error::SandboxError;

/// An answer that is no success.
#[derive(Debug)]
pub(super) enum XError {
    /// A JSON body with this status.
    Answer(StatusCode, Value),
    /// The sandbox itself failed.
    Sandbox(SandboxError),
}

impl From<SandboxError> for XError {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

impl IntoResponse for XError {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(status, body) if body.get("error").is_some() => {
                (status, axum::Json(body)).into_response()
            }
            Self::Answer(status, body) => {
                let kind = [(header::CONTENT_TYPE, "application/problem+json")];
                (status, kind, body.to_string()).into_response()
            }
            Self::Sandbox(error) => internal(&error),
        }
    }
}

/// A problem without a type of its own.
pub(super) fn plain(status: StatusCode, detail: &str) -> XError {
    let title = match status {
        StatusCode::UNAUTHORIZED => "Unauthorized",
        StatusCode::FORBIDDEN => "Forbidden",
        StatusCode::NOT_FOUND => "Not Found",
        StatusCode::TOO_MANY_REQUESTS => "Too Many Requests",
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        StatusCode::PAYMENT_REQUIRED => "CreditsDepleted",
        StatusCode::SERVICE_UNAVAILABLE => "Service Unavailable",
        other => other.canonical_reason().unwrap_or("Error"),
    };
    let body = json!({"title": title, "detail": detail, "type": "about:blank", "status": status.as_u16()});
    XError::Answer(status, body)
}

/// The access token is missing, expired or revoked.
pub(super) fn unauthorized() -> XError {
    plain(StatusCode::UNAUTHORIZED, "Unauthorized")
}

/// What X says to many different things it does not want.
pub(super) fn not_permitted() -> XError {
    plain(StatusCode::FORBIDDEN, "You are not permitted to perform this action.")
}

/// A parameter is wrong.
pub(super) fn invalid(parameter: &str, value: &str, message: &str) -> XError {
    XError::Answer(
        StatusCode::BAD_REQUEST,
        json!({
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.x.com/2/problems/invalid-request",
            "errors": [{"parameters": {parameter: [value]}, "message": message}],
        }),
    )
}

/// The entry of `errors` for a post that is not there.
pub(super) fn missing_post(parameter: &str, id: &str) -> Value {
    json!({
        "value": id,
        "resource_id": id,
        "parameter": parameter,
        "resource_type": "tweet",
        "title": "Not Found Error",
        "detail": format!("Could not find tweet with {parameter}: [{id}]."),
        "type": "https://api.x.com/2/problems/resource-not-found",
    })
}

/// The token endpoint's shape.
pub(super) fn oauth(status: StatusCode, error: &str, description: &str) -> XError {
    XError::Answer(status, json!({"error": error, "error_description": description}))
}
