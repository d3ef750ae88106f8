//! `GET /webhooks`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ReadErrors;
use crate::wire::{Webhook, WebhookList, WebhookListEnvelope};

/// List the organization's webhooks, oldest first.
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    responses((status = 200, body = WebhookListEnvelope), ReadErrors))]
pub(crate) async fn list_webhooks(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
) -> Result<Reply, ApiError> {
    let rows = app::webhooks::list(&state.app, &scoped.caller).await?;
    Reply::ok(&WebhookList { webhooks: rows.iter().map(Webhook::from).collect() })
}
