//! `DELETE /webhooks/{webhook_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::WebhookPath;
use crate::wire::{DeletedWebhook, DeletedWebhookEnvelope};

/// Delete a webhook with the log of what was sent to it.
#[utoipa::path(delete, path = "/webhooks/{webhook_id}", operation_id = "delete_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook.")),
    responses((status = 200, body = DeletedWebhookEnvelope), ItemErrors))]
pub(crate) async fn delete_webhook(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    WebhookPath(id): WebhookPath,
) -> Result<Reply, ApiError> {
    app::webhooks::delete(&state.app, &scoped.caller, id).await?;
    Reply::ok(&DeletedWebhook { id: id.0, deleted: true })
}
