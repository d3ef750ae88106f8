//! What was read, as people look at it.

use std::collections::HashMap;

use domain::metrics::{Figures, ReadingEnd};
use domain::{AccountId, DestinationId, OrganizationId, PostId, Timestamp};
use uuid::Uuid;

use super::{figures, read_end};
use crate::conn::on;
use crate::{Store, StoreError};

/// A reading of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostReadingRow {
    /// Which one, counted from 0.
    pub step: usize,
    /// When it was taken.
    pub at: Timestamp,
    /// What it told.
    pub figures: Figures,
}

/// Where the readings of a destination stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostMetricsRow {
    /// When it is read next.
    pub next_at: Option<Timestamp>,
    /// Why it is not read any more.
    pub ended: Option<ReadingEnd>,
    /// What the platform said to that.
    pub detail: Option<String>,
    /// What was read, oldest first.
    pub readings: Vec<PostReadingRow>,
}

/// Where the readings of an account stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingState {
    /// When its followers are counted next.
    pub followers_at: Option<Timestamp>,
    /// Why they are not any more.
    pub followers_end: Option<ReadingEnd>,
    /// Why nothing can be read at present.
    pub problem: Option<String>,
}

/// A count of followers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountReading {
    /// When.
    pub at: Timestamp,
    /// How many.
    pub followers: i64,
}

#[derive(sqlx::FromRow)]
struct StoredReading {
    destination_id: Uuid,
    step: i64,
    at: i64,
    views: Option<i64>,
    likes: Option<i64>,
    comments: Option<i64>,
    shares: Option<i64>,
    impressions: Option<i64>,
    clicks: Option<i64>,
}

type Plan = (Uuid, Option<i64>, Option<String>, Option<String>);

pub(crate) const PLANS: &str = "SELECT m.destination_id, m.read_at, m.ended, m.detail
    FROM destinations d CROSS JOIN metric_plans m
    WHERE d.organization_id = $1 AND d.post_id = $2
      AND m.organization_id = d.organization_id AND m.destination_id = d.id";
pub(crate) const READINGS: &str =
    "SELECT r.destination_id, r.step, r.at, r.views, r.likes, r.comments, r.shares,
        r.impressions, r.clicks
    FROM destinations d CROSS JOIN post_readings r
    WHERE d.organization_id = $1 AND d.post_id = $2
      AND r.organization_id = d.organization_id AND r.destination_id = d.id
    ORDER BY r.destination_id, r.step";
pub(crate) const LANE: &str = "SELECT followers_at, followers_end, problem FROM metric_lanes
    WHERE organization_id = $1 AND account_id = $2";
/// The latest of them.
pub(crate) const FOLLOWERS: &str = "SELECT at, followers FROM account_readings
    WHERE organization_id = $1 AND account_id = $2 AND at >= $3 AND at <= $4 ORDER BY at DESC LIMIT $5";

impl StoredReading {
    fn read(&self) -> PostReadingRow {
        PostReadingRow {
            step: usize::try_from(self.step).unwrap_or(0),
            at: Timestamp::from_micros(self.at),
            figures: figures((
                self.views,
                self.likes,
                self.comments,
                self.shares,
                self.impressions,
                self.clicks,
            )),
        }
    }
}

impl Store {
    /// The readings of a post's destinations, of those that are read.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_post_metrics(
        &self,
        organization: OrganizationId,
        post: PostId,
    ) -> Result<HashMap<DestinationId, PostMetricsRow>, StoreError> {
        let mut read = self.read().await?;
        let (plans, readings): (Vec<Plan>, Vec<StoredReading>) = on!(read.conn(), |c| {
            let plans = sqlx::query_as(PLANS).bind(organization.0).bind(post.0).fetch_all(&mut *c).await?;
            let readings =
                sqlx::query_as(READINGS).bind(organization.0).bind(post.0).fetch_all(&mut *c).await?;
            (plans, readings)
        });
        let mut found = HashMap::new();
        for (id, read_at, ended, detail) in plans {
            let row = PostMetricsRow {
                next_at: read_at.map(Timestamp::from_micros),
                ended: read_end("metric_plans", "ended", &id, ended.as_deref())?,
                detail,
                readings: Vec::new(),
            };
            found.insert(DestinationId(id), row);
        }
        for reading in readings {
            let row: &mut PostMetricsRow = found.entry(DestinationId(reading.destination_id)).or_default();
            row.readings.push(reading.read());
        }
        Ok(found)
    }

    /// Where the readings of an account stand.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_reading_state(
        &self,
        organization: OrganizationId,
        account: AccountId,
    ) -> Result<ReadingState, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(Option<i64>, Option<String>, Option<String>)> = on!(read.conn(), |c| {
            sqlx::query_as(LANE).bind(organization.0).bind(account.0).fetch_optional(&mut *c).await?
        });
        let Some((at, end, problem)) = row else { return Ok(ReadingState::default()) };
        Ok(ReadingState {
            followers_at: at.map(Timestamp::from_micros),
            followers_end: read_end("metric_lanes", "followers_end", &account, end.as_deref())?,
            problem,
        })
    }

    /// The latest `limit` counts of an account's followers between two moments, both included, oldest
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_account_readings(
        &self,
        organization: OrganizationId,
        account: AccountId,
        from: Option<Timestamp>,
        to: Timestamp,
        limit: u32,
    ) -> Result<Vec<AccountReading>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(i64, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(FOLLOWERS)
                .bind(organization.0)
                .bind(account.0)
                .bind(from.map_or(i64::MIN, Timestamp::as_micros))
                .bind(to.as_micros())
                .bind(i64::from(limit))
                .fetch_all(&mut *c)
                .await?
        });
        let reading = |(at, followers)| AccountReading { at: Timestamp::from_micros(at), followers };
        Ok(rows.into_iter().rev().map(reading).collect())
    }
}
