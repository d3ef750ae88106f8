//! `GET /webhooks/{webhook_id}/deliveries/{delivery_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::DeliveryPath;
use crate::wire::{DeliveryEnvelope, WebhookDelivery};

/// Get one delivery with its data and every try.
#[utoipa::path(get, path = "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    operation_id = "get_webhook_delivery", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook."),
        ("delivery_id" = uuid::Uuid, Path, description = "The delivery.")),
    responses((status = 200, body = DeliveryEnvelope), ItemErrors))]
pub(crate) async fn get_webhook_delivery(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    DeliveryPath(webhook, id): DeliveryPath,
) -> Result<Reply, ApiError> {
    let row = app::webhooks::delivery(&state.app, &scoped.caller, webhook, id).await?;
    Reply::ok(&WebhookDelivery::from(&row))
}
