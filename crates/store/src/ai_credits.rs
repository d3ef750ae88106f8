//! Credits for captions and images: held before a provider is asked, settled afterwards.

use domain::{OrganizationId, Timestamp};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{Store, StoreError};

/// Credits to be held.
#[derive(Clone, Copy, Debug)]
pub struct CreditHold {
    /// The hold.
    pub id: Uuid,
    /// The month that it counts in: year * 12 + month.
    pub month: i64,
    /// How many.
    pub credits: i64,
    /// The most that may be used in the month.
    pub limit: i64,
    /// The present moment.
    pub now: Timestamp,
    /// When it goes back by itself.
    pub expires_at: Timestamp,
}

/// What came of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// They are held; so many are used in the month now.
    Yes(i64),
    /// There are not enough; so many are used.
    Short(i64),
}

const EXPIRED: &str = "DELETE FROM ai_holds WHERE organization_id = $1 AND expires_at <= $2
    RETURNING month, credits";
const ADD: &str = "UPDATE ai_credits SET used = used + $3 WHERE organization_id = $1 AND month = $2
    RETURNING used";
/// The row waits for others that count in the same month, so that no two take the last credit.
const TAKE: &str = "INSERT INTO ai_credits (organization_id, month, used) VALUES ($1, $2, $3)
    ON CONFLICT (organization_id, month) DO UPDATE SET used = ai_credits.used + excluded.used
    WHERE ai_credits.used + excluded.used <= $4 RETURNING used";
const HOLD: &str = "INSERT INTO ai_holds (organization_id, id, month, credits, expires_at)
    VALUES ($1, $2, $3, $4, $5)";
const SETTLE: &str = "DELETE FROM ai_holds WHERE organization_id = $1 AND id = $2 RETURNING month, credits";
pub(crate) const USED: &str =
    "SELECT c.used - COALESCE((SELECT CAST(SUM(h.credits) AS BIGINT) FROM ai_holds h
    WHERE h.organization_id = c.organization_id AND h.month = c.month AND h.expires_at <= $3), 0)
    FROM ai_credits c WHERE c.organization_id = $1 AND c.month = $2";

impl Store {
    /// Holds credits, if there are enough.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_ai_credits(
        &self,
        organization: OrganizationId,
        hold: CreditHold,
    ) -> Result<Held, StoreError> {
        self.writer
            .run(move |mut conn| Box::pin(async move { take(&mut conn, organization, hold).await }))
            .await
    }

    /// Ends a hold: `spent` of it stay used, the rest goes back. Gives what is used in the month now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_ai_credits(
        &self,
        organization: OrganizationId,
        hold: CreditHold,
        spent: i64,
    ) -> Result<i64, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let settled: Option<(i64, i64)> = on!(&mut conn, |c| {
                        sqlx::query_as(SETTLE)
                            .bind(organization.0)
                            .bind(hold.id)
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    // One that took too long went back already.
                    let credits = settled.map_or(0, |(_, credits)| credits);
                    add(&mut conn, organization, hold.month, spent - credits).await
                })
            })
            .await
    }

    /// How many credits are used in a month.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_ai_credits(
        &self,
        organization: OrganizationId,
        month: i64,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut read = self.read().await?;
        let used: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(USED)
                .bind(organization.0)
                .bind(month)
                .bind(now.as_micros())
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(used.unwrap_or(0))
    }
}

async fn take(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    hold: CreditHold,
) -> Result<Held, StoreError> {
    let expired: Vec<(i64, i64)> = on!(&mut *conn, |c| {
        sqlx::query_as(EXPIRED).bind(organization.0).bind(hold.now.as_micros()).fetch_all(&mut **c).await?
    });
    for (month, credits) in expired {
        add(conn, organization, month, -credits).await?;
    }
    let taken: Option<i64> = if hold.credits > hold.limit {
        None
    } else {
        on!(&mut *conn, |c| {
            sqlx::query_scalar(TAKE)
                .bind(organization.0)
                .bind(hold.month)
                .bind(hold.credits)
                .bind(hold.limit)
                .fetch_optional(&mut **c)
                .await?
        })
    };
    let Some(used) = taken else {
        return Ok(Held::Short(add(conn, organization, hold.month, 0).await?));
    };
    on!(&mut *conn, |c| {
        sqlx::query(HOLD)
            .bind(organization.0)
            .bind(hold.id)
            .bind(hold.month)
            .bind(hold.credits)
            .bind(hold.expires_at.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(Held::Yes(used))
}

async fn add(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    month: i64,
    credits: i64,
) -> Result<i64, StoreError> {
    let used: Option<i64> = on!(conn, |c| {
        sqlx::query_scalar(ADD)
            .bind(organization.0)
            .bind(month)
            .bind(credits)
            .fetch_optional(&mut **c)
            .await?
    });
    Ok(used.unwrap_or(0))
}
