//! `GET /events`

use std::collections::VecDeque;

use app::events::EventFeed;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::{EventId, OrganizationId, Span, Timestamp, webhook};
use utoipa::IntoParams;

use crate::ApiState;
use crate::auth::{self, Credential, Read, Scoped};
use crate::envelope::bare;
use crate::error::ApiError;
use crate::openapi::ReadErrors;
use crate::query::Query;
use crate::streams::Open;
use crate::wire::EventName;

/// How often to look for something new.
const LOOK_EVERY: Span = Span::from_millis(500);
/// After what silence a line is sent, and how often the key is looked at again.
const BEAT_EVERY: Span = Span::from_seconds(15);
/// The first lines: how long a reader shall wait before it connects again, in milliseconds.
const BEGINNING: &[u8] = b"retry: 2000\n\n";
const BEAT: &[u8] = b": nothing new\n\n";

/// What to follow, and from where on.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the shape for the document; parameters are read one by one")]
pub(crate) struct StreamEventsParams {
    /// These events alone, separated by commas.
    #[param(required = false, explode = false)]
    events: Option<Vec<EventName>>,
    /// As the header `Last-Event-ID`, for readers that cannot send one.
    #[param(required = false)]
    last_event_id: Option<uuid::Uuid>,
}

/// Follow what happens, as server-sent events.
///
/// Each event has its id, its name and the same JSON that webhooks get. The stream has no end: a reader
/// that was cut off connects again with the header `Last-Event-ID` and misses nothing; what happened in
/// the ten seconds before that event may come twice, with the same id. It ends when the key does.
#[utoipa::path(get, path = "/events", operation_id = "stream_events", tag = "events",
    params(StreamEventsParams,
        ("Last-Event-ID" = Option<uuid::Uuid>, Header, description = "Go on after this event.")),
    responses((status = 200, content_type = "text/event-stream", body = String,
        description = "A stream of server-sent events."), ReadErrors))]
pub(crate) async fn stream_events(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = Query::parse(query.as_deref())?;
    let after = match headers.get("last-event-id") {
        Some(value) => Some(read_id("Last-Event-ID", value.to_str().unwrap_or_default())?),
        None => query.get("last_event_id").map(|text| read_id("last_event_id", text)).transpose()?,
    };
    let kinds = query.followed_events()?;
    let open = state.streams.open(auth::payer(&scoped.caller).key)?;
    let feed = EventFeed::open(&state.app, &scoped.caller, kinds, after).await?;
    let credential = Credential::of(&headers).ok_or_else(ApiError::no_key)?;
    let check_at = state.app.clock.now() + BEAT_EVERY;
    let organization = scoped.caller.organization_id;
    let ready = VecDeque::new();
    let following =
        Following { state, organization, feed, credential, check_at, beat_at: check_at, ready, open };
    let body = futures_util::stream::unfold((following, true), |(mut following, begins)| async move {
        let lines = if begins { Bytes::from_static(BEGINNING) } else { following.next().await? };
        Some((Ok::<_, std::convert::Infallible>(lines), (following, false)))
    });
    Ok(bare((
        [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")],
        Body::from_stream(body),
    )))
}

/// A stream. What comes next is read when the reader has taken what came before, so that a slow one
/// costs no memory.
struct Following {
    state: ApiState,
    organization: OrganizationId,
    feed: EventFeed,
    credential: Credential,
    check_at: Timestamp,
    beat_at: Timestamp,
    ready: VecDeque<Bytes>,
    open: Open,
}

impl Following {
    /// The next lines; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        let clock = std::sync::Arc::clone(&self.state.app.clock);
        loop {
            let now = clock.now();
            if now >= self.check_at {
                let caller = self.credential.caller(&self.state).await.ok()?;
                // Who looks at another organization now follows another stream.
                Some(caller).filter(|caller| caller.organization_id == self.organization)?;
                self.check_at = now + BEAT_EVERY;
            }
            if let Some(lines) = self.ready.pop_front() {
                self.beat_at = now + BEAT_EVERY;
                return Some(lines);
            }
            let events = match self.feed.next_page().await {
                Ok(events) => events,
                Err(error) => {
                    tracing::warn!(error = %error, "a stream of events is cut; its reader comes back");
                    return None;
                }
            };
            self.ready.extend(events.iter().map(|event| {
                let organization = self.organization;
                let data =
                    webhook::body(organization, &event.kind, event.id, event.created_at, &event.payload);
                Bytes::from(format!("id: {}\nevent: {}\ndata: {data}\n\n", event.id, event.kind))
            }));
            if !self.ready.is_empty() {
                continue;
            }
            if now >= self.beat_at {
                self.beat_at = now + BEAT_EVERY;
                return Some(Bytes::from_static(BEAT));
            }
            tokio::select! {
                () = clock.poll_until(now + LOOK_EVERY) => {}
                () = self.open.ended() => return None,
            }
        }
    }
}

/// The id of an event, in a parameter or a header of this name.
pub(super) fn read_id(name: &str, text: &str) -> Result<EventId, ApiError> {
    text.trim()
        .parse()
        .map_err(|_| ApiError::validation(name, format!("{name} must be the id of an event, a UUID.")))
}
