//! Picking up due destinations, and who holds which.

use std::collections::HashSet;

use domain::event::EventKind;
use domain::{
    AccountId, DestinationId, EventId, OrganizationId, PlatformName, PostId, PostStatus, Timestamp,
};
use serde_json::json;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::events::{self, NewEvent};
use crate::posts::read_status;
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError, Work, lanes, metrics};

/// A worker's hold on a destination. Every write it makes carries it, so that a worker that was
/// paused cannot overwrite its successor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The destination.
    pub destination_id: DestinationId,
    /// Its post.
    pub post_id: PostId,
    /// Its account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// Grows by one with every claim.
    pub token: i64,
}

/// A destination that a worker has picked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The hold.
    pub lease: Lease,
    /// When it was due.
    pub scheduled_for: Timestamp,
    /// When the hold ends unless it is renewed.
    pub lease_until: Timestamp,
    /// Whether something else of the account was due at the claim.
    pub lane_has_more: bool,
    /// Where work on it stands.
    pub work: Work,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    organization_id: Uuid,
    id: Uuid,
    post_id: Uuid,
    account_id: i64,
    platform: String,
    status: String,
    scheduled_for: i64,
    lease_token: i64,
    attempts: i64,
    tries: i64,
    state: Option<String>,
    intent: Option<String>,
    unknown_since: Option<i64>,
    looks: i64,
    first_sent_at: Option<i64>,
    lane_has_more: i64,
}

/// An account that has something due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DueAccount {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
}

/// The inner limit makes both databases begin with what is due; without it they prefer to walk
/// through everything that waits, account by account. Times have a lower end so that PostgreSQL, which
/// plans this before it knows the moment, does not expect a third of the table. Leases are counted because
/// PostgreSQL makes a join of `NOT EXISTS`, and takes the index of leases, which its statistics show as
/// empty, from one end to the other for every account.
pub(crate) const DUE_ACCOUNTS: &str = "SELECT lanes.organization_id, lanes.account_id, lanes.platform
    FROM (SELECT organization_id, account_id, MIN(platform) AS platform, MIN(run_at) AS first_at
        FROM (SELECT organization_id, account_id, platform, run_at FROM destinations
            WHERE run_at IS NOT NULL AND run_at > 0 AND run_at <= $1 ORDER BY run_at LIMIT 1000000) due
        GROUP BY organization_id, account_id) lanes
    WHERE (SELECT COUNT(*) FROM destinations o
        WHERE o.organization_id = lanes.organization_id AND o.account_id = lanes.account_id
          AND o.lease_owner > '' AND o.lease_owner <> $3 AND o.run_at + 0 > $1) = 0
    ORDER BY lanes.first_at, lanes.account_id LIMIT $2";
/// Two workers may look at an account at the same moment; the one that gets its row goes on, and
/// then sees what the other has taken before it.
const LOCK_ACCOUNTS: &str = "SELECT a.organization_id, a.id FROM v
    JOIN accounts a ON a.organization_id = v.organization_id AND a.id = v.account_id
    FOR NO KEY UPDATE OF a SKIP LOCKED";
/// The oldest that is due in each lane, unless somebody publishes to the account at the moment. The
/// sum keeps the look for leases away from the lane's index, which holds the whole future.
pub(crate) const HEADS: &str =
    "SELECT d.organization_id, d.id, d.post_id, d.account_id, d.platform, d.status,
        d.scheduled_for, d.lease_token, d.attempts, d.tries, d.state, d.intent, d.unknown_since, d.looks,
        d.first_sent_at,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM destinations m
            WHERE m.organization_id = v.organization_id AND m.account_id = v.account_id
              AND m.run_at IS NOT NULL AND m.run_at <= v.at AND m.id <> d.id) THEN 1 ELSE 0 END AS BIGINT)
            AS lane_has_more
    FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.id = (
        SELECT h.id FROM destinations h
        WHERE h.organization_id = v.organization_id AND h.account_id = v.account_id
          AND h.run_at IS NOT NULL AND h.run_at <= v.at
        ORDER BY h.run_at, h.id LIMIT 1)
    AND (SELECT COUNT(*) FROM destinations o
        WHERE o.organization_id = v.organization_id AND o.account_id = v.account_id
          AND o.lease_owner > '' AND o.run_at + 0 > v.at) = 0";
pub(crate) const NEXT_DUE: &str =
    "SELECT MIN(run_at) FROM destinations WHERE run_at IS NOT NULL AND run_at > $1";
pub(crate) const NEXT_WORK: &str =
    "SELECT (SELECT MIN(run_at) FROM destinations WHERE run_at IS NOT NULL AND run_at > $1),
        (SELECT MIN(resting_until) FROM account_rests)";
/// Written so that no index by time is thought to help.
pub(crate) const TAKE: &str =
    "UPDATE destinations SET lease_owner = v.owner, lease_token = v.token, run_at = v.lease_until,
    status = 'publishing', attempts = v.attempts, tries = v.tries, next_retry_at = NULL, updated_at = v.at
    FROM v
    WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.lease_token = v.token - 1 AND COALESCE(destinations.run_at, v.at + 1) <= v.at";
/// Which of them were taken.
pub(crate) const TAKEN: &str = "SELECT d.organization_id, d.id FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.id = v.id AND d.lease_token = v.token
      AND d.lease_owner = v.owner";
/// Going out is no change by the author, so the order by change stays.
pub(crate) const POST_GOES_OUT: &str = "UPDATE posts SET status = $3
    WHERE organization_id = $1 AND id = $2 AND status <> $3
      AND EXISTS (SELECT 1 FROM destinations d WHERE d.organization_id = $1 AND d.id = $4
          AND d.lease_token = $5 AND d.lease_owner IS NOT NULL)";
const RECOVER: &str = "UPDATE destinations SET run_at = $1, lease_owner = NULL
    WHERE lease_owner IS NOT NULL AND run_at IS NOT NULL";
const RECOVER_REFRESH: &str = "UPDATE accounts SET refresh_owner = NULL, refresh_until = NULL
    WHERE refresh_owner IS NOT NULL";

impl Store {
    /// The accounts that have something due and that nobody but `owner` publishes to, the longest due
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_accounts(
        &self,
        owner: &str,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<DueAccount>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(Uuid, i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(DUE_ACCOUNTS)
                .bind(now.as_micros())
                .bind(i64::from(limit))
                .bind(owner)
                .fetch_all(&mut *c)
                .await?
        });
        Ok(rows
            .into_iter()
            .map(|(organization, account, platform)| DueAccount {
                organization_id: OrganizationId(organization),
                account_id: AccountId(account),
                platform: PlatformName::from_text(&platform),
            })
            .collect())
    }

    /// Takes the oldest due destination of each of these accounts for `owner` until `lease_until`,
    /// except of those that are being published to. Reads state and time in the transaction that
    /// takes the lease, so that nothing goes out by an old plan. `ids` gives each claim an event id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_accounts(
        &self,
        owner: String,
        now: Timestamp,
        lease_until: Timestamp,
        accounts: Vec<DueAccount>,
        ids: Vec<EventId>,
    ) -> Result<Vec<Claim>, StoreError> {
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let shared = std::sync::Arc::new((owner, accounts, ids));
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move {
                    let (owner, accounts, ids) = &*shared;
                    let mut claims = Vec::with_capacity(accounts.len());
                    for some in accounts.chunks(MOST_ROWS) {
                        claims.extend(take_heads(&mut conn, owner, now, lease_until, some).await?);
                    }
                    note_start(&mut conn, &claims, ids, now).await?;
                    Ok(claims.into_iter().map(|(claim, _)| claim).collect())
                })
            })
            .await
    }

    /// Picks up to `limit` due destinations: one per account, the longest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_due(
        &self,
        owner: String,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        ids: Vec<EventId>,
    ) -> Result<Vec<Claim>, StoreError> {
        let accounts = self.list_due_accounts("", now, limit).await?;
        self.claim_accounts(owner, now, lease_until, accounts, ids).await
    }

    /// Says of a post that it is going out, as long as `lease` lasts. A claim does not say so: what goes
    /// out at once would be written twice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_going_out(&self, lease: Lease) -> Result<(), StoreError> {
        self.writer
            .run(move |conn| {
                let lease = lease.clone();
                Box::pin(async move {
                    on!(conn, |c| {
                        sqlx::query(POST_GOES_OUT)
                            .bind(lease.organization_id.0)
                            .bind(lease.post_id.0)
                            .bind(PostStatus::Publishing.as_str())
                            .bind(lease.destination_id.0)
                            .bind(lease.token)
                            .execute(&mut *c)
                            .await?
                            .rows_affected()
                    });
                    Ok(())
                })
            })
            .await
    }

    /// The next moment after `now` at which something becomes due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let next: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(NEXT_DUE).bind(now.as_micros()).fetch_one(&mut *c).await?
        });
        Ok(next.map(Timestamp::from_micros))
    }

    /// As [`Store::next_due`], or when the first rest of an account ends if that is sooner.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_work(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let (due, rest_end): (Option<i64>, Option<i64>) = on!(read.conn(), |c| {
            sqlx::query_as(NEXT_WORK).bind(now.as_micros()).fetch_one(&mut *c).await?
        });
        Ok(due.into_iter().chain(rest_end).min().map(Timestamp::from_micros))
    }

    /// Makes everything that a dead process held available at once. Only for a start that knows
    /// that no other worker lives. Returns how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover_leases(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.writer
            .run(move |conn| {
                Box::pin(async move {
                    let done = on!(conn, |c| {
                        sqlx::query(RECOVER_REFRESH).execute(&mut *c).await?;
                        sqlx::query(lanes::RECOVER).bind(now.as_micros()).execute(&mut *c).await?;
                        sqlx::query(metrics::lanes::RECOVER).bind(now.as_micros()).execute(&mut *c).await?;
                        sqlx::query(RECOVER).bind(now.as_micros()).execute(&mut *c).await?.rows_affected()
                    });
                    Ok(done)
                })
            })
            .await
    }
}

/// Each claim, and whether an attempt begins with it.
async fn take_heads(
    conn: &mut Conn<'_>,
    owner: &str,
    now: Timestamp,
    lease_until: Timestamp,
    accounts: &[DueAccount],
) -> Result<Vec<(Claim, bool)>, StoreError> {
    let wanted: Vec<(Uuid, i64)> =
        accounts.iter().map(|account| (account.organization_id.0, account.account_id.0)).collect();
    let free = lock_accounts(conn, wanted).await?;
    if free.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Rows::new([
        Column::uuids(free.iter().map(|(organization, _)| *organization)),
        Column::ints(free.iter().map(|(_, account)| *account)),
        Column::ints(free.iter().map(|_| now.as_micros())),
    ]);
    let heads: Vec<Candidate> = rows.query_as(conn, "organization_id, account_id, at", HEADS).await?;
    if heads.is_empty() {
        return Ok(Vec::new());
    }
    let mut claims =
        heads.into_iter().map(|row| read_claim(row, lease_until)).collect::<Result<Vec<_>, _>>()?;
    let of = || claims.iter().map(|(claim, _)| claim);
    let rows = Rows::new([
        Column::uuids(of().map(|claim| claim.lease.organization_id.0)),
        Column::uuids(of().map(|claim| claim.lease.destination_id.0)),
        Column::ints(of().map(|claim| claim.lease.token)),
        Column::texts(of().map(|_| owner)),
        Column::ints(of().map(|_| lease_until.as_micros())),
        Column::ints(of().map(|claim| i64::from(claim.work.attempts))),
        Column::ints(of().map(|claim| i64::from(claim.work.tries))),
        Column::ints(of().map(|_| now.as_micros())),
    ]);
    let names = "organization_id, id, token, owner, lease_until, attempts, tries, at";
    // They nearly always all are, and rows that come back one by one cost as much as the change.
    if rows.execute(conn, names, TAKE).await? != claims.len() as u64 {
        let taken: Vec<(Uuid, Uuid)> = rows.query_as(conn, names, TAKEN).await?;
        let taken: HashSet<(Uuid, Uuid)> = taken.into_iter().collect();
        let key = |claim: &Claim| (claim.lease.organization_id.0, claim.lease.destination_id.0);
        claims.retain(|(claim, _)| taken.contains(&key(claim)));
    }
    Ok(claims)
}

/// Those of the accounts that no other claim is looking at. SQLite has one writer anyway.
async fn lock_accounts(
    conn: &mut Conn<'_>,
    wanted: Vec<(Uuid, i64)>,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(wanted);
    }
    let rows = Rows::new([
        Column::uuids(wanted.iter().map(|(organization, _)| *organization)),
        Column::ints(wanted.iter().map(|(_, account)| *account)),
    ]);
    rows.query_as(conn, "organization_id, account_id", LOCK_ACCOUNTS).await
}

/// The claim as it is after it was taken, and whether an attempt begins with it.
fn read_claim(row: Candidate, lease_until: Timestamp) -> Result<(Claim, bool), StoreError> {
    let destination_id = DestinationId(row.id);
    let begins = read_status(destination_id, &row.status)? == domain::DestinationStatus::Queued;
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    let claim = Claim {
        lease: Lease {
            organization_id: OrganizationId(row.organization_id),
            destination_id,
            post_id: PostId(row.post_id),
            account_id: AccountId(row.account_id),
            platform: PlatformName::from_text(&row.platform),
            token: row.lease_token + 1,
        },
        scheduled_for: Timestamp::from_micros(row.scheduled_for),
        lease_until,
        lane_has_more: row.lane_has_more != 0,
        work: Work {
            state: row.state,
            intent: row.intent,
            unknown_since: row.unknown_since.map(Timestamp::from_micros),
            looks: count(row.looks),
            first_sent_at: row.first_sent_at.map(Timestamp::from_micros),
            attempts: count(row.attempts) + u32::from(begins),
            tries: count(row.tries) + u32::from(begins),
        },
    };
    Ok((claim, begins))
}

async fn note_start(
    conn: &mut Conn<'_>,
    claims: &[(Claim, bool)],
    ids: &[EventId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let starting: Vec<&Claim> = claims.iter().filter(|(_, begins)| *begins).map(|(claim, _)| claim).collect();
    if starting.is_empty() {
        return Ok(());
    }
    let started = |claim: &Claim, id: EventId| {
        let payload = json!({
            "post_id": claim.lease.post_id,
            "destination_id": claim.lease.destination_id,
            "platform": claim.lease.platform,
            "account_id": claim.lease.account_id,
        });
        (claim.lease.organization_id, NewEvent { id, kind: EventKind::PostPublishing, payload }, now)
    };
    let events: Vec<_> = starting.iter().zip(ids).map(|(claim, id)| started(claim, *id)).collect();
    events::insert_all(conn, &events).await
}
