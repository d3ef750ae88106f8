//! `PATCH /webhooks/{webhook_id}`

use axum::extract::State;
use serde_json::json;

use super::input::{UpdateWebhookRequest, change};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::EditErrors;
use crate::routes::path::WebhookPath;
use crate::wire::{Webhook, WebhookEnvelope};

/// Change a webhook. Fields that are left out stay as they are.
#[utoipa::path(patch, path = "/webhooks/{webhook_id}", operation_id = "update_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook.")),
    request_body = UpdateWebhookRequest,
    responses((status = 200, body = WebhookEnvelope), EditErrors))]
pub(crate) async fn update_webhook(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    WebhookPath(id): WebhookPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let change = change(&body.unwrap_or_else(|| json!({})))?;
    let row = app::webhooks::update(&state.app, &scoped.caller, id, change).await?;
    Reply::ok(&Webhook::from(&row))
}
