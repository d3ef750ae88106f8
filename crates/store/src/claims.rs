//! Picking up due destinations, and who holds which.

use domain::event::EventKind;
use domain::{AccountId, DestinationId, EventId, OrganizationId, PlatformName, PostId, Timestamp};
use serde_json::json;
use sqlx::QueryBuilder;

use crate::conn::{Conn, on};
use crate::error::to_json;
use crate::posts::read_status;
use crate::{Store, StoreError, Work};

/// A worker's hold on a destination. Every write it makes carries it, so that a worker that was
/// paused cannot overwrite its successor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The destination.
    pub destination_id: DestinationId,
    /// Grows by one with every claim.
    pub token: i64,
}

/// A destination that a worker has picked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The hold.
    pub lease: Lease,
    /// The post.
    pub post_id: PostId,
    /// The account.
    pub account_id: AccountId,
    /// The platform.
    pub platform: PlatformName,
    /// When it was due.
    pub scheduled_for: Timestamp,
    /// Where work on it stands.
    pub work: Work,
}

#[derive(sqlx::FromRow)]
struct Candidate {
    organization_id: uuid::Uuid,
    id: uuid::Uuid,
    post_id: uuid::Uuid,
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
}

/// Due, not deleted, one per account, and of an account that nobody publishes to at the moment.
pub(crate) const DUE: &str =
    "SELECT organization_id, id, post_id, account_id, platform, status, scheduled_for,
        lease_token, attempts, tries, state, intent, unknown_since, looks, first_sent_at
    FROM (
        SELECT d.*, ROW_NUMBER() OVER (
            PARTITION BY d.organization_id, d.account_id ORDER BY d.run_at, d.id) AS turn
        FROM destinations d
        JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id AND p.deleted_at IS NULL
        WHERE d.run_at IS NOT NULL AND d.run_at <= $1
          AND NOT EXISTS (SELECT 1 FROM destinations o WHERE o.organization_id = d.organization_id
              AND o.account_id = d.account_id AND o.lease_owner IS NOT NULL AND o.run_at > $1)
    ) due
    WHERE turn = 1 ORDER BY run_at, id LIMIT $2";
pub(crate) const NEXT_DUE: &str =
    "SELECT MIN(run_at) FROM destinations WHERE run_at IS NOT NULL AND run_at > $1";
const TAKE: &str = "UPDATE destinations SET lease_owner = $3, lease_token = lease_token + 1, run_at = $4,
    status = 'publishing', attempts = $5, tries = $6, next_retry_at = NULL, updated_at = $7
    WHERE organization_id = $1 AND id = $2 AND lease_token = $8";
const POST_GOES_OUT: &str = "UPDATE posts SET status = 'publishing', updated_at = ";
const OF_THESE: &str = " WHERE status <> 'publishing' AND (organization_id, id) IN (";
const EVENTS: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at) ";
const RECOVER: &str = "UPDATE destinations SET run_at = $1, lease_owner = NULL
    WHERE lease_owner IS NOT NULL AND run_at IS NOT NULL";
const RECOVER_REFRESH: &str = "UPDATE accounts SET refresh_owner = NULL, refresh_until = NULL
    WHERE refresh_owner IS NOT NULL";

impl Store {
    /// Picks up to `limit` due destinations for `owner` until `lease_until`; one per account, and
    /// none of an account that is being published to. Reads state and time in the transaction that
    /// takes the lease, so that nothing goes out by an old plan. `ids` gives each claim an event id.
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
        let shared = std::sync::Arc::new((owner, ids));
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move {
                    let (owner, ids) = &*shared;
                    take_due(&mut conn, owner, now, lease_until, limit, ids).await
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
                        sqlx::query(RECOVER).bind(now.as_micros()).execute(&mut *c).await?
                    });
                    Ok(done.rows_affected())
                })
            })
            .await
    }
}

async fn take_due(
    conn: &mut Conn<'_>,
    owner: &str,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
    ids: &[EventId],
) -> Result<Vec<Claim>, StoreError> {
    let candidates: Vec<Candidate> = on!(&mut *conn, |c| {
        sqlx::query_as(DUE).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut **c).await?
    });
    let mut claims = Vec::with_capacity(candidates.len());
    let mut starting = Vec::new();
    for candidate in candidates {
        let claim = read_claim(candidate)?;
        let done = on!(&mut *conn, |c| {
            sqlx::query(TAKE)
                .bind(claim.0.lease.organization_id.0)
                .bind(claim.0.lease.destination_id.0)
                .bind(owner)
                .bind(lease_until.as_micros())
                .bind(i64::from(claim.0.work.attempts))
                .bind(i64::from(claim.0.work.tries))
                .bind(now.as_micros())
                .bind(claim.0.lease.token - 1)
                .execute(&mut **c)
                .await?
        });
        if done.rows_affected() != 1 {
            continue;
        }
        if claim.1 {
            starting.push(claims.len());
        }
        claims.push(claim.0);
    }
    note_start(conn, &claims, &starting, ids, now).await?;
    Ok(claims)
}

/// The claim as it is after it was taken, and whether an attempt begins with it.
fn read_claim(row: Candidate) -> Result<(Claim, bool), StoreError> {
    let destination_id = DestinationId(row.id);
    let begins = read_status(destination_id, &row.status)? == domain::DestinationStatus::Queued;
    let count = |value: i64| u32::try_from(value).unwrap_or(0);
    let claim = Claim {
        lease: Lease {
            organization_id: OrganizationId(row.organization_id),
            destination_id,
            token: row.lease_token + 1,
        },
        post_id: PostId(row.post_id),
        account_id: AccountId(row.account_id),
        platform: PlatformName::from_text(&row.platform),
        scheduled_for: Timestamp::from_micros(row.scheduled_for),
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
    claims: &[Claim],
    starting: &[usize],
    ids: &[EventId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let starting: Vec<(&Claim, EventId)> =
        starting.iter().filter_map(|&at| claims.get(at)).zip(ids.iter().copied()).collect();
    if starting.is_empty() {
        return Ok(());
    }
    on!(&mut *conn, |c| {
        let mut query = QueryBuilder::new(EVENTS);
        query.push_values(&starting, |mut row, (claim, id)| {
            let payload = json!({
                "post_id": claim.post_id,
                "destination_id": claim.lease.destination_id,
                "platform": claim.platform,
                "account_id": claim.account_id,
            });
            row.push_bind(claim.lease.organization_id.0)
                .push_bind(id.0)
                .push_bind(EventKind::PostPublishing.as_str())
                .push_bind(to_json(&payload))
                .push_bind(now.as_micros());
        });
        query.build().execute(&mut **c).await?;
        let mut query = QueryBuilder::new(POST_GOES_OUT);
        query.push_bind(now.as_micros()).push(OF_THESE);
        let mut list = query.separated(", ");
        for (claim, _) in &starting {
            list.push("(");
            list.push_bind_unseparated(claim.lease.organization_id.0);
            list.push_unseparated(", ");
            list.push_bind_unseparated(claim.post_id.0);
            list.push_unseparated(")");
        }
        query.push(")");
        query.build().execute(&mut **c).await?
    });
    Ok(())
}
