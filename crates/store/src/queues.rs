//! Posting queues: a workspace's slots, which of them are free, and posts that take the next one.
//!
//! A slot is taken by whatever post of the workspace is due at it, however it got there. Two posts
//! that ask at once take their turn at the queue's row, so each sees what the other one took.

use domain::queue::{HORIZON, SLOT_LENGTH, Slot, Timetable};
use domain::{OrganizationId, Span, Timestamp, WorkspaceId};

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// A queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueRow {
    /// Its name.
    pub name: String,
    /// The zone that its slots are times of.
    pub timezone: String,
    /// Its slots, in order, each once.
    pub slots: Vec<Slot>,
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueuePatch {
    /// Another name.
    pub name: Option<String>,
    /// Another zone.
    pub timezone: Option<String>,
    /// Other slots, in order, each once.
    pub slots: Option<Vec<Slot>>,
}

/// What comes of asking for a slot.
pub(crate) enum Queued {
    /// It is free.
    At(Timestamp),
    /// Every slot up to the horizon is taken.
    Full,
    /// There is no queue.
    NoQueue,
}

pub(crate) const FIND: &str =
    "SELECT name, timezone, slots FROM queues WHERE organization_id = $1 AND workspace_id = $2";
const LOCK: &str = "SELECT name, timezone, slots FROM queues
    WHERE organization_id = $1 AND workspace_id = $2 FOR NO KEY UPDATE";
const WRITE: &str = "INSERT INTO queues (organization_id, workspace_id, name, timezone, slots, created_at,
        updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
    ON CONFLICT (organization_id, workspace_id) DO UPDATE
        SET name = excluded.name, timezone = excluded.timezone, slots = excluded.slots,
            updated_at = excluded.updated_at";
const DELETE: &str = "DELETE FROM queues WHERE organization_id = $1 AND workspace_id = $2";
pub(crate) const TAKEN_COLUMNS: &str = "organization_id, workspace_id, opens_at, ends_at";
pub(crate) const TAKEN: &str = "SELECT v.opens_at FROM v WHERE EXISTS (
    SELECT 1 FROM posts p WHERE p.organization_id = v.organization_id AND p.workspace_id = v.workspace_id
        AND p.deleted_at IS NULL AND p.scheduled_for >= v.opens_at AND p.scheduled_for < v.ends_at
        AND p.status <> 'draft')";

/// How far ahead is looked at a time.
const STEP: Span = Span::from_days(28);

#[derive(sqlx::FromRow)]
struct Stored {
    name: String,
    timezone: String,
    slots: String,
}

impl Stored {
    fn read(self, workspace: WorkspaceId) -> Result<QueueRow, StoreError> {
        let minutes: Vec<u16> = from_json("queues", "slots", &workspace, &self.slots)?;
        let slots = minutes.iter().map(|minute| Slot::from_minute(*minute)).collect::<Option<_>>();
        let slots = slots.ok_or_else(|| corrupt(workspace, "slots", "no minute of a week"))?;
        Ok(QueueRow { name: self.name, timezone: self.timezone, slots })
    }
}

fn corrupt(workspace: WorkspaceId, column: &'static str, reason: &str) -> StoreError {
    let (table, id) = ("queues", workspace.to_string());
    StoreError::Corrupt { table, column, id, reason: reason.to_owned() }
}

impl QueueRow {
    fn timetable(&self, workspace: WorkspaceId) -> Result<Timetable, StoreError> {
        let table = Timetable::new(&self.timezone, self.slots.clone());
        table.ok_or_else(|| corrupt(workspace, "timezone", "unknown zone"))
    }
}

impl Store {
    /// The workspace's queue.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_queue(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
    ) -> Result<Option<QueueRow>, StoreError> {
        let mut read = self.read().await?;
        find(&mut read.conn(), FIND, organization, workspace).await
    }

    /// The queue's next free slots, at most `most` of them.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn list_free_slots(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        queue: &QueueRow,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        free(&mut read.conn(), organization, workspace, queue, now, most).await
    }

    /// Changes the queue, or makes it, and gives it as it is then. `fresh` is what a queue is that has
    /// to be made; `None` where it cannot be.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn set_queue(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        patch: QueuePatch,
        fresh: Option<QueueRow>,
        now: Timestamp,
    ) -> Result<Option<QueueRow>, StoreError> {
        self.writer
            .run(move |mut conn| {
                let (patch, fresh) = (patch.clone(), fresh.clone());
                Box::pin(async move {
                    let Some(before) = lock(&mut conn, organization, workspace).await?.or(fresh) else {
                        return Ok(None);
                    };
                    let row = QueueRow {
                        name: patch.name.unwrap_or(before.name),
                        timezone: patch.timezone.unwrap_or(before.timezone),
                        slots: patch.slots.unwrap_or(before.slots),
                    };
                    let minutes: Vec<u16> = row.slots.iter().map(|slot| slot.minute()).collect();
                    on!(&mut conn, |c| {
                        sqlx::query(WRITE)
                            .bind(organization.0)
                            .bind(workspace.0)
                            .bind(&row.name)
                            .bind(&row.timezone)
                            .bind(to_json(&minutes))
                            .bind(now.as_micros())
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(Some(row))
                })
            })
            .await
    }

    /// Forgets the queue; posts that took its slots stay as they are. `false` when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_queue(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let deleted = on!(&mut conn, |c| {
                        sqlx::query(DELETE)
                            .bind(organization.0)
                            .bind(workspace.0)
                            .execute(&mut **c)
                            .await?
                            .rows_affected()
                    });
                    Ok(deleted == 1)
                })
            })
            .await
    }
}

/// The next free slot after `now`, which stays so until the transaction of `conn` ends.
pub(crate) async fn next_free(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    now: Timestamp,
) -> Result<Queued, StoreError> {
    let Some(queue) = lock(conn, organization, workspace).await? else { return Ok(Queued::NoQueue) };
    let found = free(conn, organization, workspace, &queue, now, 1).await?;
    Ok(found.into_iter().next().map_or(Queued::Full, Queued::At))
}

/// The queue, which nobody else takes slots of until this transaction ends.
async fn lock(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
) -> Result<Option<QueueRow>, StoreError> {
    let text = if matches!(conn, Conn::Postgres(_)) { LOCK } else { FIND };
    find(conn, text, organization, workspace).await
}

async fn find(
    conn: &mut Conn<'_>,
    text: &'static str,
    organization: OrganizationId,
    workspace: WorkspaceId,
) -> Result<Option<QueueRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        sqlx::query_as(text).bind(organization.0).bind(workspace.0).fetch_optional(&mut **c).await?
    });
    row.map(|row| row.read(workspace)).transpose()
}

async fn free(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    queue: &QueueRow,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Timestamp>, StoreError> {
    let table = queue.timetable(workspace)?;
    let horizon = now + HORIZON;
    let mut free = Vec::new();
    let mut after = now;
    while free.len() < most && after < horizon {
        let until = horizon.min(after + STEP);
        for openings in table.openings(after, until).chunks(MOST_ROWS) {
            let taken = taken(conn, organization, workspace, openings).await?;
            free.extend(openings.iter().filter(|at| !taken.contains(at)));
        }
        after = until;
    }
    free.truncate(most);
    Ok(free)
}

/// Which of these moments posts hold.
async fn taken(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    workspace: WorkspaceId,
    openings: &[Timestamp],
) -> Result<std::collections::BTreeSet<Timestamp>, StoreError> {
    let rows = Rows::new([
        Column::uuids(openings.iter().map(|_| organization.0)),
        Column::uuids(openings.iter().map(|_| workspace.0)),
        Column::ints(openings.iter().map(|at| at.as_micros())),
        Column::ints(openings.iter().map(|at| (*at + SLOT_LENGTH).as_micros())),
    ]);
    let found: Vec<(i64,)> = rows.query_as(conn, TAKEN_COLUMNS, TAKEN).await?;
    Ok(found.into_iter().map(|(micros,)| Timestamp::from_micros(micros)).collect())
}
