//! Lanes: the readings of one account, which are taken one after another. Who may read, what is due,
//! and what became of it. Every write of a worker carries its lease token.

use domain::{AccountId, DestinationId, OrganizationId, Timestamp};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// An account of which something is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DueMetricLane {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The account.
    pub account_id: AccountId,
}

/// A worker's hold on a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricLease {
    /// The lane.
    pub lane: DueMetricLane,
    /// Grows by one with each hold.
    pub token: i64,
}

/// A lane in a worker's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetricLane {
    /// The hold.
    pub lease: MetricLease,
    /// When followers are counted next.
    pub followers_at: Option<Timestamp>,
    /// How often that failed in a row.
    pub followers_failures: u32,
}

/// A post that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuePost {
    /// The destination.
    pub destination_id: DestinationId,
    /// Since when it is live.
    pub published_at: Timestamp,
    /// The first reading that was not taken.
    pub step: usize,
    /// How often that failed in a row.
    pub failures: u32,
    /// The platform's id.
    pub platform_post_id: String,
    /// The public address.
    pub platform_post_url: String,
}

type Due = (Uuid, i64, i64, i64, Option<String>, Option<String>);

pub(crate) const DUE: &str = "SELECT organization_id, account_id FROM metric_lanes
    WHERE run_at IS NOT NULL AND run_at <= $1 ORDER BY run_at LIMIT $2";
pub(crate) const NEXT_DUE: &str =
    "SELECT MIN(run_at) FROM metric_lanes WHERE run_at IS NOT NULL AND run_at > $1";
const TAKE: &str = "UPDATE metric_lanes SET lease_owner = $3, lease_token = lease_token + 1, run_at = $5
    WHERE organization_id = $1 AND account_id = $2 AND run_at IS NOT NULL AND run_at <= $4
    RETURNING lease_token, followers_at, followers_failures";
pub(crate) const POSTS: &str =
    "SELECT m.destination_id, m.published_at, m.step, m.failures, d.platform_post_id, d.platform_post_url
    FROM metric_plans m
    LEFT JOIN destinations d ON d.organization_id = m.organization_id AND d.id = m.destination_id
    WHERE m.organization_id = $1 AND m.account_id = $2 AND m.read_at IS NOT NULL AND m.read_at <= $3
    ORDER BY m.read_at LIMIT $4";
const KEEP: &str = "UPDATE metric_lanes SET run_at = $4
    WHERE organization_id = $1 AND account_id = $2 AND lease_token = $3 AND lease_owner IS NOT NULL";
pub(crate) const NEXT: &str = "SELECT MIN(read_at) FROM metric_plans
    WHERE organization_id = $1 AND account_id = $2 AND read_at IS NOT NULL";
const FOLLOWERS_AT: &str =
    "SELECT followers_at FROM metric_lanes WHERE organization_id = $1 AND account_id = $2";
const RELEASE: &str = "UPDATE metric_lanes SET run_at = $3, lease_owner = NULL, problem = $4
    WHERE organization_id = $1 AND account_id = $2";
/// For a process that is alone: whoever holds a lane is gone.
pub(crate) const RECOVER: &str = "UPDATE metric_lanes SET run_at = $1, lease_owner = NULL
    WHERE lease_owner IS NOT NULL AND run_at IS NOT NULL";

impl Store {
    /// The lanes that have something due and that nobody holds, the longest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_metric_lanes(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueMetricLane>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(Uuid, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(DUE).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        let lane = |(organization, account)| DueMetricLane {
            organization_id: OrganizationId(organization),
            account_id: AccountId(account),
        };
        Ok(rows.into_iter().map(lane).collect())
    }

    /// The next moment after `now` at which a lane has something due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_metric_lane_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let next: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(NEXT_DUE).bind(now.as_micros()).fetch_one(&mut *c).await?
        });
        Ok(next.map(Timestamp::from_micros))
    }

    /// Takes a lane for `owner` until `until`. `None` when another has it or nothing is due in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_metric_lane(
        &self,
        lane: DueMetricLane,
        owner: String,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<MetricLane>, StoreError> {
        let taken: Option<(i64, Option<i64>, i64)> = self
            .writer
            .run(move |conn| {
                let owner = owner.clone();
                Box::pin(async move {
                    Ok(on!(conn, |c| {
                        sqlx::query_as(TAKE)
                            .bind(lane.organization_id.0)
                            .bind(lane.account_id.0)
                            .bind(owner)
                            .bind(now.as_micros())
                            .bind(until.as_micros())
                            .fetch_optional(&mut *c)
                            .await?
                    }))
                })
            })
            .await?;
        Ok(taken.map(|(token, followers_at, failures)| MetricLane {
            lease: MetricLease { lane, token },
            followers_at: followers_at.map(Timestamp::from_micros),
            followers_failures: u32::try_from(failures).unwrap_or(u32::MAX),
        }))
    }

    /// The lane's posts that are due, the longest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_posts_to_read(
        &self,
        lane: DueMetricLane,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DuePost>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Due> = on!(read.conn(), |c| {
            sqlx::query_as(POSTS)
                .bind(lane.organization_id.0)
                .bind(lane.account_id.0)
                .bind(now.as_micros())
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        let post = |(id, published_at, step, failures, platform_id, url): Due| DuePost {
            destination_id: DestinationId(id),
            published_at: Timestamp::from_micros(published_at),
            step: usize::try_from(step).unwrap_or(0),
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
            platform_post_id: platform_id.unwrap_or_default(),
            platform_post_url: url.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(post).collect())
    }

    /// Lets a lane go until something is due in it, and not before `not_before`. `problem` says why
    /// nothing can be read. `false` when the lease is no longer the worker's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_metric_lane(
        &self,
        lease: MetricLease,
        not_before: Option<Timestamp>,
        problem: Option<String>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let problem = problem.clone();
                Box::pin(async move {
                    // Locks the lane: what is planned from here on moves it by itself.
                    if !keep(&mut conn, lease, now).await? {
                        return Ok(false);
                    }
                    release(&mut conn, lease.lane, not_before, problem).await?;
                    Ok(true)
                })
            })
            .await
    }
}

/// Holds a lane until then, and every other writer of it until this transaction ends; `false` when it is
/// another's.
pub(super) async fn keep(
    conn: &mut Conn<'_>,
    lease: MetricLease,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let held = on!(conn, |c| {
        sqlx::query(KEEP)
            .bind(lease.lane.organization_id.0)
            .bind(lease.lane.account_id.0)
            .bind(lease.token)
            .bind(until.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(held == 1)
}

async fn release(
    conn: &mut Conn<'_>,
    lane: DueMetricLane,
    not_before: Option<Timestamp>,
    problem: Option<String>,
) -> Result<(), StoreError> {
    let (organization, account) = (lane.organization_id.0, lane.account_id.0);
    on!(conn, |c| {
        let posts: Option<i64> =
            sqlx::query_scalar(NEXT).bind(organization).bind(account).fetch_one(&mut **c).await?;
        let followers: Option<i64> =
            sqlx::query_scalar(FOLLOWERS_AT).bind(organization).bind(account).fetch_one(&mut **c).await?;
        let next = posts.into_iter().chain(followers).min();
        let earliest = not_before.map_or(i64::MIN, Timestamp::as_micros);
        sqlx::query(RELEASE)
            .bind(organization)
            .bind(account)
            .bind(next.map(|next| next.max(earliest)))
            .bind(problem)
            .execute(&mut **c)
            .await?;
    });
    Ok(())
}
