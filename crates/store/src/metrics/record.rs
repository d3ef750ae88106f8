//! What workers write of readings. Each write carries the lease token of the lane.

use domain::metrics::{Figures, ReadingEnd};
use domain::{DestinationId, OrganizationId, Timestamp};

use super::lanes::{DueMetricLane, MetricLease, keep};
use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// What a worker has to say of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPostReading {
    /// The destination.
    pub destination_id: DestinationId,
    /// Which reading it was and what it told, if it told anything.
    pub read: Option<(usize, Figures)>,
    /// The reading that is next.
    pub step: usize,
    /// How often that one failed in a row.
    pub failures: u32,
    /// When it is next tried; `None` at the end.
    pub read_at: Option<Timestamp>,
    /// Why it has ended.
    pub ended: Option<ReadingEnd>,
    /// What the platform said, for people.
    pub detail: Option<String>,
}

/// What a worker has to say of an account's followers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFollowers {
    /// How many there are, if the platform told.
    pub followers: Option<i64>,
    /// How often counting failed in a row.
    pub failures: u32,
    /// When they are counted next; `None` at the end.
    pub at: Option<Timestamp>,
    /// Why it has ended.
    pub ended: Option<ReadingEnd>,
}

const WRITE_PLAN: &str =
    "UPDATE metric_plans SET step = $3, failures = $4, read_at = $5, ended = $6, detail = $7
    WHERE organization_id = $1 AND destination_id = $2";
const WRITE_READING: &str = "INSERT INTO post_readings
        (organization_id, destination_id, step, at, views, likes, comments, shares, impressions, clicks)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (organization_id, destination_id, step) DO NOTHING";
const WRITE_FOLLOWERS: &str =
    "UPDATE metric_lanes SET followers_at = $3, followers_failures = $4, followers_end = $5
    WHERE organization_id = $1 AND account_id = $2";
const WRITE_COUNT: &str = "INSERT INTO account_readings (organization_id, account_id, at, followers)
    VALUES ($1, $2, $3, $4) ON CONFLICT (organization_id, account_id, at) DO NOTHING";

impl Store {
    /// Writes what became of a reading, and holds the lane until then. `false` when the lease is no
    /// longer the worker's: nothing was written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_post_reading(
        &self,
        lease: MetricLease,
        new: NewPostReading,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let new = new.clone();
                Box::pin(async move {
                    if !keep(&mut conn, lease, until).await? {
                        return Ok(false);
                    }
                    write_post(&mut conn, lease.lane.organization_id, &new, now).await?;
                    Ok(true)
                })
            })
            .await
    }

    /// The same for the account's followers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_followers(
        &self,
        lease: MetricLease,
        new: NewFollowers,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let new = new.clone();
                Box::pin(async move {
                    if !keep(&mut conn, lease, until).await? {
                        return Ok(false);
                    }
                    write_followers(&mut conn, lease.lane, &new, now).await?;
                    Ok(true)
                })
            })
            .await
    }
}

async fn write_post(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    new: &NewPostReading,
    now: Timestamp,
) -> Result<(), StoreError> {
    let step = |step: usize| i64::try_from(step).unwrap_or(i64::MAX);
    on!(conn, |c| {
        sqlx::query(WRITE_PLAN)
            .bind(organization.0)
            .bind(new.destination_id.0)
            .bind(step(new.step))
            .bind(i64::from(new.failures))
            .bind(new.read_at.map(Timestamp::as_micros))
            .bind(new.ended.map(ReadingEnd::as_str))
            .bind(&new.detail)
            .execute(&mut **c)
            .await?;
        if let Some((read, figures)) = &new.read {
            sqlx::query(WRITE_READING)
                .bind(organization.0)
                .bind(new.destination_id.0)
                .bind(step(*read))
                .bind(now.as_micros())
                .bind(figures.views)
                .bind(figures.likes)
                .bind(figures.comments)
                .bind(figures.shares)
                .bind(figures.impressions)
                .bind(figures.clicks)
                .execute(&mut **c)
                .await?;
        }
    });
    Ok(())
}

async fn write_followers(
    conn: &mut Conn<'_>,
    lane: DueMetricLane,
    new: &NewFollowers,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(WRITE_FOLLOWERS)
            .bind(lane.organization_id.0)
            .bind(lane.account_id.0)
            .bind(new.at.map(Timestamp::as_micros))
            .bind(i64::from(new.failures))
            .bind(new.ended.map(ReadingEnd::as_str))
            .execute(&mut **c)
            .await?;
        if let Some(followers) = new.followers {
            sqlx::query(WRITE_COUNT)
                .bind(lane.organization_id.0)
                .bind(lane.account_id.0)
                .bind(now.as_micros())
                .bind(followers)
                .execute(&mut **c)
                .await?;
        }
    });
    Ok(())
}
