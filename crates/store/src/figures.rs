//! What probes and metrics read: the length of the queue, and whether the database works.

use domain::Timestamp;

use crate::conn::on;
use crate::{Store, StoreError};

/// Destinations of one platform and status that are not at their end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// The platform.
    pub platform: String,
    /// `queued` or `publishing`.
    pub status: String,
    /// Those that may be taken only later, or whose worker's lease lasts.
    pub later: i64,
    /// Those that may be taken now.
    pub due: i64,
    /// The first moment at which one of them could be taken.
    pub oldest: Option<Timestamp>,
}

pub(crate) const OPEN: &str = "SELECT platform, status, COUNT(*) FILTER (WHERE run_at > $1),
    COUNT(*) FILTER (WHERE run_at <= $1), MIN(run_at)
    FROM destinations WHERE run_at IS NOT NULL GROUP BY platform, status";
/// The oldest one that a worker with free hands ought to have taken: its account is not being
/// published to.
pub(crate) const NEGLECTED: &str = "SELECT d.run_at FROM destinations d
    WHERE d.run_at IS NOT NULL AND d.run_at <= $1
      AND (SELECT COUNT(*) FROM destinations o WHERE o.organization_id = d.organization_id
          AND o.account_id = d.account_id AND o.lease_owner > '' AND o.run_at + 0 > $2) = 0
    ORDER BY d.run_at LIMIT 1";
pub(crate) const TO_RECONNECT: &str = "SELECT platform, COUNT(*) FROM accounts
    WHERE needs_reconnection_since IS NOT NULL GROUP BY platform";
const READ: &str = "SELECT COUNT(*) FROM counters";
const WRITE: &str = "INSERT INTO counters (name, next_value) VALUES ('probe', $1)
    ON CONFLICT (name) DO UPDATE SET next_value = excluded.next_value";

impl Store {
    /// The queue by platform and status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_open(&self, now: Timestamp) -> Result<Vec<OpenRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(String, String, i64, i64, Option<i64>)> =
            on!(read.conn(), |c| { sqlx::query_as(OPEN).bind(now.as_micros()).fetch_all(&mut *c).await? });
        let read_row = |(platform, status, later, due, oldest): (_, _, _, _, Option<i64>)| OpenRow {
            platform,
            status,
            later,
            due,
            oldest: oldest.map(Timestamp::from_micros),
        };
        Ok(rows.into_iter().map(read_row).collect())
    }

    /// Since when the oldest destination waits that could have been taken at `before` or earlier,
    /// and whose account nobody publishes to at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_neglected(
        &self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let oldest: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(NEGLECTED)
                .bind(before.as_micros())
                .bind(now.as_micros())
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(oldest.map(Timestamp::from_micros))
    }

    /// How many accounts of each platform a person has to connect again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_to_reconnect(&self) -> Result<Vec<(String, i64)>, StoreError> {
        let mut read = self.read().await?;
        Ok(on!(read.conn(), |c| { sqlx::query_as(TO_RECONNECT).fetch_all(&mut *c).await? }))
    }

    /// Reads something small.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn probe_read(&self) -> Result<(), StoreError> {
        let mut read = self.read().await?;
        let _: i64 = on!(read.conn(), |c| { sqlx::query_scalar(READ).fetch_one(&mut *c).await? });
        Ok(())
    }

    /// Writes something small, durably.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn probe_write(&self, now: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(WRITE).bind(now.as_micros()).execute(&mut *c).await?;
                    });
                    Ok(())
                })
            })
            .await
    }
}
