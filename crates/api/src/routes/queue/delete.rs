//! `DELETE /queue`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::wire::{DeletedQueue, DeletedQueueEnvelope};

/// Delete the workspace's posting queue. Posts that took a slot stay scheduled.
#[utoipa::path(delete, path = "/queue", operation_id = "delete_queue", tag = "queue",
    responses((status = 200, body = DeletedQueueEnvelope), ItemErrors))]
pub(crate) async fn delete_queue(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
) -> Result<Reply, ApiError> {
    app::queue::delete(&state.app, &scoped.caller).await?;
    Reply::ok(&DeletedQueue { deleted: true })
}
