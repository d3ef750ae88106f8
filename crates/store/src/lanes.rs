//! Lanes: the deliveries of one webhook, which go out one after another. Who may send, what is sent
//! next, and what became of it. Every write of a worker carries its lease token.

use domain::webhook::DeliveryStatus;
use domain::{DeliveryId, EventId, OrganizationId, Timestamp, WebhookId};
use serde_json::Value;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::deliveries::DeliveryAttempt;
use crate::error::{from_json, to_json};
use crate::webhooks::lock;
use crate::{Store, StoreError};

/// A webhook that has something to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DueLane {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// A worker's hold on a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLease {
    /// The lane.
    pub lane: DueLane,
    /// Grows by one with each hold.
    pub token: i64,
}

/// The next delivery of a lane.
#[derive(Clone)]
pub struct NextDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The event, whose id is the same at every delivery.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// The data that goes out with it.
    pub payload: Value,
    /// Tries since somebody last asked for them.
    pub tries: u32,
    attempts: i64,
    log: Vec<DeliveryAttempt>,
}

/// A lane in a worker's hands.
#[derive(Clone)]
pub struct DeliveryJob {
    /// The hold.
    pub lease: DeliveryLease,
    /// The receiver's address.
    pub url: String,
    /// The plain secret.
    pub secret: String,
    /// What is to be sent.
    pub next: NextDelivery,
}

/// How a try ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The receiver took it.
    Delivered,
    /// It is tried again then.
    RetryAt(Timestamp),
    /// No try is left.
    Dead,
    /// The receiver wants nothing more: the webhook is switched off, and the delivery waits.
    Gone,
}

/// What a worker has to say of a try.
#[derive(Clone, Debug)]
pub struct NewAttempt {
    /// What became of it.
    pub attempt: DeliveryAttempt,
    /// What follows.
    pub end: AttemptEnd,
    /// So many failures in a row switch the webhook off.
    pub disable_after: u32,
    /// When the hold ends if the worker goes on; `None` when it lets go.
    pub keep_until: Option<Timestamp>,
    /// The present moment.
    pub now: Timestamp,
}

/// What became of a worker's words.
#[derive(Clone)]
pub enum Recorded {
    /// Another worker has the lane, or the webhook is gone. Nothing was written.
    Lost,
    /// Written, and the lane was let go.
    Released {
        /// Whether the webhook was switched off with it.
        disabled: bool,
    },
    /// Written, and this is to be sent next.
    Next(Box<DeliveryJob>),
}

#[derive(sqlx::FromRow)]
struct Head {
    id: Uuid,
    event_id: Uuid,
    event: String,
    event_at: i64,
    payload: String,
    tries: i64,
    attempts: i64,
    run_at: i64,
    log: String,
}

#[derive(sqlx::FromRow)]
struct Taken {
    lease_token: i64,
    url: String,
    secret: Vec<u8>,
    is_active: i64,
}

#[derive(sqlx::FromRow)]
struct Lane {
    url: String,
    secret: Vec<u8>,
    is_active: i64,
    consecutive_failures: i64,
}

pub(crate) const DUE: &str = "SELECT organization_id, id FROM webhooks
    WHERE run_at IS NOT NULL AND run_at <= $1 ORDER BY run_at LIMIT $2";
pub(crate) const NEXT_DUE: &str = "SELECT MIN(run_at) FROM webhooks WHERE run_at IS NOT NULL AND run_at > $1";
const TAKE: &str = "UPDATE webhooks SET lease_owner = $3, lease_token = lease_token + 1, run_at = $5
    WHERE organization_id = $1 AND id = $2 AND run_at IS NOT NULL AND run_at <= $4
    RETURNING lease_token, url, secret, is_active";
/// A delivery goes before its event does, so that every head has one.
pub(crate) const HEAD: &str =
    "SELECT d.id, d.event_id, d.event, e.created_at AS event_at, e.payload, d.tries, d.attempts, d.run_at, d.log
    FROM webhook_deliveries d
    JOIN events e ON e.organization_id = d.organization_id AND e.id = d.event_id
    WHERE d.organization_id = $1 AND d.webhook_id = $2 AND d.run_at IS NOT NULL
    ORDER BY d.seq LIMIT 1";
const HELD: &str = "SELECT url, secret, is_active, consecutive_failures FROM webhooks
    WHERE organization_id = $1 AND id = $2 AND lease_token = $3 AND lease_owner IS NOT NULL";
const HOLD: &str =
    "UPDATE webhooks SET run_at = $4, lease_owner = CASE WHEN $5 = 1 THEN lease_owner ELSE NULL END
    WHERE organization_id = $1 AND id = $2 AND lease_token = $3";
const WRITE: &str =
    "UPDATE webhook_deliveries SET status = $3, attempts = $4, tries = $5, run_at = $6, log = $7,
    ended_at = $8 WHERE organization_id = $1 AND id = $2";
const NOTE: &str = "UPDATE webhooks SET consecutive_failures = $3, last_delivery_at = $4,
    last_success_at = COALESCE($5, last_success_at), last_failure_at = COALESCE($6, last_failure_at)
    WHERE organization_id = $1 AND id = $2";
const DISABLE: &str = "UPDATE webhooks SET is_active = 0, auto_disabled_at = $3, updated_at = $3
    WHERE organization_id = $1 AND id = $2 AND is_active = 1";
pub(crate) const RECOVER: &str = "UPDATE webhooks SET run_at = $1, lease_owner = NULL
    WHERE lease_owner IS NOT NULL AND run_at IS NOT NULL";

impl Head {
    fn read(self) -> Result<NextDelivery, StoreError> {
        Ok(NextDelivery {
            id: DeliveryId(self.id),
            event_id: EventId(self.event_id),
            event: self.event,
            created_at: Timestamp::from_micros(self.event_at),
            payload: from_json("events", "payload", &self.event_id, &self.payload)?,
            tries: u32::try_from(self.tries).unwrap_or(0),
            attempts: self.attempts,
            log: from_json("webhook_deliveries", "log", &self.id, &self.log)?,
        })
    }
}

impl Store {
    /// The lanes that have something due and that nobody holds, the longest due first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_due_lanes(&self, now: Timestamp, limit: u32) -> Result<Vec<DueLane>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(Uuid, Uuid)> = on!(read.conn(), |c| {
            sqlx::query_as(DUE).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        let lane = |(organization, webhook)| DueLane {
            organization_id: OrganizationId(organization),
            webhook_id: WebhookId(webhook),
        };
        Ok(rows.into_iter().map(lane).collect())
    }

    /// The next moment after `now` at which a lane has something due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_lane_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut read = self.read().await?;
        let next: Option<i64> = on!(read.conn(), |c| {
            sqlx::query_scalar(NEXT_DUE).bind(now.as_micros()).fetch_one(&mut *c).await?
        });
        Ok(next.map(Timestamp::from_micros))
    }

    /// Takes a lane for `owner` until `until`, with what is to be sent. `None` when another has it or
    /// nothing is due in it.
    ///
    /// # Errors
    /// When the database fails, or [`StoreError::Sealed`] when the secret cannot be read.
    pub async fn take_lane(
        &self,
        lane: DueLane,
        owner: String,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<DeliveryJob>, StoreError> {
        let taken = self
            .writer
            .run(move |mut conn| {
                let owner = owner.clone();
                Box::pin(async move { take(&mut conn, lane, owner, now, until).await })
            })
            .await?;
        let Some((taken, head)) = taken else { return Ok(None) };
        let secret = self.open_webhook_secret(lane.organization_id, lane.webhook_id, &taken.secret)?;
        let lease = DeliveryLease { lane, token: taken.lease_token };
        Ok(Some(DeliveryJob { lease, url: taken.url, secret, next: head.read()? }))
    }

    /// Writes what became of a try, and lets the lane go or gives what is to be sent next.
    ///
    /// # Errors
    /// When the database fails, or [`StoreError::Sealed`] when the secret cannot be read.
    pub async fn record_delivery(&self, job: DeliveryJob, new: NewAttempt) -> Result<Recorded, StoreError> {
        let shared = std::sync::Arc::new((job, new));
        let again = std::sync::Arc::clone(&shared);
        let written = self
            .writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move { record(&mut conn, &shared.0, &shared.1).await })
            })
            .await?;
        match written {
            Written::Lost => Ok(Recorded::Lost),
            Written::Released { disabled } => Ok(Recorded::Released { disabled }),
            Written::Next(lane, head) => {
                let lease = again.0.lease.clone();
                let DueLane { organization_id, webhook_id } = lease.lane;
                let secret = self.open_webhook_secret(organization_id, webhook_id, &lane.secret)?;
                Ok(Recorded::Next(Box::new(DeliveryJob { lease, url: lane.url, secret, next: head.read()? })))
            }
        }
    }
}

enum Written {
    Lost,
    Released { disabled: bool },
    Next(Lane, Head),
}

async fn take(
    conn: &mut Conn<'_>,
    lane: DueLane,
    owner: String,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<(Taken, Head)>, StoreError> {
    let taken: Option<Taken> = on!(&mut *conn, |c| {
        sqlx::query_as(TAKE)
            .bind(lane.organization_id.0)
            .bind(lane.webhook_id.0)
            .bind(owner)
            .bind(now.as_micros())
            .bind(until.as_micros())
            .fetch_optional(&mut **c)
            .await?
    });
    let Some(taken) = taken else { return Ok(None) };
    let head = find_head(conn, lane).await?.filter(|_| taken.is_active != 0);
    match head {
        Some(head) if head.run_at <= now.as_micros() => Ok(Some((taken, head))),
        later => {
            let run_at = later.map(|head| head.run_at);
            hold(conn, lane, taken.lease_token, run_at, false).await?;
            Ok(None)
        }
    }
}

async fn find_head(conn: &mut Conn<'_>, lane: DueLane) -> Result<Option<Head>, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query_as(HEAD)
            .bind(lane.organization_id.0)
            .bind(lane.webhook_id.0)
            .fetch_optional(&mut **c)
            .await?
    }))
}

async fn hold(
    conn: &mut Conn<'_>,
    lane: DueLane,
    token: i64,
    run_at: Option<i64>,
    keeps: bool,
) -> Result<(), StoreError> {
    on!(conn, |c| {
        sqlx::query(HOLD)
            .bind(lane.organization_id.0)
            .bind(lane.webhook_id.0)
            .bind(token)
            .bind(run_at)
            .bind(i64::from(keeps))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

async fn record(conn: &mut Conn<'_>, job: &DeliveryJob, new: &NewAttempt) -> Result<Written, StoreError> {
    let DeliveryLease { lane, token } = job.lease;
    // What waits in the lane is looked at below, and must not grow behind that look.
    lock(conn, lane.organization_id, lane.webhook_id).await?;
    let present: Option<Lane> = on!(&mut *conn, |c| {
        sqlx::query_as(HELD)
            .bind(lane.organization_id.0)
            .bind(lane.webhook_id.0)
            .bind(token)
            .fetch_optional(&mut **c)
            .await?
    });
    let Some(present) = present else { return Ok(Written::Lost) };
    write_delivery(conn, lane, job, new).await?;
    let succeeded = new.end == AttemptEnd::Delivered;
    let failures = if succeeded { 0 } else { present.consecutive_failures + 1 };
    note(conn, lane, failures, new, succeeded).await?;
    let gives_up = new.end == AttemptEnd::Gone || failures >= i64::from(new.disable_after);
    let disabled = present.is_active != 0 && !succeeded && gives_up;
    if disabled {
        on!(&mut *conn, |c| {
            sqlx::query(DISABLE)
                .bind(lane.organization_id.0)
                .bind(lane.webhook_id.0)
                .bind(new.now.as_micros())
                .execute(&mut **c)
                .await?
                .rows_affected()
        });
    }
    let head = if disabled || present.is_active == 0 { None } else { find_head(conn, lane).await? };
    let due = head.as_ref().is_some_and(|head| head.run_at <= new.now.as_micros());
    match (head, new.keep_until) {
        (Some(head), Some(until)) if due => {
            hold(conn, lane, token, Some(until.as_micros()), true).await?;
            Ok(Written::Next(present, head))
        }
        (head, _) => {
            hold(conn, lane, token, head.map(|head| head.run_at), false).await?;
            Ok(Written::Released { disabled })
        }
    }
}

async fn write_delivery(
    conn: &mut Conn<'_>,
    lane: DueLane,
    job: &DeliveryJob,
    new: &NewAttempt,
) -> Result<(), StoreError> {
    let next = &job.next;
    let (status, run_at) = match new.end {
        AttemptEnd::Delivered => (DeliveryStatus::Delivered, None),
        AttemptEnd::RetryAt(at) => (DeliveryStatus::Pending, Some(at)),
        AttemptEnd::Dead => (DeliveryStatus::Dead, None),
        // It goes out once the webhook is switched on again.
        AttemptEnd::Gone => (DeliveryStatus::Pending, Some(new.now)),
    };
    let mut log = next.log.clone();
    log.push(new.attempt.clone());
    let ended_at = run_at.is_none().then_some(new.now);
    on!(conn, |c| {
        sqlx::query(WRITE)
            .bind(lane.organization_id.0)
            .bind(next.id.0)
            .bind(status.as_str())
            .bind(next.attempts + 1)
            .bind(i64::from(next.tries) + 1)
            .bind(run_at.map(Timestamp::as_micros))
            .bind(to_json(&log))
            .bind(ended_at.map(Timestamp::as_micros))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}

async fn note(
    conn: &mut Conn<'_>,
    lane: DueLane,
    failures: i64,
    new: &NewAttempt,
    succeeded: bool,
) -> Result<(), StoreError> {
    let at = new.attempt.at.as_micros();
    on!(conn, |c| {
        sqlx::query(NOTE)
            .bind(lane.organization_id.0)
            .bind(lane.webhook_id.0)
            .bind(failures)
            .bind(at)
            .bind(succeeded.then_some(at))
            .bind((!succeeded).then_some(at))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(())
}
