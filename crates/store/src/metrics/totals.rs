//! Sums of what was read: a period's numbers, its audience, and how posts of each hour did.

use domain::metrics::Figures;
use domain::{AccountId, OrganizationId, PlatformName, Span, Timestamp, WorkspaceId};

use super::{Columns, figures};
use crate::conn::on;
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// An account's followers at the end of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceRow {
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// The handle without `@`.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// How many there are by the latest count.
    pub followers: i64,
    /// How many more than at the period's beginning; `None` while there is one count only.
    pub change: Option<i64>,
}

/// How an account's posts that went live in a step of time did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekFigures {
    /// The account.
    pub account_id: AccountId,
    /// When the step begins.
    pub at: Timestamp,
    /// How many posts were read.
    pub posts: u64,
    /// What people did with them within about a day.
    pub engagement: u64,
}

type Audience = (i64, String, Option<String>, String, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Of each destination its latest reading. Clicks may be told for some weeks only, so that the most
/// there ever were stand in for those that are missing. Sums are cast because PostgreSQL widens them.
pub(crate) const SUM: &str = "SELECT CAST(SUM(r.views) AS BIGINT), CAST(SUM(r.likes) AS BIGINT),
        CAST(SUM(r.comments) AS BIGINT), CAST(SUM(r.shares) AS BIGINT), CAST(SUM(r.impressions) AS BIGINT),
        CAST(SUM(COALESCE(r.clicks, (SELECT MAX(q.clicks) FROM post_readings q
            WHERE q.organization_id = r.organization_id AND q.destination_id = r.destination_id))) AS BIGINT)
    FROM accounts a
    CROSS JOIN destinations d
    CROSS JOIN posts p
    CROSS JOIN post_readings r
    WHERE a.organization_id = $1 AND a.workspace_id = $2
      AND d.organization_id = a.organization_id AND d.account_id = a.id
      AND d.published_at IS NOT NULL AND d.published_at >= $3 AND d.published_at <= $4
      AND p.organization_id = d.organization_id AND p.id = d.post_id AND p.deleted_at IS NULL
      AND r.organization_id = d.organization_id AND r.destination_id = d.id
      AND r.step = (SELECT MAX(q.step) FROM post_readings q
          WHERE q.organization_id = d.organization_id AND q.destination_id = d.id)";

macro_rules! count {
    ($column:literal, $which:literal) => {
        concat!(
            "(SELECT r.",
            $column,
            " FROM account_readings r WHERE r.organization_id = a.organization_id AND r.account_id = a.id ",
            $which,
            " LIMIT 1)"
        )
    };
}
macro_rules! begun {
    ($column:literal) => {
        concat!(
            "COALESCE(",
            count!($column, "AND r.at <= $3 ORDER BY r.at DESC"),
            ", ",
            count!($column, "AND r.at > $3 AND r.at <= $4 ORDER BY r.at"),
            ")"
        )
    };
}
/// The first of the counts compared is the last before the period, or the first in it.
pub(crate) const AUDIENCE: &str = concat!(
    "SELECT a.id, a.platform, a.username, a.display_name, ",
    count!("at", "AND r.at <= $4 ORDER BY r.at DESC"),
    ", ",
    count!("followers", "AND r.at <= $4 ORDER BY r.at DESC"),
    ", ",
    begun!("at"),
    ", ",
    begun!("followers"),
    " FROM accounts a WHERE a.organization_id = $1 AND a.workspace_id = $2 AND a.is_active = 1 ORDER BY a.id"
);

pub(crate) const WEEK_COLUMNS: &str = "organization_id, account_id, since, step";
/// Readings of the same age are compared: the first one that is a day old or older.
pub(crate) const WEEK: &str = "SELECT d.account_id, d.published_at / v.step * v.step, COUNT(*),
        CAST(SUM(COALESCE(r.likes, 0) + COALESCE(r.comments, 0) + COALESCE(r.shares, 0) + COALESCE(r.clicks, 0))
            AS BIGINT)
    FROM v CROSS JOIN destinations d CROSS JOIN post_readings r
    WHERE d.organization_id = v.organization_id AND d.account_id = v.account_id
      AND d.published_at IS NOT NULL AND d.published_at >= v.since
      AND r.organization_id = d.organization_id AND r.destination_id = d.id
      AND r.step = (SELECT MIN(q.step) FROM post_readings q
          WHERE q.organization_id = d.organization_id AND q.destination_id = d.id AND q.step >= 2)
    GROUP BY 1, 2 ORDER BY 1, 2";

impl Store {
    /// The numbers of the workspace's posts that went live between two moments, both included.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sum_figures(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        from: Option<Timestamp>,
        to: Timestamp,
    ) -> Result<Figures, StoreError> {
        let mut read = self.read().await?;
        let sums: Columns = on!(read.conn(), |c| {
            sqlx::query_as(SUM)
                .bind(organization.0)
                .bind(workspace.0)
                .bind(from.map_or(i64::MIN, Timestamp::as_micros))
                .bind(to.as_micros())
                .fetch_one(&mut *c)
                .await?
        });
        Ok(figures(sums))
    }

    /// The followers of the workspace's accounts at the end of a period, of those that were counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_audience(
        &self,
        organization: OrganizationId,
        workspace: WorkspaceId,
        from: Option<Timestamp>,
        to: Timestamp,
    ) -> Result<Vec<AudienceRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Audience> = on!(read.conn(), |c| {
            sqlx::query_as(AUDIENCE)
                .bind(organization.0)
                .bind(workspace.0)
                .bind(from.map_or(i64::MIN, Timestamp::as_micros))
                .bind(to.as_micros())
                .fetch_all(&mut *c)
                .await?
        });
        let audience = |(id, platform, username, display_name, at, followers, first_at, first): Audience| {
            Some(AudienceRow {
                account_id: AccountId(id),
                platform: PlatformName::from_text(&platform),
                username,
                display_name,
                followers: followers?,
                change: followers.zip(first).filter(|_| first_at != at).map(|(now, then)| now - then),
            })
        };
        Ok(rows.into_iter().filter_map(audience).collect())
    }

    /// How these accounts' posts that went live since then did, in steps of time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sum_engagement(
        &self,
        organization: OrganizationId,
        accounts: &[AccountId],
        since: Timestamp,
        step: Span,
    ) -> Result<Vec<WeekFigures>, StoreError> {
        let mut read = self.read().await?;
        let mut found = Vec::new();
        for accounts in accounts.chunks(MOST_ROWS) {
            let rows = Rows::new([
                Column::uuids(accounts.iter().map(|_| organization.0)),
                Column::ints(accounts.iter().map(|account| account.0)),
                Column::ints(accounts.iter().map(|_| since.as_micros())),
                Column::ints(accounts.iter().map(|_| step.as_micros())),
            ]);
            let sums: Vec<(i64, i64, i64, i64)> = rows.query_as(&mut read.conn(), WEEK_COLUMNS, WEEK).await?;
            let count = |count: i64| u64::try_from(count).unwrap_or(0);
            found.extend(sums.into_iter().map(|(account, at, posts, engagement)| WeekFigures {
                account_id: AccountId(account),
                at: Timestamp::from_micros(at),
                posts: count(posts),
                engagement: count(engagement),
            }));
        }
        Ok(found)
    }
}
