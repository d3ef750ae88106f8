//! Refusals in the Bot API's shape: `{"ok": false, "error_code", "description", "parameters"}`.

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::core::error::SandboxError;

/// A refusal.
#[derive(Debug)]
pub(super) struct BotError {
    status: StatusCode,
    description: String,
    parameters: Value,
}

impl IntoResponse for BotError {
    fn into_response(self) -> Response {
        let Self { status, description, parameters } = self;
        let mut body = json!({"ok": false, "error_code": status.as_u16(), "description": description});
        let retry_after = parameters["retry_after"].as_i64();
        if !parameters.is_null() {
            body["parameters"] = parameters;
        }
        let mut response = (status, Json(body)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert("retry-after", HeaderValue::from(seconds));
        }
        response
    }
}

impl From<SandboxError> for BotError {
    fn from(error: SandboxError) -> Self {
        let words = format!("Internal Server Error: {error}");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, description: words, parameters: Value::Null }
    }
}

fn plain(status: StatusCode, description: impl Into<String>) -> BotError {
    BotError { status, description: description.into(), parameters: Value::Null }
}

/// A request that is wrong; `what` as the platform puts it.
pub(super) fn bad(what: &str) -> BotError {
    plain(StatusCode::BAD_REQUEST, format!("Bad Request: {what}"))
}

pub(super) fn forbidden(what: &str) -> BotError {
    plain(StatusCode::FORBIDDEN, format!("Forbidden: {what}"))
}

pub(super) fn unauthorized() -> BotError {
    plain(StatusCode::UNAUTHORIZED, "Unauthorized")
}

/// A path that holds nothing like a token.
pub(super) fn no_token() -> BotError {
    plain(StatusCode::NOT_FOUND, "Not Found")
}

pub(super) fn no_method() -> BotError {
    plain(StatusCode::NOT_FOUND, "Not Found: method not found")
}

pub(super) fn too_large() -> BotError {
    plain(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
}

/// A text with markup that cannot be read.
pub(super) fn unparsed(why: &str) -> BotError {
    bad(&format!("can't parse entities: {why}"))
}

pub(super) fn flood(retry_after_s: u64) -> BotError {
    BotError {
        status: StatusCode::TOO_MANY_REQUESTS,
        description: format!("Too Many Requests: retry after {retry_after_s}"),
        parameters: json!({"retry_after": retry_after_s}),
    }
}

/// The group is a supergroup by now.
pub(super) fn migrated(to: i64) -> BotError {
    BotError {
        parameters: json!({"migrate_to_chat_id": to}),
        ..bad("group chat was upgraded to a supergroup chat")
    }
}

/// A failure that says nothing of its reason: the platform's own for 500, otherwise a page of the
/// server in front of it.
pub(super) fn failing(status: StatusCode) -> Response {
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        return plain(status, "Internal Server Error: restart").into_response();
    }
    let line = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let page = format!(
        "<html>\r\n<head><title>{line}</title></head>\r\n<body>\r\n<center><h1>{line}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, Html(page)).into_response()
}
