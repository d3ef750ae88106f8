//! Refusals in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use super::status_of;

/// A refusal.
#[derive(Debug)]
pub(super) struct OpenAiError {
    status: StatusCode,
    kind: &'static str,
    code: Option<String>,
    param: Option<String>,
    message: String,
}

impl IntoResponse for OpenAiError {
    fn into_response(self) -> Response {
        let body = json!({ "error": {
            "message": self.message, "type": self.kind, "param": self.param, "code": self.code,
        } });
        (self.status, Json(body)).into_response()
    }
}

fn error(status: u16, kind: &'static str, code: &str, message: &str) -> OpenAiError {
    OpenAiError {
        status: status_of(status),
        kind,
        code: (!code.is_empty()).then(|| code.to_owned()),
        param: None,
        message: message.to_owned(),
    }
}

pub(super) fn no_key() -> OpenAiError {
    error(401, "invalid_request_error", "", "You didn't provide an API key.")
}

pub(super) fn wrong_key() -> OpenAiError {
    error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.")
}

pub(super) fn not_json() -> OpenAiError {
    error(400, "invalid_request_error", "", "We could not parse the JSON body of your request.")
}

pub(super) fn nowhere() -> OpenAiError {
    error(404, "invalid_request_error", "unknown_url", "Unknown request URL.")
}

pub(super) fn missing(param: &str) -> OpenAiError {
    let message = format!("Missing required parameter: '{param}'.");
    bad(param, "missing_required_parameter", &message)
}

pub(super) fn bad(param: &str, code: &str, message: &str) -> OpenAiError {
    OpenAiError { param: Some(param.to_owned()), ..error(400, "invalid_request_error", code, message) }
}

pub(super) fn no_model(name: &str) -> OpenAiError {
    let message = format!("The model `{name}` does not exist or you do not have access to it.");
    error(404, "invalid_request_error", "model_not_found", &message)
}

pub(super) fn moderated() -> OpenAiError {
    let message = "Your request was rejected by the safety system.";
    error(400, "image_generation_user_error", "moderation_blocked", message)
}

pub(super) fn too_many() -> OpenAiError {
    error(429, "requests", "rate_limit_exceeded", "Rate limit reached for requests.")
}

pub(super) fn failing(status: StatusCode) -> OpenAiError {
    match status.as_u16() {
        401 => wrong_key(),
        // What an account without money is told.
        402 => error(429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
        code if code >= 500 => {
            error(code, "server_error", "", "The server had an error while processing your request.")
        }
        code => error(code, "invalid_request_error", "", "The request is refused."),
    }
}
