//! Credits for captions and images: held before a provider is asked, settled afterwards.

use domain::{OrganizationId, Timestamp};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::{NewAuditEntry, Store, StoreError, audit_log};

/// Credits to be held.
#[derive(Clone, Copy, Debug)]
pub struct CreditHold {
    /// The hold.
    pub id: Uuid,
    /// The month that it counts in: year * 12 + month.
    pub month: i64,
    /// How many.
    pub credits: i64,
    /// The most that may be used in the month, before those beyond the months are.
    pub limit: i64,
    /// The present moment.
    pub now: Timestamp,
    /// When it goes back by itself.
    pub expires_at: Timestamp,
}

/// How an organization's credits stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditsNow {
    /// Used in the month, with what is held of it.
    pub used: i64,
    /// What is left of those beyond the months.
    pub bonus: i64,
}

/// What came of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// They are held.
    Yes(CreditsNow),
    /// There are not enough.
    Short(CreditsNow),
}

const EXPIRED: &str = "DELETE FROM ai_holds WHERE organization_id = $1 AND expires_at <= $2
    RETURNING month, credits, bonus";
/// Also makes others wait that count in the same month, so that no two take the last credit.
const ADD: &str = "INSERT INTO ai_credits (organization_id, month, used) VALUES ($1, $2, $3)
    ON CONFLICT (organization_id, month) DO UPDATE SET used = ai_credits.used + excluded.used RETURNING used";
const ADD_BONUS: &str = "INSERT INTO ai_bonus (organization_id, credits) VALUES ($1, $2)
    ON CONFLICT (organization_id) DO UPDATE SET credits = ai_bonus.credits + excluded.credits RETURNING credits";
const SPEND: &str = "UPDATE ai_bonus SET credits = credits - $2
    WHERE organization_id = $1 AND credits >= $2 RETURNING credits";
pub(crate) const BONUS: &str = "SELECT credits FROM ai_bonus WHERE organization_id = $1";
const HOLD: &str = "INSERT INTO ai_holds (organization_id, id, month, credits, bonus, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const SETTLE: &str =
    "DELETE FROM ai_holds WHERE organization_id = $1 AND id = $2 RETURNING month, credits, bonus";
pub(crate) const USED: &str =
    "SELECT c.used - COALESCE((SELECT CAST(SUM(h.credits) AS BIGINT) FROM ai_holds h
    WHERE h.organization_id = c.organization_id AND h.month = c.month AND h.expires_at <= $3), 0)
    FROM ai_credits c WHERE c.organization_id = $1 AND c.month = $2";
/// What nobody settled in time goes back, whatever the month.
pub(crate) const BONUS_LEFT: &str =
    "SELECT b.credits + COALESCE((SELECT CAST(SUM(h.bonus) AS BIGINT) FROM ai_holds h
    WHERE h.organization_id = b.organization_id AND h.expires_at <= $2), 0)
    FROM ai_bonus b WHERE b.organization_id = $1";

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

    /// Ends a hold: `spent` of it stay used, those of the month first, and the rest goes back. Gives how
    /// the credits stand now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_ai_credits(
        &self,
        organization: OrganizationId,
        hold: CreditHold,
        spent: i64,
    ) -> Result<CreditsNow, StoreError> {
        self.writer
            .run(move |mut conn| {
                Box::pin(async move {
                    let settled: Option<(i64, i64, i64)> = on!(&mut conn, |c| {
                        sqlx::query_as(SETTLE)
                            .bind(organization.0)
                            .bind(hold.id)
                            .fetch_optional(&mut **c)
                            .await?
                    });
                    // One that took too long went back already: all that it spent counts in its month.
                    let Some((month, credits, bonus)) = settled else {
                        return Ok(CreditsNow {
                            used: add(&mut conn, organization, hold.month, spent).await?,
                            bonus: bonus_of(&mut conn, organization).await?,
                        });
                    };
                    let of_bonus = (spent - credits).clamp(0, bonus);
                    Ok(CreditsNow {
                        used: add(&mut conn, organization, month, spent - of_bonus - credits).await?,
                        bonus: give(&mut conn, organization, bonus - of_bonus).await?,
                    })
                })
            })
            .await
    }

    /// How an organization's credits stand in a month.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_ai_credits(
        &self,
        organization: OrganizationId,
        month: i64,
        now: Timestamp,
    ) -> Result<CreditsNow, StoreError> {
        let mut read = self.read().await?;
        let (used, bonus): (Option<i64>, Option<i64>) = on!(read.conn(), |c| {
            let used = sqlx::query_scalar(USED)
                .bind(organization.0)
                .bind(month)
                .bind(now.as_micros())
                .fetch_optional(&mut *c)
                .await?;
            let bonus = sqlx::query_scalar(BONUS_LEFT)
                .bind(organization.0)
                .bind(now.as_micros())
                .fetch_optional(&mut *c)
                .await?;
            (used, bonus)
        });
        Ok(CreditsNow { used: used.unwrap_or(0), bonus: bonus.unwrap_or(0) })
    }

    /// Gives an organization credits beyond those of its months, with lines of the audit log. Gives how many
    /// it has of them now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_bonus_credits(
        &self,
        organization: OrganizationId,
        credits: i64,
        log: Vec<NewAuditEntry>,
    ) -> Result<i64, StoreError> {
        self.writer
            .run(move |mut conn| {
                let log = log.clone();
                Box::pin(async move {
                    audit_log::insert(&mut conn, &log).await?;
                    give(&mut conn, organization, credits).await
                })
            })
            .await
    }
}

async fn take(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    hold: CreditHold,
) -> Result<Held, StoreError> {
    // First, so that whoever else takes credits of the organization in this month waits.
    add(conn, organization, hold.month, 0).await?;
    let expired: Vec<(i64, i64, i64)> = on!(&mut *conn, |c| {
        sqlx::query_as(EXPIRED).bind(organization.0).bind(hold.now.as_micros()).fetch_all(&mut **c).await?
    });
    for (month, credits, bonus) in expired {
        add(conn, organization, month, -credits).await?;
        give(conn, organization, bonus).await?;
    }
    let used = add(conn, organization, hold.month, 0).await?;
    let bonus = bonus_of(conn, organization).await?;
    let of_month = hold.credits.min((hold.limit - used).max(0));
    let of_bonus = hold.credits - of_month;
    let Some(bonus) = spend(conn, organization, of_bonus).await? else {
        return Ok(Held::Short(CreditsNow { used, bonus }));
    };
    let used = add(conn, organization, hold.month, of_month).await?;
    on!(&mut *conn, |c| {
        sqlx::query(HOLD)
            .bind(organization.0)
            .bind(hold.id)
            .bind(hold.month)
            .bind(of_month)
            .bind(of_bonus)
            .bind(hold.expires_at.as_micros())
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(Held::Yes(CreditsNow { used, bonus }))
}

/// Counts credits of a month; gives what is used in it.
async fn add(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    month: i64,
    credits: i64,
) -> Result<i64, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query_scalar(ADD).bind(organization.0).bind(month).bind(credits).fetch_one(&mut **c).await?
    }))
}

async fn bonus_of(conn: &mut Conn<'_>, organization: OrganizationId) -> Result<i64, StoreError> {
    let bonus: Option<i64> =
        on!(conn, |c| { sqlx::query_scalar(BONUS).bind(organization.0).fetch_optional(&mut **c).await? });
    Ok(bonus.unwrap_or(0))
}

/// Takes credits beyond the months, and gives what is left; `None` where there are not enough.
async fn spend(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    credits: i64,
) -> Result<Option<i64>, StoreError> {
    if credits == 0 {
        return bonus_of(conn, organization).await.map(Some);
    }
    Ok(on!(conn, |c| {
        sqlx::query_scalar(SPEND).bind(organization.0).bind(credits).fetch_optional(&mut **c).await?
    }))
}

/// Gives credits beyond the months; gives what is left.
async fn give(conn: &mut Conn<'_>, organization: OrganizationId, credits: i64) -> Result<i64, StoreError> {
    if credits == 0 {
        return bonus_of(conn, organization).await;
    }
    Ok(on!(conn, |c| {
        sqlx::query_scalar(ADD_BONUS).bind(organization.0).bind(credits).fetch_one(&mut **c).await?
    }))
}
