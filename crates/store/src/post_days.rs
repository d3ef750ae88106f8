//! How many posts an organization makes in a day of UTC. Counted only where that is limited.

use domain::{OrganizationId, Timestamp};

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// The row waits for others that count on the same day, so that no two take the last post.
const TAKE: &str = "INSERT INTO post_days (organization_id, day, used) VALUES ($1, $2, 1)
    ON CONFLICT (organization_id, day) DO UPDATE SET used = post_days.used + 1
    WHERE post_days.used < $3 RETURNING used";
const FORGET: &str = "DELETE FROM post_days WHERE organization_id = $1 AND day < $2";
const USED: &str = "SELECT used FROM post_days WHERE organization_id = $1 AND day = $2";

fn day_of(now: Timestamp) -> i64 {
    now.as_micros().div_euclid(24 * 60 * 60 * 1_000_000)
}

/// Counts a post, if fewer than `most` are counted on the day.
pub(crate) async fn take(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    most: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if most < 1 {
        return Ok(false);
    }
    let day = day_of(now);
    let used: Option<i64> = on!(&mut *conn, |c| {
        sqlx::query_scalar(TAKE).bind(organization.0).bind(day).bind(most).fetch_optional(&mut **c).await?
    });
    if used == Some(1) {
        on!(conn, |c| {
            sqlx::query(FORGET).bind(organization.0).bind(day).execute(&mut **c).await?.rows_affected()
        });
    }
    Ok(used.is_some())
}

impl Store {
    /// How many posts are counted on the day of `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_posts_of_day(
        &self,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut read = self.read().await?;
        let used: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(USED).bind(organization.0).bind(day_of(now)).fetch_optional(&mut *c).await?
        });
        Ok(used.unwrap_or(0))
    }
}
