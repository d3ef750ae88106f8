//! `POST /webhooks/{webhook_id}/deliveries/{delivery_id}/replay`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ActionErrors;
use crate::routes::path::DeliveryPath;
use crate::wire::{ReplayedDelivery, ReplayedDeliveryEnvelope};

/// Send an event once more.
///
/// Makes a new delivery of the same event, with the same `event_id`. It goes out after what waits
/// already.
#[utoipa::path(post, path = "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    operation_id = "replay_webhook_delivery", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook."),
        ("delivery_id" = uuid::Uuid, Path, description = "The delivery.")),
    responses((status = 201, body = ReplayedDeliveryEnvelope), ActionErrors))]
pub(crate) async fn replay_webhook_delivery(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    DeliveryPath(webhook, id): DeliveryPath,
) -> Result<Reply, ApiError> {
    let keep = scoped.keep(|made| Reply::created(&ReplayedDelivery::from(made)));
    let replayed = app::webhooks::replay(&state.app, &scoped.caller, webhook, id, keep).await?;
    Ok(scoped.kept(Reply::created(&ReplayedDelivery::from(&replayed))?))
}
