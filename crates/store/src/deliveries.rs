//! The log of deliveries: what was sent to a webhook, what became of it, and sending it again.

use std::sync::Arc;

use domain::event::EventKind;
use domain::webhook::DeliveryStatus;
use domain::{DeliveryId, EventId, OrganizationId, Timestamp, WebhookId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::fan_out::next_number;
use crate::idempotency::{KeepWith, Keeper, Once};
use crate::rows::{Dialect, Value as Bound};
use crate::webhooks::{lock, resume};
use crate::{Store, StoreError};

/// What became of one try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// When it was sent.
    pub at: Timestamp,
    /// The receiver's status; `None` when there was no HTTP answer.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: i64,
    /// Why it failed; `None` when it did not.
    pub error: Option<String>,
}

/// A delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliveryId,
    /// The event, whose id is the same at every delivery.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
    /// When the event happened.
    pub event_at: Timestamp,
    /// The data that goes out with it.
    pub payload: Value,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Tries in all.
    pub attempts: u32,
    /// When it is tried next.
    pub next_try_at: Option<Timestamp>,
    /// Each try, oldest first.
    pub log: Vec<DeliveryAttempt>,
    /// When it was put on its way.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Which deliveries are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Those that stand there.
    pub status: Option<DeliveryStatus>,
    /// Those of events of this name.
    pub event: Option<String>,
}

/// A try by hand, to be noted.
#[derive(Clone, Debug)]
pub struct TestDelivery {
    /// The delivery's id.
    pub id: DeliveryId,
    /// The event's id.
    pub event_id: EventId,
    /// The data that went out.
    pub payload: Value,
    /// What became of it.
    pub attempt: DeliveryAttempt,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: Uuid,
    event_id: Uuid,
    event: String,
    event_at: i64,
    payload: String,
    status: String,
    attempts: i64,
    run_at: Option<i64>,
    log: String,
    created_at: i64,
    ended_at: Option<i64>,
}

impl Stored {
    fn read(self) -> Result<DeliveryRow, StoreError> {
        let unknown = || StoreError::Corrupt {
            table: "webhook_deliveries",
            column: "status",
            id: self.id.to_string(),
            reason: format!("\"{}\" is no status", self.status),
        };
        Ok(DeliveryRow {
            id: DeliveryId(self.id),
            event_id: EventId(self.event_id),
            event_at: Timestamp::from_micros(self.event_at),
            payload: from_json("events", "payload", &self.event_id, &self.payload)?,
            status: DeliveryStatus::parse(&self.status).ok_or_else(unknown)?,
            event: self.event,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            next_try_at: self.run_at.map(Timestamp::from_micros),
            log: from_json("webhook_deliveries", "log", &self.id, &self.log)?,
            created_at: Timestamp::from_micros(self.created_at),
            ended_at: self.ended_at.map(Timestamp::from_micros),
        })
    }
}

/// A numbered delivery before it; another condition ends it.
const AFTER: &str = " AND d.seq < (SELECT a.seq FROM webhook_deliveries a WHERE a.organization_id = ";
pub(crate) const SELECT: &str =
    "SELECT d.id, d.event_id, d.event, e.created_at AS event_at, e.payload, d.status, d.attempts, d.run_at,
        d.log, d.created_at, d.ended_at
    FROM webhook_deliveries d
    JOIN events e ON e.organization_id = d.organization_id AND e.id = d.event_id";
const COUNT: &str = "SELECT COUNT(*) FROM webhook_deliveries d";
const INSERT: &str = "INSERT INTO webhook_deliveries
    (organization_id, id, webhook_id, seq, event_id, event, status, attempts, tries, run_at, log, created_at,
     ended_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)";
const NOTE_TEST: &str = "UPDATE webhooks SET last_delivery_at = $3,
    last_success_at = COALESCE($4, last_success_at), last_failure_at = COALESCE($5, last_failure_at)
    WHERE organization_id = $1 AND id = $2";
impl Store {
    /// A page of what was sent to a webhook, the latest first.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn list_deliveries(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
        (limit, offset, after): (u32, u64, Option<DeliveryId>),
    ) -> Result<Vec<DeliveryRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<Stored> = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(SELECT);
            push_filter(&mut query, organization, webhook, filter);
            // One that was forgotten meanwhile was older than all that are left.
            if let Some(after) = after {
                query
                    .push(AFTER)
                    .push_bind(organization.0)
                    .push(" AND a.webhook_id = ")
                    .push_bind(webhook.0)
                    .push(" AND a.id = ")
                    .push_bind(after.0)
                    .push(")");
            }
            query.push(" ORDER BY d.seq DESC LIMIT ").push_bind(i64::from(limit));
            query.push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
            query.build_query_as().fetch_all(&mut *c).await?
        });
        rows.into_iter().map(Stored::read).collect()
    }

    /// How many deliveries there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_deliveries(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        filter: &DeliveryFilter,
    ) -> Result<u64, StoreError> {
        let mut read = self.read().await?;
        let count: i64 = on!(read.conn(), |c| {
            let mut query = QueryBuilder::new(COUNT);
            push_filter(&mut query, organization, webhook, filter);
            query.build_query_scalar().fetch_one(&mut *c).await?
        });
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// One delivery.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn find_delivery(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryRow>, StoreError> {
        let mut read = self.read().await?;
        find(&mut read.conn(), organization, webhook, id).await
    }

    /// Sends the event of a delivery once more, after all that waits already: a new delivery with the
    /// id `new`, of the same event. `None` when there is no such delivery.
    ///
    /// # Errors
    /// When the database fails or the row cannot be read.
    pub async fn replay_delivery(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        id: DeliveryId,
        new: DeliveryId,
        now: Timestamp,
        keep: Option<KeepWith<DeliveryRow>>,
    ) -> Result<Once<Option<DeliveryRow>>, StoreError> {
        let keeper = Arc::new(Keeper::new(keep, &self.keyring));
        self.writer
            .run(move |mut conn| {
                let keeper = Arc::clone(&keeper);
                Box::pin(async move {
                    if !keeper.begin(&mut conn).await? {
                        return Ok(Once::TakenOver);
                    }
                    lock(&mut conn, organization, webhook).await?;
                    let Some(old) = find(&mut conn, organization, webhook, id).await? else {
                        return Ok(Once::Done(None));
                    };
                    let again = DeliveryRow {
                        id: new,
                        status: DeliveryStatus::Pending,
                        attempts: 0,
                        next_try_at: Some(now),
                        log: Vec::new(),
                        created_at: now,
                        ended_at: None,
                        ..old
                    };
                    insert(&mut conn, organization, webhook, &again).await?;
                    resume(&mut conn, organization, webhook, now).await?;
                    keeper.end(&mut conn, &again).await?;
                    Ok(Once::Done(Some(again)))
                })
            })
            .await
    }

    /// Lets these deliveries that were given up, or all of them, be tried again as if for the first
    /// time. They keep their places in the order. Gives their number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn requeue_deliveries(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        ids: Option<Vec<DeliveryId>>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.writer
            .run(move |mut conn| {
                let ids = ids.clone();
                Box::pin(async move {
                    lock(&mut conn, organization, webhook).await?;
                    let requeued = on!(&mut conn, |c| {
                        let mut query = QueryBuilder::new(
                            "UPDATE webhook_deliveries SET status = 'pending', tries = 0, ended_at = NULL, run_at = ",
                        );
                        query.push_bind(now.as_micros()).push(" WHERE organization_id = ");
                        query.push_bind(organization.0).push(" AND webhook_id = ").push_bind(webhook.0);
                        query.push(" AND status = 'dead'");
                        if let Some(ids) = &ids {
                            query.push(" AND id IN (");
                            let mut list = query.separated(", ");
                            for id in ids {
                                list.push_bind(id.0);
                            }
                            query.push(")");
                        }
                        query.build().execute(&mut **c).await?.rows_affected()
                    });
                    if requeued > 0 {
                        resume(&mut conn, organization, webhook, now).await?;
                    }
                    Ok(requeued)
                })
            })
            .await
    }

    /// Notes a try by hand in the log. It counts neither for nor against the webhook. `false` when the
    /// webhook is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_test_delivery(
        &self,
        organization: OrganizationId,
        webhook: WebhookId,
        test: TestDelivery,
    ) -> Result<bool, StoreError> {
        self.writer
            .run(move |mut conn| {
                let test = test.clone();
                Box::pin(async move { write_test(&mut conn, organization, webhook, test).await })
            })
            .await
    }
}

fn push_filter<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    organization: OrganizationId,
    webhook: WebhookId,
    filter: &DeliveryFilter,
) {
    query.push(" WHERE d.organization_id = ");
    DB::push_value(query, Bound::Uuid(organization.0));
    query.push(" AND d.webhook_id = ");
    DB::push_value(query, Bound::Uuid(webhook.0));
    if let Some(status) = filter.status {
        query.push(" AND d.status = ");
        DB::push_value(query, Bound::Text(status.as_str().to_owned()));
    }
    if let Some(event) = &filter.event {
        query.push(" AND d.event = ");
        DB::push_value(query, Bound::Text(event.clone()));
    }
}

async fn find(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<Option<DeliveryRow>, StoreError> {
    let row: Option<Stored> = on!(conn, |c| {
        let mut query = QueryBuilder::new(SELECT);
        push_filter(&mut query, organization, webhook, &DeliveryFilter::default());
        query.push(" AND d.id = ").push_bind(id.0);
        query.build_query_as().fetch_optional(&mut **c).await?
    });
    row.map(Stored::read).transpose()
}

/// Writes a delivery under the lane's next number. `false` when the webhook is gone.
async fn insert(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    row: &DeliveryRow,
) -> Result<bool, StoreError> {
    let Some(seq) = next_number(conn, organization, webhook).await? else { return Ok(false) };
    on!(conn, |c| {
        sqlx::query(INSERT)
            .bind(organization.0)
            .bind(row.id.0)
            .bind(webhook.0)
            .bind(seq)
            .bind(row.event_id.0)
            .bind(&row.event)
            .bind(row.status.as_str())
            .bind(i64::from(row.attempts))
            .bind(row.next_try_at.map(Timestamp::as_micros))
            .bind(to_json(&row.log))
            .bind(row.created_at.as_micros())
            .bind(row.ended_at.map(Timestamp::as_micros))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(true)
}

async fn write_test(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
    test: TestDelivery,
) -> Result<bool, StoreError> {
    const EVENT: &str = "INSERT INTO events (organization_id, id, kind, payload, created_at)
        VALUES ($1, $2, $3, $4, $5)";
    let at = test.attempt.at;
    let kind = EventKind::WebhookTest.as_str();
    let succeeded = test.attempt.error.is_none();
    lock(conn, organization, webhook).await?;
    let row = DeliveryRow {
        id: test.id,
        event_id: test.event_id,
        event: kind.to_owned(),
        event_at: at,
        payload: test.payload,
        status: if succeeded { DeliveryStatus::Delivered } else { DeliveryStatus::Dead },
        attempts: 1,
        next_try_at: None,
        log: vec![test.attempt],
        created_at: at,
        ended_at: Some(at),
    };
    if !insert(conn, organization, webhook, &row).await? {
        return Ok(false);
    }
    let micros = at.as_micros();
    on!(conn, |c| {
        sqlx::query(EVENT)
            .bind(organization.0)
            .bind(row.event_id.0)
            .bind(kind)
            .bind(to_json(&row.payload))
            .bind(micros)
            .execute(&mut **c)
            .await?;
        sqlx::query(NOTE_TEST)
            .bind(organization.0)
            .bind(webhook.0)
            .bind(micros)
            .bind(succeeded.then_some(micros))
            .bind((!succeeded).then_some(micros))
            .execute(&mut **c)
            .await?
            .rows_affected()
    });
    Ok(true)
}
