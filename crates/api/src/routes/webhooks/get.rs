//! `GET /webhooks/{webhook_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::WebhookPath;
use crate::wire::{Webhook, WebhookEnvelope};

/// Get one webhook.
#[utoipa::path(get, path = "/webhooks/{webhook_id}", operation_id = "get_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook.")),
    responses((status = 200, body = WebhookEnvelope), ItemErrors))]
pub(crate) async fn get_webhook(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    WebhookPath(id): WebhookPath,
) -> Result<Reply, ApiError> {
    let row = app::webhooks::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&Webhook::from(&row))
}
