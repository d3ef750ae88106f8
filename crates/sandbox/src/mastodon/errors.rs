//! Refusals in Mastodon's shape.

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::core::error::SandboxError;

/// A refusal, ready to be answered.
#[derive(Clone, Debug)]
pub(super) struct MastodonError {
    pub(super) status: StatusCode,
    body: Value,
}

impl IntoResponse for MastodonError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

impl From<SandboxError> for MastodonError {
    fn from(error: SandboxError) -> Self {
        tracing::error!(%error, "the sandbox failed");
        plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }
}

/// A refusal with one sentence.
pub(super) fn plain(status: StatusCode, text: &str) -> MastodonError {
    MastodonError { status, body: json!({ "error": text }) }
}

/// What a status or file must be like, and is not.
pub(super) fn invalid(text: &str) -> MastodonError {
    plain(StatusCode::UNPROCESSABLE_ENTITY, &format!("Validation failed: {text}"))
}

/// A refusal of the sign-in.
pub(super) fn oauth(status: StatusCode, error: &str, description: &str) -> MastodonError {
    MastodonError { status, body: json!({ "error": error, "error_description": description }) }
}

pub(super) fn not_found() -> MastodonError {
    plain(StatusCode::NOT_FOUND, "Record not found")
}

pub(super) fn bad_token(why: &str) -> MastodonError {
    plain(StatusCode::UNAUTHORIZED, &format!("The access token {why}"))
}

pub(super) fn outside_scopes() -> MastodonError {
    plain(StatusCode::FORBIDDEN, "This action is outside the authorized scopes")
}

/// The page of a server, or of what stands in front of it.
pub(super) fn page(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let html = format!("<html><head><title>{reason}</title></head><body><h1>{reason}</h1></body></html>");
    (status, Html(html)).into_response()
}
