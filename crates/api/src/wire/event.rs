//! Events on the wire, as webhooks get them.

use app::events::EventPage;
use domain::OrganizationId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of what happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventList {
    /// The oldest first.
    events: Vec<Event>,
    /// Send it as `after` to go on from here.
    cursor: Uuid,
    /// Whether more is there already.
    has_more: bool,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    /// What.
    #[schema(example = "post.published")]
    event: String,
    /// The same in every delivery and on every page.
    event_id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    created_at: String,
    /// Where.
    organization_id: Uuid,
    /// The facts, which depend on `event`.
    #[schema(value_type = Object)]
    data: Value,
}

impl EventList {
    pub(crate) fn new(organization: OrganizationId, page: EventPage) -> Self {
        let events = page.events.into_iter().map(|event| Event {
            event: event.kind,
            event_id: event.id.0,
            created_at: event.created_at.to_iso_millis(),
            organization_id: organization.0,
            data: event.payload,
        });
        Self { events: events.collect(), cursor: page.cursor.0, has_more: page.has_more }
    }
}
