//! Google's error shapes: the API's, with a reason and a domain, and that of the token endpoint.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::core::dispatch::internal;
use crate::core::error::SandboxError;

/// An answer that is no success.
#[derive(Debug)]
pub(super) enum ApiError {
    /// A JSON body with this status.
    Answer(StatusCode, Value),
    /// Plain text, as the hosts of uploads answer.
    Text(StatusCode, &'static str),
    /// The sandbox itself failed.
    Sandbox(SandboxError),
}

impl From<SandboxError> for ApiError {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(status, body) => {
                let mut answer = (status, axum::Json(body)).into_response();
                if status == StatusCode::UNAUTHORIZED {
                    let how = HeaderValue::from_static(
                        "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
                    );
                    answer.headers_mut().insert(header::WWW_AUTHENTICATE, how);
                }
                answer
            }
            Self::Text(status, text) => (status, text).into_response(),
            Self::Sandbox(error) => internal(&error),
        }
    }
}

/// A refusal of the API.
pub(super) fn refusal(status: StatusCode, domain: &str, reason: &str, message: &str) -> ApiError {
    let word = match status.as_u16() {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        503 => "UNAVAILABLE",
        _ => "INTERNAL",
    };
    let item = json!({"message": message, "domain": domain, "reason": reason});
    let error = json!({"code": status.as_u16(), "message": message, "errors": [item], "status": word});
    ApiError::Answer(status, json!({ "error": error }))
}

/// A value that is wrong.
pub(super) fn invalid(reason: &str, message: &str) -> ApiError {
    refusal(StatusCode::BAD_REQUEST, "youtube.video", reason, message)
}

/// The access token is missing, expired or revoked.
pub(super) fn unauthorized() -> ApiError {
    refusal(StatusCode::UNAUTHORIZED, "global", "authError", "Invalid Credentials")
}

/// The owner did not allow this.
pub(super) fn missing_scope() -> ApiError {
    let message = "Request had insufficient authentication scopes.";
    let item = json!({"message": "Insufficient Permission", "domain": "global", "reason": "insufficientPermissions"});
    let detail = json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
    });
    let error = json!({
        "code": 403, "message": message, "errors": [item], "status": "PERMISSION_DENIED", "details": [detail],
    });
    ApiError::Answer(StatusCode::FORBIDDEN, json!({ "error": error }))
}

/// The Google account has no channel.
pub(super) fn signup_required() -> ApiError {
    refusal(StatusCode::UNAUTHORIZED, "youtube.header", "youtubeSignupRequired", "Unauthorized")
}

/// There is no such video, or it is not the caller's to see.
pub(super) fn video_not_found() -> ApiError {
    let message = "The video that you are trying to reach cannot be found.";
    refusal(StatusCode::NOT_FOUND, "youtube.video", "videoNotFound", message)
}

/// The token endpoint's shape.
pub(super) fn oauth(status: StatusCode, error: &str, description: &str) -> ApiError {
    ApiError::Answer(status, json!({"error": error, "error_description": description}))
}
