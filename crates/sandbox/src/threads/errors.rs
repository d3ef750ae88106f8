//! The error shapes of the Threads API: the Graph envelope, and the flat one of the code exchange.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::core::dispatch::internal;
use crate::core::error::SandboxError;

/// An answer that is no success.
#[derive(Debug)]
pub(super) enum ThreadsError {
    /// A JSON body with this status.
    Answer(StatusCode, Value),
    /// The sandbox itself failed.
    Sandbox(SandboxError),
}

impl From<SandboxError> for ThreadsError {
    fn from(error: SandboxError) -> Self {
        Self::Sandbox(error)
    }
}

impl IntoResponse for ThreadsError {
    fn into_response(self) -> Response {
        match self {
            Self::Answer(status, body) => (status, axum::Json(body)).into_response(),
            Self::Sandbox(error) => internal(&error),
        }
    }
}

fn envelope(status: StatusCode, code: u32, subcode: Option<u32>, message: &str) -> ThreadsError {
    let mut error = json!({
        "message": message,
        "type": if code == 100 && subcode == Some(33) { "GraphMethodException" } else { "OAuthException" },
        "code": code,
    });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    if matches!(code, 1 | 2 | 4) {
        error["is_transient"] = json!(true);
    }
    error["fbtrace_id"] = json!("AsandboxThreadsTrace01");
    ThreadsError::Answer(status, json!({"error": error}))
}

/// The usual shape.
pub(super) fn coded(code: u32, message: &str) -> ThreadsError {
    envelope(StatusCode::BAD_REQUEST, code, None, message)
}

/// The usual shape with a subcode, and words that an app may show to people.
pub(super) fn detailed(
    code: u32,
    subcode: u32,
    message: &str,
    title: &str,
    user_message: &str,
) -> ThreadsError {
    let ThreadsError::Answer(status, mut body) =
        envelope(StatusCode::BAD_REQUEST, code, Some(subcode), message)
    else {
        return coded(code, message);
    };
    body["error"]["error_user_title"] = json!(title);
    body["error"]["error_user_msg"] = json!(user_message);
    ThreadsError::Answer(status, body)
}

/// A parameter that is missing or wrong.
pub(super) fn parameter(message: &str) -> ThreadsError {
    coded(100, &format!("(#100) {message}"))
}

/// An object that is not there, or that the caller may not see.
pub(super) fn no_object(method: &str, id: &str) -> ThreadsError {
    let message = format!(
        "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
         permissions, or does not support this operation. Please read the Graph API documentation."
    );
    envelope(StatusCode::BAD_REQUEST, 100, Some(33), &message)
}

/// The token is no token, or not any more.
pub(super) fn bad_token(subcode: Option<u32>, why: &str) -> ThreadsError {
    let status = if subcode.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    envelope(status, 190, subcode, why)
}

/// The owner did not grant a scope.
pub(super) fn no_permission(scope: &str) -> ThreadsError {
    let message = format!("(#10) Application does not have permission for this action: {scope} is missing.");
    envelope(StatusCode::FORBIDDEN, 10, None, &message)
}

/// A version of the API that there is not.
pub(super) fn no_version(version: &str) -> ThreadsError {
    coded(2_500, &format!("Unknown path components: /{version}"))
}

/// The flat shape of the code exchange.
pub(super) fn flat(message: &str) -> ThreadsError {
    let body = json!({"error_type": "OAuthException", "code": 400, "error_message": message});
    ThreadsError::Answer(StatusCode::BAD_REQUEST, body)
}

/// A fault of the platform's own.
pub(super) fn failing(status: StatusCode) -> Response {
    match status.as_u16() {
        401 => bad_token(Some(460), "Error validating access token: The session is invalid.").into_response(),
        500 | 503 => {
            envelope(status, 2, None, "An unexpected error has occurred. Please retry your request later.")
                .into_response()
        }
        501..=599 => {
            let page = "<html><body><h1>Sorry, something went wrong.</h1></body></html>";
            (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        _ => envelope(status, 1, None, "An unknown error has occurred.").into_response(),
    }
}

/// Too many calls: status 400, as on all of the Graph API. It names no time; `Retry-After` is there
/// because whoever set the fault asked for one.
pub(super) fn throttled(retry_after_s: u64) -> Response {
    let answer = coded(4, "(#4) Application request limit reached").into_response();
    ([(header::RETRY_AFTER, retry_after_s.to_string())], answer).into_response()
}
