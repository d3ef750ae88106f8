//! Bodies that are too large for memory: taken piece by piece, and given up when nothing comes.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::BodyExt as _;

use crate::error::ApiError;

/// How long a sender may send nothing.
const IDLE: Duration = Duration::from_mins(1);
/// How much of a body is read and thrown away after a refusal: many clients look for an answer only
/// once they have sent everything.
const PATIENCE: usize = 16 * 1024 * 1024;

/// The next piece of a body; `None` at its end.
pub(super) async fn next(body: &mut Body) -> Result<Option<Bytes>, ApiError> {
    loop {
        let frame = tokio::time::timeout(IDLE, body.frame()).await.map_err(|_| stopped())?;
        let Some(frame) = frame else { return Ok(None) };
        if let Ok(data) = frame.map_err(|_| ApiError::unreadable())?.into_data() {
            return Ok(Some(data));
        }
    }
}

/// Reads some of what is left of a body that was refused.
pub(super) async fn drain(mut body: Body) {
    let mut size = 0;
    while size < PATIENCE {
        match next(&mut body).await {
            Ok(Some(data)) => size += data.len(),
            Ok(None) | Err(_) => return,
        }
    }
}

fn stopped() -> ApiError {
    let message = "The body stopped before its end.";
    ApiError::protocol(StatusCode::REQUEST_TIMEOUT, "validation_error", message)
}
