//! What platforms limit, where every node sees it: accounts that rest, budgets of platform apps
//! that are nearly used up, publishes at a time, and how much an account published lately. Nothing
//! here is written on the way of a publish that meets no limit.

use domain::caps::Published;
use domain::{AccountId, OrganizationId, PlatformName, Timestamp};

use crate::conn::on;
use crate::error::from_json;
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// An account to which nothing may go out for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRest {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The account.
    pub account_id: AccountId,
    /// Until when.
    pub until: Timestamp,
    /// Why, in words for the author.
    pub reason: String,
}

/// What is left in a bucket of a platform app, as the platform's answers told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppBudget {
    /// The platform.
    pub platform: PlatformName,
    /// Which app of it.
    pub app_key: String,
    /// Which of the app's buckets.
    pub scope: String,
    /// Its size; 0 when unknown.
    pub limit: u32,
    /// What is left.
    pub remaining: u32,
    /// When it is full again.
    pub reset_at: Timestamp,
}

/// A node's hold on publishes at a time through one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotHold {
    /// The platform.
    pub platform: PlatformName,
    /// Which app of it.
    pub app_key: String,
    /// The node.
    pub owner: String,
    /// How many it would hold in all.
    pub want: u32,
    /// How many there are over all nodes.
    pub most: u32,
    /// Until when, unless it is renewed.
    pub until: Timestamp,
}

const REST: &str = "INSERT INTO account_rests (organization_id, account_id, resting_until, reason, noted_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (organization_id, account_id) DO UPDATE SET resting_until = excluded.resting_until,
        reason = excluded.reason, noted_at = excluded.noted_at
    WHERE account_rests.resting_until < excluded.resting_until";
pub(crate) const FIND_REST: &str = "SELECT resting_until, reason FROM account_rests
    WHERE organization_id = $1 AND account_id = $2 AND resting_until > $3";
pub(crate) const FIND_RESTS: &str =
    "SELECT v.organization_id, v.account_id, account_rests.resting_until, account_rests.reason
    FROM v CROSS JOIN account_rests
    WHERE account_rests.organization_id = v.organization_id AND account_rests.account_id = v.account_id
      AND account_rests.resting_until > v.at";
pub(crate) const LIST_RESTS: &str =
    "SELECT organization_id, account_id, resting_until, reason FROM account_rests
    WHERE resting_until > $1";
pub(crate) const NEXT_REST_END: &str = "SELECT MIN(resting_until) FROM account_rests";
pub(crate) const END_RESTS: &str = "DELETE FROM account_rests WHERE resting_until <= $1
    RETURNING organization_id, account_id";
// Whatever waited has to come in the order of the plan, not in the order in which it met the limit.
pub(crate) const LINE_UP: &str = "UPDATE destinations SET run_at = scheduled_for
    WHERE organization_id = $1 AND account_id = $2 AND run_at IS NOT NULL AND run_at <= $3
      AND run_at > scheduled_for AND status = 'queued' AND lease_owner IS NULL";
const NOTE_BUDGET: &str = "INSERT INTO app_limits
        (platform, app_key, scope, limit_count, remaining, reset_at, noted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (platform, app_key, scope) DO UPDATE SET limit_count = excluded.limit_count,
        remaining = excluded.remaining, reset_at = excluded.reset_at, noted_at = excluded.noted_at
    WHERE app_limits.reset_at < excluded.reset_at
       OR (app_limits.reset_at = excluded.reset_at AND app_limits.remaining > excluded.remaining)";
const LIST_BUDGETS: &str = "SELECT platform, app_key, scope, limit_count, remaining, reset_at
    FROM app_limits WHERE reset_at > $1";
const PASS_GATE: &str = "INSERT INTO app_slots (platform, app_key, owner, slots, held_until)
    VALUES ($1, $2, '', 0, 0)
    ON CONFLICT (platform, app_key, owner) DO UPDATE SET slots = 0";
const OTHERS_SLOTS: &str = "SELECT CAST(COALESCE(SUM(slots), 0) AS BIGINT) FROM app_slots
    WHERE platform = $1 AND app_key = $2 AND owner <> $3 AND held_until > $4";
const HOLD_SLOTS: &str = "INSERT INTO app_slots (platform, app_key, owner, slots, held_until)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (platform, app_key, owner) DO UPDATE SET slots = excluded.slots, held_until = excluded.held_until";
const DROP_SLOTS: &str = "DELETE FROM app_slots WHERE owner = $1 OR (owner <> '' AND held_until <= $2)";
pub(crate) const COUNT_PUBLISHED: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM destinations
    WHERE organization_id = $1 AND account_id = $2 AND published_at IS NOT NULL AND published_at > $3
    LIMIT $4) AS lately";
pub(crate) const LIST_PUBLISHED: &str = "SELECT d.published_at, p.thread_posts FROM destinations d
    JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
    WHERE d.organization_id = $1 AND d.account_id = $2 AND d.published_at IS NOT NULL AND d.published_at > $3
    ORDER BY d.published_at DESC LIMIT $4";

type StoredRest = (uuid::Uuid, i64, i64, String);

fn read_rest((organization, account, until, reason): StoredRest) -> AccountRest {
    AccountRest {
        organization_id: OrganizationId(organization),
        account_id: AccountId(account),
        until: Timestamp::from_micros(until),
        reason,
    }
}

impl Store {
    /// Lets nothing go out to an account before `until`, on any node. A rest that ends later stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rest_account(&self, rest: AccountRest, now: Timestamp) -> Result<(), StoreError> {
        let rest = std::sync::Arc::new(rest);
        self.writer
            .run(move |conn| {
                let rest = std::sync::Arc::clone(&rest);
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(REST)
                            .bind(rest.organization_id.0)
                            .bind(rest.account_id.0)
                            .bind(rest.until.as_micros())
                            .bind(&rest.reason)
                            .bind(now.as_micros())
                            .execute(&mut *c)
                            .await?;
                    });
                    Ok(())
                })
            })
            .await
    }

    /// Until when an account rests, and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_rests_until(
        &self,
        organization: OrganizationId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<AccountRest>, StoreError> {
        let mut read = self.read().await?;
        let row: Option<(i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(FIND_REST)
                .bind(organization.0)
                .bind(account.0)
                .bind(now.as_micros())
                .fetch_optional(&mut *c)
                .await?
        });
        Ok(row.map(|(until, reason)| AccountRest {
            organization_id: organization,
            account_id: account,
            until: Timestamp::from_micros(until),
            reason,
        }))
    }

    /// Which of these accounts rest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_rests(
        &self,
        accounts: &[(OrganizationId, AccountId)],
        now: Timestamp,
    ) -> Result<Vec<AccountRest>, StoreError> {
        let mut read = self.read().await?;
        let mut rests = Vec::new();
        for some in accounts.chunks(MOST_ROWS) {
            let rows = Rows::new([
                Column::uuids(some.iter().map(|(organization, _)| organization.0)),
                Column::ints(some.iter().map(|(_, account)| account.0)),
                Column::ints(some.iter().map(|_| now.as_micros())),
            ]);
            let found: Vec<StoredRest> =
                rows.query_as(&mut read.conn(), "organization_id, account_id, at", FIND_RESTS).await?;
            rests.extend(found.into_iter().map(read_rest));
        }
        Ok(rests)
    }

    /// Every account that rests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_rests(&self, now: Timestamp) -> Result<Vec<AccountRest>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<StoredRest> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_RESTS).bind(now.as_micros()).fetch_all(&mut *c).await?
        });
        Ok(rows.into_iter().map(read_rest).collect())
    }

    /// When the next rest ends, or ended without anybody having lined up what waited for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_rest_end(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let end: Option<i64> =
            on!(read.conn(), |c| { sqlx::query_scalar(NEXT_REST_END).fetch_one(&mut *c).await? });
        Ok(end.map(Timestamp::from_micros))
    }

    /// Ends the rests that are over: what waited is due by its plan again, so that it goes out in
    /// that order. Returns how many accounts woke up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_rests(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    on!(conn, |c| {
                        let awake: Vec<(uuid::Uuid, i64)> =
                            sqlx::query_as(END_RESTS).bind(now.as_micros()).fetch_all(&mut *c).await?;
                        for (organization, account) in &awake {
                            sqlx::query(LINE_UP)
                                .bind(organization)
                                .bind(account)
                                .bind(now.as_micros())
                                .execute(&mut *c)
                                .await?;
                        }
                        Ok(awake.len())
                    })
                })
            })
            .await
    }

    /// Notes what is left in an app's bucket. In one window only less than what is known counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_app_budget(&self, budget: AppBudget, now: Timestamp) -> Result<(), StoreError> {
        let budget = std::sync::Arc::new(budget);
        self.writer
            .run(move |conn| {
                let budget = std::sync::Arc::clone(&budget);
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(NOTE_BUDGET)
                            .bind(budget.platform.as_str())
                            .bind(&budget.app_key)
                            .bind(&budget.scope)
                            .bind(i64::from(budget.limit))
                            .bind(i64::from(budget.remaining))
                            .bind(budget.reset_at.as_micros())
                            .bind(now.as_micros())
                            .execute(&mut *c)
                            .await?;
                    });
                    Ok(())
                })
            })
            .await
    }

    /// The noted buckets whose window has not ended. There are a few per platform at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_app_budgets(&self, now: Timestamp) -> Result<Vec<AppBudget>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(String, String, String, i64, i64, i64)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_BUDGETS).bind(now.as_micros()).fetch_all(&mut *c).await?
        });
        let count = |value: i64| u32::try_from(value).unwrap_or(0);
        let read =
            |(platform, app_key, scope, limit, remaining, reset_at): (String, _, _, _, _, _)| AppBudget {
                platform: PlatformName::from_text(&platform),
                app_key,
                scope,
                limit: count(limit),
                remaining: count(remaining),
                reset_at: Timestamp::from_micros(reset_at),
            };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Makes `hold.want` the number of publishes that a node may have under way through an app, or
    /// as many as the other nodes leave it; returns how many it holds now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_app_slots(&self, hold: SlotHold, now: Timestamp) -> Result<u32, StoreError> {
        let hold = std::sync::Arc::new(hold);
        self.writer
            .run(move |conn| {
                let hold = std::sync::Arc::clone(&hold);
                Box::pin(async move {
                    on!(conn, |c| {
                        let (platform, app) = (hold.platform.as_str(), hold.app_key.as_str());
                        sqlx::query(PASS_GATE).bind(platform).bind(app).execute(&mut *c).await?;
                        let others: i64 = sqlx::query_scalar(OTHERS_SLOTS)
                            .bind(platform)
                            .bind(app)
                            .bind(&hold.owner)
                            .bind(now.as_micros())
                            .fetch_one(&mut *c)
                            .await?;
                        let left = i64::from(hold.most).saturating_sub(others).max(0);
                        let granted = i64::from(hold.want).min(left);
                        sqlx::query(HOLD_SLOTS)
                            .bind(platform)
                            .bind(app)
                            .bind(&hold.owner)
                            .bind(granted)
                            .bind(hold.until.as_micros())
                            .execute(&mut *c)
                            .await?;
                        Ok(u32::try_from(granted).unwrap_or(0))
                    })
                })
            })
            .await
    }

    /// Gives back all that a node held, and what nodes left behind that are gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_app_slots(&self, owner: String, now: Timestamp) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                let owner = owner.clone();
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(DROP_SLOTS).bind(owner).bind(now.as_micros()).execute(&mut *c).await?;
                    });
                    Ok(())
                })
            })
            .await
    }

    /// How many destinations of an account went out after `since`; no more than `most` are counted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_published(
        &self,
        organization: OrganizationId,
        account: AccountId,
        since: Timestamp,
        most: u32,
    ) -> Result<u32, StoreError> {
        let mut read = self.read().await?;
        let count: i64 = on!(read.conn(), |c| {
            sqlx::query_scalar(COUNT_PUBLISHED)
                .bind(organization.0)
                .bind(account.0)
                .bind(since.as_micros())
                .bind(i64::from(most))
                .fetch_one(&mut *c)
                .await?
        });
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// What went out to an account after `since`, newest first, `most` at most.
    ///
    /// # Errors
    /// When the database fails or a post cannot be read.
    pub async fn list_published(
        &self,
        organization: OrganizationId,
        account: AccountId,
        since: Timestamp,
        most: u32,
    ) -> Result<Vec<Published>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_PUBLISHED)
                .bind(organization.0)
                .bind(account.0)
                .bind(since.as_micros())
                .bind(i64::from(most))
                .fetch_all(&mut *c)
                .await?
        });
        rows.into_iter()
            .map(|(at, thread)| {
                let thread: Vec<String> = from_json("posts", "thread_posts", &account, &thread)?;
                let parts = u32::try_from(thread.len()).unwrap_or(u32::MAX).saturating_add(1);
                Ok(Published { at: Timestamp::from_micros(at), parts })
            })
            .collect()
    }
}
