//! Destinations that are late, and the alarm that each raises once.

use std::sync::Arc;

use domain::event::EventKind;
use domain::{AccountId, DestinationId, EventId, OrganizationId, PlatformName, PostId, Timestamp};
use serde_json::json;

use crate::conn::on;
use crate::events::{self, NewEvent};
use crate::{Lease, Store, StoreError};

/// A destination that is late and has raised no alarm for its due time.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// Which one, and in whose hands it was last.
    pub lease: Lease,
    /// When the author wanted it live.
    pub scheduled_for: Timestamp,
    /// When it could be taken; for one in a worker's hands, when its lease ends.
    pub run_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    organization_id: uuid::Uuid,
    id: uuid::Uuid,
    post_id: uuid::Uuid,
    account_id: i64,
    platform: String,
    scheduled_for: i64,
    lease_token: i64,
    run_at: i64,
}

/// Nobody has taken them.
pub(crate) const WAITING: &str =
    "SELECT d.organization_id, d.id, d.post_id, d.account_id, d.platform, d.scheduled_for, d.lease_token, d.run_at
    FROM destinations d
    WHERE d.run_at IS NOT NULL AND d.run_at <= $1
      AND (d.overdue_for IS NULL OR d.overdue_for <> d.scheduled_for)
    ORDER BY d.run_at LIMIT $2";
/// Somebody has them, and keeps the lease alive. `COALESCE` keeps the planner off the indexes by time,
/// which hold everything that is due later too.
pub(crate) const IN_HAND: &str =
    "SELECT d.organization_id, d.id, d.post_id, d.account_id, d.platform, d.scheduled_for, d.lease_token, d.run_at
    FROM destinations d
    WHERE d.lease_owner IS NOT NULL AND COALESCE(d.run_at, 0) > $1 AND d.scheduled_for <= $2
      AND (d.overdue_for IS NULL OR d.overdue_for <> d.scheduled_for)
    LIMIT $3";
/// Only the first of several watchers changes the row.
const MARK: &str = "UPDATE destinations SET overdue_for = scheduled_for
    WHERE organization_id = $1 AND id = $2 AND lease_token = $3 AND run_at IS NOT NULL
      AND (overdue_for IS NULL OR overdue_for <> scheduled_for)";
pub(crate) const COUNT_WAITING: &str = "SELECT d.platform, COUNT(*) FROM destinations d
    WHERE d.run_at IS NOT NULL AND d.run_at <= $1 GROUP BY d.platform";
pub(crate) const COUNT_IN_HAND: &str = "SELECT platform, COUNT(*) FROM destinations
    WHERE lease_owner IS NOT NULL AND COALESCE(run_at, 0) > $1 AND overdue_for = scheduled_for GROUP BY platform";

impl Store {
    /// Up to `limit` destinations that could have been taken at `before` or earlier and were not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_late(&self, before: Timestamp, limit: u32) -> Result<Vec<Late>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Row> = on!(read.conn(), |c| {
            sqlx::query_as(WAITING).bind(before.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        Ok(rows.iter().map(read_row).collect())
    }

    /// Up to `limit` destinations that a living worker has in hand at `now` and that were due at
    /// `before` or earlier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_in_hand(
        &self,
        now: Timestamp,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Late>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Row> = on!(read.conn(), |c| {
            sqlx::query_as(IN_HAND)
                .bind(now.as_micros())
                .bind(before.as_micros())
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        Ok(rows.iter().map(read_row).collect())
    }

    /// Raises the alarm for each of these that is still where it was and has raised none for its due
    /// time: mark and event in one transaction, so that of several watchers one does it. The moments
    /// are since when each is overdue. Returns those that raised one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn raise_overdue(
        &self,
        late: Vec<(Late, Timestamp, EventId)>,
        now: Timestamp,
    ) -> Result<Vec<Late>, StoreError> {
        let late = Arc::new(late);
        self.writer
            .run(move |mut conn| {
                let late = Arc::clone(&late);
                Box::pin(async move {
                    let mut raised = Vec::new();
                    for (late, since, id) in late.iter() {
                        let lease = &late.lease;
                        let done = on!(&mut conn, |c| {
                            sqlx::query(MARK)
                                .bind(lease.organization_id.0)
                                .bind(lease.destination_id.0)
                                .bind(lease.token)
                                .execute(&mut **c)
                                .await?
                                .rows_affected()
                        });
                        if done == 1 {
                            let event = event(late, *since, *id);
                            events::insert(&mut conn, lease.organization_id, &event, now).await?;
                            raised.push(late.clone());
                        }
                    }
                    Ok(raised)
                })
            })
            .await
    }

    /// How many destinations of each platform are overdue: not taken since `before`, or in a
    /// worker's hands after they raised the alarm.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_overdue(&self, before: Timestamp) -> Result<Vec<(String, i64)>, StoreError> {
        let mut read = self.read().await?;
        let before = before.as_micros();
        Ok(on!(read.conn(), |c| {
            let mut counts: Vec<(String, i64)> =
                sqlx::query_as(COUNT_WAITING).bind(before).fetch_all(&mut *c).await?;
            let in_hand: Vec<(String, i64)> =
                sqlx::query_as(COUNT_IN_HAND).bind(before).fetch_all(&mut *c).await?;
            for (platform, count) in in_hand {
                match counts.iter_mut().find(|(known, _)| *known == platform) {
                    Some((_, all)) => *all += count,
                    None => counts.push((platform, count)),
                }
            }
            counts
        }))
    }
}

fn read_row(row: &Row) -> Late {
    Late {
        lease: Lease {
            organization_id: OrganizationId(row.organization_id),
            destination_id: DestinationId(row.id),
            post_id: PostId(row.post_id),
            account_id: AccountId(row.account_id),
            platform: PlatformName::from_text(&row.platform),
            token: row.lease_token,
        },
        scheduled_for: Timestamp::from_micros(row.scheduled_for),
        run_at: Timestamp::from_micros(row.run_at),
    }
}

fn event(late: &Late, since: Timestamp, id: EventId) -> NewEvent {
    NewEvent {
        id,
        kind: EventKind::PostOverdue,
        payload: json!({
            "post_id": late.lease.post_id,
            "destination_id": late.lease.destination_id,
            "platform": late.lease.platform,
            "account_id": late.lease.account_id,
            "scheduled_for": late.scheduled_for.to_iso_millis(),
            "overdue_since": since.to_iso_millis(),
        }),
    }
}
