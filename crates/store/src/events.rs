//! The outbox: what happened, written in the transaction in which it happened.

use domain::event::EventKind;
use domain::{EventId, OrganizationId, Timestamp};
use serde_json::Value;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

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

const INSERT: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at)
    VALUES ($1, $2, $3, $4, $5)";
const LIST: &str = "SELECT id, kind, payload, created_at FROM events
    WHERE organization_id = $1 ORDER BY id LIMIT $2";

pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    event: &NewEvent,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(INSERT)
            .bind(organization.0)
            .bind(event.id.0)
            .bind(event.kind.as_str())
            .bind(to_json(&event.payload))
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

const INSERT_ALL: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at)
    SELECT v.organization_id, v.id, v.kind, v.payload, v.created_at FROM v";

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
        let rows: Vec<(uuid::Uuid, String, String, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST).bind(organization.0).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        rows.into_iter()
            .map(|(id, kind, payload, created_at)| {
                Ok(EventRow {
                    id: EventId(id),
                    kind,
                    payload: from_json("events", "payload", &id, &payload)?,
                    created_at: Timestamp::from_micros(created_at),
                })
            })
            .collect()
    }
}
