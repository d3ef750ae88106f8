//! `PATCH /queue`

use axum::extract::State;
use serde_json::json;

use super::input::{PREVIEW_DEFAULT, SetQueueRequest, patch};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::wire::{QueueForecast, QueueForecastEnvelope};

/// Set the workspace's posting queue: make it, or change what is named.
///
/// Posts that took a slot keep their time when the slots change.
#[utoipa::path(patch, path = "/queue", operation_id = "set_queue", tag = "queue",
    request_body = SetQueueRequest,
    responses((status = 200, body = QueueForecastEnvelope), WriteErrors))]
pub(crate) async fn set_queue(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let patch = patch(&body.unwrap_or_else(|| json!({})))?;
    let view = app::queue::set(&state.app, &scoped.caller, patch, PREVIEW_DEFAULT).await?;
    Reply::ok(&QueueForecast::of(Some(&view)))
}
