//! Refusals in Pinterest's shape: a number and a sentence.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::core::error::SandboxError;

/// A refusal, ready to be answered.
#[derive(Clone, Debug)]
pub(super) struct PinterestError {
    status: StatusCode,
    body: Value,
}

impl IntoResponse for PinterestError {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

impl From<SandboxError> for PinterestError {
    fn from(error: SandboxError) -> Self {
        tracing::error!(%error, "the sandbox failed");
        sorry(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

fn coded(status: StatusCode, code: u32, message: &str) -> PinterestError {
    PinterestError { status, body: json!({ "code": code, "message": message }) }
}

/// A request that does not fit the schema.
pub(super) fn invalid(message: &str) -> PinterestError {
    coded(StatusCode::BAD_REQUEST, 1, &format!("Invalid request: {message}"))
}

/// A picture that is not taken.
pub(super) fn bad_image(message: &str) -> PinterestError {
    coded(StatusCode::BAD_REQUEST, 235, message)
}

pub(super) fn unauthorized() -> PinterestError {
    coded(StatusCode::UNAUTHORIZED, 2, "Authentication failed.")
}

/// A token, code or secret that the token endpoint refuses.
pub(super) fn bad_grant(message: &str) -> PinterestError {
    coded(StatusCode::BAD_REQUEST, 283, message)
}

pub(super) fn not_permitted() -> PinterestError {
    coded(StatusCode::FORBIDDEN, 29, "You are not permitted to access that resource.")
}

pub(super) fn missing_scopes(scopes: &[&str]) -> PinterestError {
    let message = format!("Your application does not have the required scopes: {}.", scopes.join(", "));
    coded(StatusCode::UNAUTHORIZED, 3, &message)
}

pub(super) fn trial() -> PinterestError {
    let message = "Apps with Trial access may not create Pins in production https://api.pinterest.com, use the API \
                   Sandbox https://api-sandbox.pinterest.com instead.";
    coded(StatusCode::FORBIDDEN, 29, message)
}

pub(super) fn no_board() -> PinterestError {
    coded(StatusCode::NOT_FOUND, 40, "Board not found.")
}

pub(super) fn no_pin() -> PinterestError {
    coded(StatusCode::NOT_FOUND, 50, "Pin not found.")
}

pub(super) fn no_media() -> PinterestError {
    coded(StatusCode::NOT_FOUND, 404, "Media not found.")
}

pub(super) fn no_resource() -> PinterestError {
    coded(StatusCode::NOT_FOUND, 0, "Sorry! We couldn't find that resource.")
}

pub(super) fn too_many() -> PinterestError {
    coded(StatusCode::TOO_MANY_REQUESTS, 8, "You have exceeded your rate limit. Try again later.")
}

/// An error without a reason.
pub(super) fn sorry(status: StatusCode) -> PinterestError {
    coded(status, 12, "Something went wrong on our end. Sorry about that.")
}
