//! Refusals in Discord's shape: `{"message", "code"}`, and for a body that is wrong a tree of what is
//! wrong with which field.

use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::core::error::SandboxError;

/// From this version on the tree is told; before it, only the fields of the first level.
const TREES_SINCE: u8 = 8;

/// A refusal.
#[derive(Debug)]
pub(super) struct DiscordError {
    status: StatusCode,
    code: u32,
    message: String,
    errors: Map<String, Value>,
}

impl DiscordError {
    /// The answer that callers of this API version get.
    pub(super) fn answer(self, version: u8) -> Response {
        let Self { status, code, message, errors } = self;
        if errors.is_empty() {
            return (status, Json(json!({"message": message, "code": code}))).into_response();
        }
        if version >= TREES_SINCE {
            let body = json!({"message": message, "code": code, "errors": errors});
            return (status, Json(body)).into_response();
        }
        let flat = errors.into_iter().map(|(name, tree)| {
            let told = match tree["_errors"].as_array() {
                Some(problems) => problems.iter().map(|problem| problem["message"].clone()).collect(),
                None => tree.as_object().into_iter().flatten().map(|(below, _)| json!(below)).collect(),
            };
            (name, Value::Array(told))
        });
        (status, Json(Value::Object(flat.collect()))).into_response()
    }
}

impl From<SandboxError> for DiscordError {
    fn from(error: SandboxError) -> Self {
        known(StatusCode::INTERNAL_SERVER_ERROR, 0, &format!("500: Internal Server Error ({error})"))
    }
}

pub(super) fn known(status: StatusCode, code: u32, message: &str) -> DiscordError {
    DiscordError { status, code, message: message.to_owned(), errors: Map::new() }
}

pub(super) fn bad(code: u32, message: &str) -> DiscordError {
    known(StatusCode::BAD_REQUEST, code, message)
}

pub(super) fn no_webhook() -> DiscordError {
    known(StatusCode::NOT_FOUND, 10_015, "Unknown Webhook")
}

pub(super) fn bad_token() -> DiscordError {
    known(StatusCode::UNAUTHORIZED, 50_027, "Invalid Webhook Token")
}

pub(super) fn no_message() -> DiscordError {
    known(StatusCode::NOT_FOUND, 10_008, "Unknown Message")
}

pub(super) fn too_large() -> DiscordError {
    known(StatusCode::PAYLOAD_TOO_LARGE, 40_005, "Request entity too large")
}

pub(super) fn not_json() -> DiscordError {
    bad(50_109, "The request body contains invalid JSON.")
}

/// A path that does not exist, or not with this method.
pub(super) fn nowhere(status: StatusCode) -> DiscordError {
    let reason = status.canonical_reason().unwrap_or_default();
    known(status, 0, &format!("{}: {reason}", status.as_u16()))
}

/// A client that does not say who it is.
pub(super) fn unnamed_client() -> DiscordError {
    known(StatusCode::FORBIDDEN, 40_333, "internal network error")
}

/// A failure that says nothing of its reason: Discord's own, or a page of the server in front.
pub(super) fn failing(status: StatusCode) -> Response {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => {
            known(status, 130_000, "API resource is currently overloaded").answer(10)
        }
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => page(status),
        other => nowhere(other).answer(10),
    }
}

/// A page of the server in front of the API.
pub(super) fn page(status: StatusCode) -> Response {
    let line = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let html = format!(
        "<html>\n<head><title>{line}</title></head>\n<body><center><h1>{line}</h1></center><hr><center>cloudflare</center></body>\n</html>\n"
    );
    (status, Html(html)).into_response()
}

/// What is wrong with the fields of a body.
#[derive(Default)]
pub(super) struct Problems(Map<String, Value>);

impl Problems {
    /// Notes a problem of the field at `path`, such as `embeds.0.title`.
    pub(super) fn add(&mut self, path: &str, code: &str, message: &str) {
        let mut place = &mut self.0;
        for name in path.split('.') {
            let below = place.entry(name).or_insert_with(|| json!({}));
            let Value::Object(members) = below else { return };
            place = members;
        }
        let problem = json!({"code": code, "message": message});
        if let Value::Array(problems) = place.entry("_errors").or_insert_with(|| json!([])) {
            problems.push(problem);
        }
    }

    /// A text that may have up to `max` characters.
    pub(super) fn at_most(&mut self, path: &str, text: &str, max: usize) {
        if text.encode_utf16().count() > max {
            self.add(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {max} or fewer in length."));
        }
    }

    /// An address of the web.
    pub(super) fn web_address(&mut self, path: &str, text: &str, also: &[&str]) {
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            None => self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL."),
            Some("http" | "https") => {}
            Some(other) if also.contains(&other) => {}
            Some(other) => {
                let message =
                    format!("Scheme \"{other}\" is not supported. Scheme must be one of ('http', 'https').");
                self.add(path, "URL_TYPE_INVALID_SCHEME", &message);
            }
        }
    }

    /// The refusal, if anything is wrong.
    pub(super) fn end(self) -> Result<(), DiscordError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(DiscordError { errors: self.0, ..bad(50_035, "Invalid Form Body") })
    }
}
