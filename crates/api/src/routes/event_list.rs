//! `GET /events/list`

use axum::extract::{RawQuery, State};
use domain::EventId;
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ListErrors;
use crate::query::{PAGE_DEFAULT, Query};
use crate::routes::events::read_id;
use crate::wire::{EventList, EventListEnvelope, EventName};

/// From where on, and of what.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct ListEventsParams {
    /// A `cursor`, or the id of an event: what came after it. From the oldest on without it.
    #[param(required = false)]
    after: Option<uuid::Uuid>,
    /// What happened at or after this time, in place of `after`.
    #[param(required = false, format = DateTime)]
    since: Option<String>,
    /// These events alone, separated by commas.
    #[param(required = false, explode = false)]
    events: Option<Vec<EventName>>,
    /// Page size, 20 by default.
    #[param(required = false, minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// List what happened, the oldest first.
///
/// Sent again with the answer's `cursor`, it goes on where it ended: nothing is left out, and nothing comes
/// twice. An event is listed ten seconds after it happened; `GET /events` tells of it at once.
#[utoipa::path(get, path = "/events/list", operation_id = "list_events", tag = "events",
    params(ListEventsParams),
    responses((status = 200, body = EventListEnvelope), ListErrors))]
pub(crate) async fn list_events(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    RawQuery(query): RawQuery,
) -> Result<Reply, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let (limit, _) = query.page(PAGE_DEFAULT)?;
    let after = query.get("after").map(|text| read_id("after", text)).transpose()?;
    let after = match (after, query.time("since")?) {
        (Some(_), Some(_)) => return Err(ApiError::validation("since", "Send after or since, not both.")),
        (Some(after), None) => after,
        (None, Some(since)) => EventId::least_at(since),
        (None, None) => EventId::least_at(domain::Timestamp::from_micros(0)),
    };
    let kinds = query.followed_events()?;
    let page = app::events::list(&state.app, &scoped.caller, &kinds, after, limit as usize).await?;
    Reply::ok(&EventList::new(scoped.caller.organization_id, page))
}
