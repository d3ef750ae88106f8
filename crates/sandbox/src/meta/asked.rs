//! A call to one of Meta's hosts with what belongs to it, and the headers of a good answer.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::request::GraphRequest;
use crate::core::emulator::Call;
use crate::core::origin::Origin;

/// A call with what belongs to it.
pub(crate) struct Asked {
    pub(crate) request: GraphRequest,
    pub(crate) origin: Origin,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// Reads a call, or answers what cannot be read.
    pub(crate) async fn read(request: Request) -> Result<Self, StatusCode> {
        let (parts, body) = request.into_parts();
        let origin = parts.extensions.get::<Origin>().cloned().ok_or(StatusCode::NOT_FOUND)?;
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(|_| StatusCode::BAD_REQUEST)?;
        let request = GraphRequest::read(&Call {
            host: &origin.host,
            method: &parts.method,
            path: parts.uri.path(),
            query: parts.uri.query(),
            headers: &parts.headers,
            body: &body,
        });
        Ok(Self { request, origin, headers: parts.headers, body })
    }
}

/// A good answer, with the headers that tell what is used up: by the app, and by the `holder` of a
/// bucket of this kind.
pub(crate) fn good(answer: Value, kind: &str, holder: Option<String>) -> Response {
    let mut answer = axum::Json(answer).into_response();
    let mut usage = |name: &'static str, value: &Value| {
        if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    usage("x-app-usage", &json!({"call_count": 1, "total_time": 1, "total_cputime": 1}));
    if let Some(holder) = holder {
        let bucket = json!({
            "type": kind,
            "call_count": 1,
            "total_cputime": 1,
            "total_time": 1,
            "estimated_time_to_regain_access": 0,
        });
        usage("x-business-use-case-usage", &json!({holder: [bucket]}));
    }
    answer
}
