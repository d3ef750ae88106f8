//! Reading a JSON body: its size, its declared type, its form.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
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
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let declared = declared.map(ToOwned::to_owned);
    let limit = state.settings.body_bytes;
    let bytes = to_bytes(request.into_body(), limit).await.map_err(|_| ApiError::too_large(limit))?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    if let Some(declared) = declared.filter(|declared| !is_json(declared)) {
        return Err(ApiError::not_json_type(&declared));
    }
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| ApiError::invalid_json(&explain(&error)))?;
    refuse_nul(&value, "")?;
    Ok(Some(value))
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
