//! `POST /webhooks`

use axum::extract::State;

use super::input::{CreateWebhookRequest, new};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::WriteErrors;
use crate::wire::{CreatedWebhook, CreatedWebhookEnvelope};

/// Make a webhook.
///
/// The answer carries its secret, once. An organization has 25 webhooks at most; one more is refused
/// with 403 `quota_exceeded`.
#[utoipa::path(post, path = "/webhooks", operation_id = "create_webhook", tag = "webhooks",
    request_body = CreateWebhookRequest,
    responses((status = 201, body = CreatedWebhookEnvelope), WriteErrors))]
pub(crate) async fn create_webhook(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let keep = scoped.keep(|made| Reply::created(&CreatedWebhook::from(made)));
    let created = app::webhooks::create(&state.app, &scoped.caller, new(&body)?, keep).await?;
    Ok(scoped.kept(Reply::created(&CreatedWebhook::from(&created))?))
}
