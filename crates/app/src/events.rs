//! What happens in an organization, as a feed that can be followed and taken up again.
//!
//! Ids are made in the order of time, but what was made earlier may become durable later (another
//! writer, another node). So each look begins a while before the newest event that is known, and
//! what was handed out already is passed over.

use std::collections::BTreeSet;

use domain::event::EventKind;
use domain::{EventId, OrganizationId, Span};
use store::EventRow;

use crate::{App, AppError, Caller};

/// By how much an event may become durable later than one that happened after it.
pub const OVERLAP: Span = Span::from_seconds(10);
/// The most events that a look hands out.
const PAGE: usize = 100;
/// How many ids are looked at in one query.
const LOOK: u32 = 1_000;

/// One reader's place in the events of an organization. Holds ids alone, those of [`OVERLAP`].
pub struct EventFeed {
    app: App,
    organization: OrganizationId,
    kinds: Vec<EventKind>,
    /// Nothing up to here is looked at again.
    floor: EventId,
    /// What was handed out or passed over, from the floor on.
    known: BTreeSet<EventId>,
}

impl EventFeed {
    /// Begins after the event `after`, or with what happens from now on. With `kinds`, others are
    /// passed over.
    ///
    /// Events of the [`OVERLAP`] before `after` come again: which of them its reader has seen is not
    /// known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(
        app: &App,
        caller: &Caller,
        kinds: Vec<EventKind>,
        after: Option<EventId>,
    ) -> Result<Self, AppError> {
        let organization = caller.organization_id;
        let start = after.map_or_else(|| app.clock.now(), EventId::moment);
        let floor = EventId::least_at(start - OVERLAP);
        let mut feed = Self { app: app.clone(), organization, kinds, floor, known: BTreeSet::new() };
        match after {
            Some(seen) => drop(feed.known.insert(seen)),
            None => while !feed.take_new().await?.is_empty() {},
        }
        Ok(feed)
    }

    /// What is new, the oldest first; nothing when nothing is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_page(&mut self) -> Result<Vec<EventRow>, AppError> {
        loop {
            let new = self.take_new().await?;
            if new.is_empty() {
                return Ok(Vec::new());
            }
            let mut events = self.app.store.find_events(self.organization, &new).await?;
            events.retain(|event| self.wants(event));
            // Ids alone tell milliseconds apart, and no less.
            events.sort_by_key(|event| (event.created_at, event.id));
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    fn wants(&self, event: &EventRow) -> bool {
        is_wanted(&self.kinds, event)
    }

    /// The ids of a page that was not known, which is known from now on.
    async fn take_new(&mut self) -> Result<Vec<EventId>, AppError> {
        let mut new = Vec::new();
        let mut cursor = self.floor;
        while new.len() < PAGE {
            let ids = self.app.store.list_event_ids(self.organization, cursor, LOOK).await?;
            let room = PAGE - new.len();
            new.extend(ids.iter().filter(|id| !self.known.contains(id)).take(room));
            match ids.last() {
                Some(last) if ids.len() >= LOOK as usize => cursor = *last,
                _ => break,
            }
        }
        self.known.extend(&new);
        if let Some(newest) = self.known.last() {
            self.floor = self.floor.max(EventId::least_at(newest.moment() - OVERLAP));
            self.known = self.known.split_off(&self.floor);
        }
        Ok(new)
    }
}

fn is_wanted(kinds: &[EventKind], event: &EventRow) -> bool {
    kinds.is_empty() || kinds.iter().any(|kind| kind.as_str() == event.kind)
}

/// How many events one page looks through. A filter that few pass costs no more than this.
const LOOKED_THROUGH: usize = 10 * LOOK as usize;

/// A page of what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPage {
    /// In the order of their ids.
    pub events: Vec<EventRow>,
    /// Where the next page begins.
    pub cursor: EventId,
    /// Whether more is there already.
    pub has_more: bool,
}

/// What happened after `after`, the oldest first.
///
/// What is younger than [`OVERLAP`] is left for a later page: until then something may become durable
/// that belongs before it. So nothing is left out, and nothing comes twice.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    caller: &Caller,
    kinds: &[EventKind],
    after: EventId,
    limit: usize,
) -> Result<EventPage, AppError> {
    let organization = caller.organization_id;
    let settled = EventId::least_at(app.clock.now() - OVERLAP);
    let mut page = EventPage { events: Vec::new(), cursor: after, has_more: false };
    let mut looked_through = 0;
    loop {
        let mut ids = app.store.list_event_ids(organization, page.cursor, LOOK).await?;
        ids.retain(|id| *id < settled);
        for some in ids.chunks(PAGE) {
            for event in app.store.find_events(organization, some).await? {
                if is_wanted(kinds, &event) {
                    if page.events.len() == limit {
                        page.has_more = true;
                        return Ok(page);
                    }
                    page.cursor = event.id;
                    page.events.push(event);
                }
            }
            page.cursor = some.last().map_or(page.cursor, |last| page.cursor.max(*last));
        }
        looked_through += ids.len();
        if ids.len() < LOOK as usize {
            return Ok(page);
        }
        if looked_through >= LOOKED_THROUGH {
            page.has_more = true;
            return Ok(page);
        }
    }
}
