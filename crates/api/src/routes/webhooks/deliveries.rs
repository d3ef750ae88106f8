//! `GET /webhooks/{webhook_id}/deliveries`

use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::cursor::Place;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::DeleteErrors;
use crate::query::{DELIVERIES, Query};
use crate::routes::path::WebhookPath;
use crate::wire::{DeliveryList, DeliveryListEnvelope, EventName, Pagination, WebhookDelivery};

/// Filters and page of the log.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ListDeliveriesParams {
    /// Where they stand.
    #[param(required = false, inline)]
    status: Option<Status>,
    /// What they tell of.
    #[param(required = false)]
    event: Option<EventName>,
    /// Page size, 20 by default.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// Deliveries to pass over.
    #[param(required = false, minimum = 0)]
    offset: Option<i64>,
    /// A `next_cursor`, to get the page after that one; with the same filters.
    #[param(required = false)]
    cursor: Option<String>,
}

/// Where a delivery stands.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
enum Status {
    Pending,
    Delivered,
    Dead,
}

/// List what was sent to a webhook, the latest first.
///
/// The log goes back 30 days and holds every try with the receiver's status, the time that it took and
/// the reason of a failure.
#[utoipa::path(get, path = "/webhooks/{webhook_id}/deliveries", operation_id = "list_webhook_deliveries",
    tag = "webhooks",
    params(("webhook_id" = uuid::Uuid, Path, description = "The webhook."), ListDeliveriesParams),
    responses((status = 200, body = DeliveryListEnvelope), DeleteErrors))]
pub(crate) async fn list_webhook_deliveries(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    WebhookPath(id): WebhookPath,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?.list_deliveries()?;
    let page = app::webhooks::list_deliveries(&state.app, &scoped.caller, id, &query).await?;
    let next = page.next.map(|id| Place { at: None, id: id.0 }.write(DELIVERIES));
    Reply::ok(&DeliveryList {
        deliveries: page.deliveries.iter().map(WebhookDelivery::from).collect(),
        pagination: Pagination::with_cursor(query.limit, query.offset, page.total, next),
    })
}
