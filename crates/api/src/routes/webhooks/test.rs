//! `POST /webhooks/{webhook_id}/test`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::WebhookPath;
use crate::wire::{TestedWebhook, TestedWebhookEnvelope};

/// Try a webhook.
///
/// Sends one signed `webhook.test` event and waits for the receiver. The answer is 200 whether or not
/// the receiver took it; `ok` says that.
#[utoipa::path(post, path = "/webhooks/{webhook_id}/test", operation_id = "test_webhook", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook.")),
    responses((status = 200, body = TestedWebhookEnvelope), ItemErrors))]
pub(crate) async fn test_webhook(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    WebhookPath(id): WebhookPath,
) -> Result<Reply, ApiError> {
    let tested = app::webhooks::test(&state.app, &scoped.caller, id).await?;
    Reply::ok(&TestedWebhook::from(&tested))
}
