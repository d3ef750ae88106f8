//! The outbox: what happened, written in the transaction in which it happened.

use std::collections::BTreeSet;

use domain::event::EventKind;
use domain::{EventId, OrganizationId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError, hints};

/// An event to be written.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Its id: stable over every delivery.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// The data that goes out with it.
    pub payload: Value,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// Its id.
    pub id: EventId,
    /// Its name.
    pub kind: String,
    /// Its data.
    pub payload: Value,
    /// When it happened.
    pub created_at: Timestamp,
}

/// A webhook that asked for the event makes it wait for its distribution, behind all that the writer
/// knows to wait; where none did, nothing more is to be done. The names stand between quotes, so that
/// none is part of another.
pub(crate) const INSERT: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at, pending)
    VALUES ($1, $2, $3, $4, $5, (SELECT 1 + COALESCE((SELECT MAX(e.pending) FROM events e
            WHERE e.organization_id = $1 AND e.pending IS NOT NULL), 0)
        FROM webhooks w WHERE w.organization_id = $1 AND w.is_active = 1 AND w.events LIKE $6 LIMIT 1))
    RETURNING pending";
const LIST: &str = "SELECT id, kind, payload, created_at FROM events
    WHERE organization_id = $1 ORDER BY id LIMIT $2";
pub(crate) const IDS_AFTER: &str =
    "SELECT id FROM events WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3";
pub(crate) const BY_ID: &str = "SELECT e.id, e.kind, e.payload, e.created_at FROM v CROSS JOIN events e
    WHERE e.organization_id = v.organization_id AND e.id = v.id ORDER BY e.id";

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    event: &NewEvent,
    now: Timestamp,
) -> Result<(), StoreError> {
    let pending: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar(INSERT)
            .bind(organization.0)
            .bind(event.id.0)
            .bind(event.kind.as_str())
            .bind(to_json(&event.payload))
            .bind(now.as_micros())
            .bind(format!("%\"{}\"%", event.kind.as_str()))
            .fetch_one(&mut **c)
            .await?
    });
    if pending.is_some() {
        hints::raise();
    }
    Ok(())
}

pub(crate) const INSERT_ALL: &str =
    "INSERT INTO events (organization_id, id, kind, payload, created_at, pending)
    SELECT v.organization_id, v.id, v.kind, v.payload, v.created_at, (SELECT 1 + COALESCE((SELECT MAX(e.pending) FROM events e
            WHERE e.organization_id = v.organization_id AND e.pending IS NOT NULL), 0)
        FROM webhooks w WHERE w.organization_id = v.organization_id AND w.is_active = 1
          AND w.events LIKE '%\"' || v.kind || '\"%' LIMIT 1)
    FROM v";
/// How many webhooks wait for what has just been written.
pub(crate) const AWAITED: &str = "SELECT COUNT(*) FROM v CROSS JOIN webhooks w
    WHERE w.organization_id = v.organization_id AND w.is_active = 1 AND w.events LIKE '%\"' || v.kind || '\"%'";

/// Writes many events, of whichever organizations.
pub(crate) async fn insert_all(
    conn: &mut Conn<'_>,
    events: &[(OrganizationId, NewEvent, Timestamp)],
) -> Result<(), StoreError> {
    for some in events.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|(organization, _, _)| organization.0)),
            Column::uuids(some.iter().map(|(_, event, _)| event.id.0)),
            Column::texts(some.iter().map(|(_, event, _)| event.kind.as_str())),
            Column::texts(some.iter().map(|(_, event, _)| to_json(&event.payload))),
            Column::ints(some.iter().map(|(_, _, at)| at.as_micros())),
        ]);
        rows.execute(conn, "organization_id, id, kind, payload, created_at", INSERT_ALL).await?;
    }
    let kinds: BTreeSet<(Uuid, &str)> =
        events.iter().map(|(organization, event, _)| (organization.0, event.kind.as_str())).collect();
    if kinds.is_empty() {
        return Ok(());
    }
    let (organizations, kinds): (Vec<Uuid>, Vec<&str>) = kinds.into_iter().unzip();
    let rows = Rows::new([Column::uuids(organizations), Column::texts(kinds)]);
    let awaited: Vec<(i64,)> = rows.query_as(conn, "organization_id, kind", AWAITED).await?;
    if awaited.iter().any(|(webhooks,)| *webhooks > 0) {
        hints::raise();
    }
    Ok(())
}

impl Store {
    /// The organization's oldest events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_events(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<EventRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            sqlx::query_as(LIST).bind(organization.0).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        rows.into_iter().map(read_row).collect()
    }

    /// The ids of the organization's events after `after`, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_event_ids(
        &self,
        organization: OrganizationId,
        after: EventId,
        limit: u32,
    ) -> Result<Vec<EventId>, StoreError> {
        let mut read = self.read().await?;
        let ids: Vec<uuid::Uuid> = on!(read.conn(), |c| {
            sqlx::query_scalar(IDS_AFTER)
                .bind(organization.0)
                .bind(after.0)
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        Ok(ids.into_iter().map(EventId).collect())
    }

    /// Those of the organization's events that are still there, in the order of their ids.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn find_events(
        &self,
        organization: OrganizationId,
        ids: &[EventId],
    ) -> Result<Vec<EventRow>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(MOST_ROWS) {
            let rows = Rows::new([
                Column::uuids(some.iter().map(|_| organization.0)),
                Column::uuids(some.iter().map(|id| id.0)),
            ]);
            let mut read = self.read().await?;
            let read: Vec<Stored> = rows.query_as(&mut read.conn(), "organization_id, id", BY_ID).await?;
            found.extend(read.into_iter().map(read_row).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }
}

type Stored = (uuid::Uuid, String, String, i64);

fn read_row((id, kind, payload, created_at): Stored) -> Result<EventRow, StoreError> {
    Ok(EventRow {
        id: EventId(id),
        kind,
        payload: from_json("events", "payload", &id, &payload)?,
        created_at: Timestamp::from_micros(created_at),
    })
}
