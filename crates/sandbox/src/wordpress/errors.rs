//! Errors in the shape of the REST API: `{"code", "message", "data": {"status"}}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use super::state::User;
use crate::core::error::SandboxError;

/// A refusal.
#[derive(Debug)]
pub(super) struct RestError {
    status: StatusCode,
    code: &'static str,
    message: String,
    data: Value,
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let mut data = json!({"status": self.status.as_u16()});
        if let (Some(data), Value::Object(more)) = (data.as_object_mut(), self.data) {
            data.extend(more);
        }
        (self.status, Json(json!({"code": self.code, "message": self.message, "data": data}))).into_response()
    }
}

impl From<SandboxError> for RestError {
    fn from(error: SandboxError) -> Self {
        plain(StatusCode::INTERNAL_SERVER_ERROR, "internal_server_error", &error.to_string())
    }
}

pub(super) fn plain(status: StatusCode, code: &'static str, message: &str) -> RestError {
    RestError { status, code, message: message.to_owned(), data: Value::Null }
}

/// A refusal whose status tells whether anybody was signed in.
pub(super) fn not_allowed(caller: Option<&User>, code: &'static str, message: &str) -> RestError {
    let status = if caller.is_some() { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    plain(status, code, message)
}

pub(super) fn no_route() -> RestError {
    let message = "No route was found matching the URL and request method.";
    plain(StatusCode::NOT_FOUND, "rest_no_route", message)
}

pub(super) fn invalid_id() -> RestError {
    plain(StatusCode::NOT_FOUND, "rest_post_invalid_id", "Invalid post ID.")
}

/// A parameter that is not what it should be.
pub(super) fn invalid_param(name: &str, what: &str) -> RestError {
    RestError {
        status: StatusCode::BAD_REQUEST,
        code: "rest_invalid_param",
        message: format!("Invalid parameter(s): {name}"),
        data: json!({"params": {name: what}}),
    }
}

/// A term that is there already.
pub(super) fn term_exists(id: u64) -> RestError {
    RestError {
        status: StatusCode::BAD_REQUEST,
        code: "term_exists",
        message: "A term with the name provided already exists in this taxonomy.".to_owned(),
        data: json!({"term_id": id}),
    }
}

/// A file that the site will not have. WordPress answers 500.
pub(super) fn file_type() -> RestError {
    let message = "Sorry, you are not allowed to upload this file type.";
    plain(StatusCode::INTERNAL_SERVER_ERROR, "rest_upload_sideload_error", message)
}
