//! The error shapes of TikTok: the envelope that every answer has, the flat one of the token
//! endpoint, and the bare status of the upload host.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::state::TikTok;
use crate::core::dispatch::internal;
use crate::core::error::SandboxError;

/// An answer that is no success.
#[derive(Debug)]
pub(super) enum Refused {
    /// In the envelope.
    Api { status: StatusCode, code: String, message: String },
    /// Flat.
    OAuth { code: &'static str, description: &'static str },
    /// The sandbox itself failed.
    Sandbox(SandboxError),
}

impl From<SandboxError> for Refused {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

pub(super) fn api(status: StatusCode, code: &str, message: &str) -> Refused {
    Refused::Api { status, code: code.to_owned(), message: message.to_owned() }
}

/// A parameter that is missing or wrong, as the Content Posting API says it.
pub(super) fn parameter(message: &str) -> Refused {
    api(StatusCode::BAD_REQUEST, "invalid_param", message)
}

/// The same, as the Display API says it.
pub(super) fn parameters(message: &str) -> Refused {
    api(StatusCode::BAD_REQUEST, "invalid_params", message)
}

pub(super) fn forbidden(code: &str, message: &str) -> Refused {
    api(StatusCode::FORBIDDEN, code, message)
}

/// The token is no token, or not any more.
pub(super) fn bad_token() -> Refused {
    let message = "The access token is invalid or not found in the request.";
    api(StatusCode::UNAUTHORIZED, "access_token_invalid", message)
}

/// The owner did not grant a scope.
pub(super) fn no_scope(scope: &str) -> Refused {
    let message =
        format!("The user did not authorize the scope required for completing this request: {scope}");
    api(StatusCode::UNAUTHORIZED, "scope_not_authorized", &message)
}

/// Too many calls in a minute.
pub(super) fn throttled() -> Refused {
    let message = "The API rate limit was exceeded. Please try again later.";
    api(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", message)
}

pub(super) fn oauth(code: &'static str, description: &'static str) -> Refused {
    Refused::OAuth { code, description }
}

/// What the gateway says to a path that it does not know, such as one without the slash at its end.
pub(super) fn no_path() -> Response {
    (StatusCode::NOT_FOUND, "Unsupported path").into_response()
}

impl TikTok {
    /// The number of a call in TikTok's own log.
    pub(super) fn log_id(&self) -> String {
        let time: String = self.world.now().to_iso_millis().chars().filter(char::is_ascii_digit).collect();
        format!("{}{:016X}", &time[..14], self.world.entropy.number())
    }

    /// An answer in the envelope.
    pub(super) fn answer(&self, answered: Result<Value, Refused>) -> Response {
        match answered {
            Ok(data) => {
                let error = json!({"code": "ok", "message": "", "log_id": self.log_id()});
                axum::Json(json!({"data": data, "error": error})).into_response()
            }
            Err(refused) => self.refusal(refused, StatusCode::BAD_REQUEST),
        }
    }

    /// A refusal in its shape; flat ones have this status.
    pub(super) fn refusal(&self, refused: Refused, flat: StatusCode) -> Response {
        match refused {
            Refused::Api { status, code, message } => {
                let error = json!({"code": code, "message": message, "log_id": self.log_id()});
                (status, axum::Json(json!({"data": {}, "error": error}))).into_response()
            }
            Refused::OAuth { code, description } => {
                let body = json!({"error": code, "error_description": description, "log_id": self.log_id()});
                (flat, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
            }
            Refused::Sandbox(error) => internal(&error),
        }
    }
}
