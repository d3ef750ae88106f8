//! `POST /webhooks/{webhook_id}/deliveries/requeue`

use axum::extract::State;
use serde_json::json;

use super::input::{RequeueDeliveriesRequest, delivery_ids};
use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::body::OptionalJsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ChangeErrors;
use crate::routes::path::WebhookPath;
use crate::wire::{RequeuedDeliveries, RequeuedDeliveriesEnvelope};

/// Try again what was given up.
///
/// All deliveries of the webhook that are `dead`, or those that the body names, get all their tries
/// anew. They go out in the order of their events.
#[utoipa::path(post, path = "/webhooks/{webhook_id}/deliveries/requeue",
    operation_id = "requeue_webhook_deliveries", tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook.")),
    request_body = Option<RequeueDeliveriesRequest>,
    responses((status = 200, body = RequeuedDeliveriesEnvelope), ChangeErrors))]
pub(crate) async fn requeue_webhook_deliveries(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    WebhookPath(id): WebhookPath,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Reply, ApiError> {
    let ids = delivery_ids(&body.unwrap_or_else(|| json!({})))?;
    let count = app::webhooks::requeue(&state.app, &scoped.caller, id, ids).await?;
    let message = match count {
        0 => "No delivery was given up, so there is nothing to try again.".to_owned(),
        1 => "1 delivery is tried again.".to_owned(),
        count => format!("{count} deliveries are tried again."),
    };
    Reply::ok(&RequeuedDeliveries { requeued_count: count, message })
}
