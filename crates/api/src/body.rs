//! Reading a JSON body: its size, its declared type, its form.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use http_body_util::BodyExt as _;
use serde_json::Value;

use crate::ApiState;
use crate::error::ApiError;

/// A JSON body that must be there.
pub(crate) struct JsonBody(pub(crate) Value);

/// A JSON body that may be missing: clients send none where all of it is optional.
pub(crate) struct OptionalJsonBody(pub(crate) Option<Value>);

impl FromRequest<ApiState> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, ApiError> {
        match read(request, state).await? {
            Some(value) => Ok(Self(value)),
            None => Err(ApiError::invalid_json("it is empty")),
        }
    }
}

impl FromRequest<ApiState> for OptionalJsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, ApiError> {
        Ok(Self(read(request, state).await?))
    }
}

async fn read(request: Request, state: &ApiState) -> Result<Option<Value>, ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = collect(body, state.settings.body_bytes).await?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let declared = parts.headers.get(header::CONTENT_TYPE);
    if let Some(declared) = declared
        && !declared.to_str().is_ok_and(is_json)
    {
        return Err(ApiError::not_json_type(&String::from_utf8_lossy(declared.as_bytes())));
    }
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| ApiError::invalid_json(&explain(&error)))?;
    // JSON writes NUL as an escape only, so most bodies need no second look.
    if bytes.windows(6).any(|window| window == br"\u0000") {
        refuse_nul(&value, "")?;
    }
    Ok(Some(value))
}

/// Reads a body of at most `limit` bytes. What comes beyond is read for a while and thrown away:
/// many clients look for an answer only once they have sent everything.
pub(crate) async fn collect(mut body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    const PATIENCE: usize = 8;
    let mut bytes = Vec::new();
    let mut size = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| ApiError::unreadable())?.into_data() else { continue };
        size = size.saturating_add(data.len());
        if size <= limit {
            bytes.extend_from_slice(&data);
        } else if size > limit.saturating_mul(PATIENCE) {
            break;
        }
    }
    if size > limit { Err(ApiError::too_large(limit)) } else { Ok(bytes) }
}

fn is_json(declared: &str) -> bool {
    let essence = declared.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// What is wrong and where, with the usual cause where there is one.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if text.contains("control character") {
        return format!("{text}; write a line break inside a text as \\n");
    }
    text
}

/// A NUL byte cannot be stored by every database, and no platform takes one.
fn refuse_nul(value: &Value, path: &str) -> Result<(), ApiError> {
    match value {
        Value::String(text) if text.contains('\0') => {
            Err(ApiError::validation(path, format!("{path} must not hold NUL characters.")))
        }
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| {
            if item.is_string() || item.is_array() || item.is_object() {
                refuse_nul(item, &format!("{path}[{at}]"))
            } else {
                Ok(())
            }
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            if name.contains('\0') {
                return Err(ApiError::validation(path, "A member's name must not hold NUL characters."));
            }
            refuse_nul(member, &inner)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}
