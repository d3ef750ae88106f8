//! Errors in the shape of XRPC: `{"error": name, "message": text}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::BAD;
use crate::core::error::SandboxError;

/// A refusal.
#[derive(Debug)]
pub(super) struct XrpcError {
    status: StatusCode,
    name: &'static str,
    message: String,
}

impl IntoResponse for XrpcError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"error": self.name, "message": self.message}))).into_response()
    }
}

impl From<SandboxError> for XrpcError {
    fn from(error: SandboxError) -> Self {
        plain(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &error.to_string())
    }
}

pub(super) fn plain(status: StatusCode, name: &'static str, message: &str) -> XrpcError {
    XrpcError { status, name, message: message.to_owned() }
}

/// A request that breaks the lexicon.
pub(super) fn invalid(message: impl Into<String>) -> XrpcError {
    XrpcError { status: BAD, name: "InvalidRequest", message: message.into() }
}

pub(super) fn expired() -> XrpcError {
    plain(BAD, "ExpiredToken", "Token has expired")
}

pub(super) fn revoked() -> XrpcError {
    plain(BAD, "ExpiredToken", "Token has been revoked")
}

pub(super) fn bad_token() -> XrpcError {
    plain(BAD, "InvalidToken", "Token could not be verified")
}

pub(super) fn no_token() -> XrpcError {
    plain(StatusCode::UNAUTHORIZED, "AuthMissing", "Authentication Required")
}

/// Everything that has no route.
pub(super) async fn unknown_method() -> XrpcError {
    plain(StatusCode::NOT_IMPLEMENTED, "MethodNotImplemented", "Method Not Implemented")
}
