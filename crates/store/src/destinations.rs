//! What a worker writes about a destination that it holds: progress, intents, outcomes.

use domain::event::EventKind;
use domain::{DestinationId, DestinationStatus, EventId, FailureCode, OrganizationId, PostStatus, Timestamp};
use serde_json::{Value, json};

use crate::claims::Lease;
use crate::conn::{Conn, on};
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::posts::read_status;
use crate::{Store, StoreError};

/// Where work on a destination stands: all that survives a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The connector's progress.
    pub state: Option<String>,
    /// The open intent: a commit that may have been sent.
    pub intent: Option<String>,
    /// Since when its outcome is unknown.
    pub unknown_since: Option<Timestamp>,
    /// How often it was looked for in vain.
    pub looks: u32,
    /// When the part that is due was first sent, unless it was refused for certain: what the
    /// platform says of a duplicate is news of that request.
    pub first_sent_at: Option<Timestamp>,
    /// Attempts in all.
    pub attempts: u32,
    /// Attempts since a person last asked for one.
    pub tries: u32,
}

/// What a write does with the lease and the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Work goes on under the same lease, which now ends then.
    Continue {
        /// The lease's new end.
        lease_until: Timestamp,
    },
    /// Nobody holds it until then; the attempt goes on.
    Park {
        /// When it may be picked up.
        run_at: Timestamp,
    },
    /// Nobody holds it until then; a new attempt begins.
    Requeue {
        /// When it may be picked up.
        run_at: Timestamp,
        /// Why, in words for the author.
        error: String,
    },
    /// It has ended.
    Finish(Finish),
}

/// How a destination ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Live.
    Published {
        /// The platform's id.
        platform_post_id: String,
        /// The public address.
        platform_post_url: String,
        /// What was published otherwise than asked.
        warnings: Vec<String>,
    },
    /// Not live, for this reason.
    Failed {
        /// The stable code.
        code: FailureCode,
        /// The reason in words for the author.
        error: String,
    },
}

/// A line in a destination's journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// `intent`, `progress`, `published`, `failed`, `retry`, `look` …
    pub kind: &'static str,
    /// Facts for a person who reads it.
    pub detail: Value,
}

/// A stored line of a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalRow {
    /// Its number within the destination.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// In which attempt.
    pub attempt: u32,
    /// When.
    pub at: Timestamp,
    /// Facts.
    pub detail: Value,
}

const WRITE: &str = "UPDATE destinations SET state = $4, intent = $5, unknown_since = $6, looks = $7,
    first_sent_at = $8, attempts = $9, tries = $10, status = $11, run_at = $12,
    lease_owner = CASE WHEN $13 = 1 THEN lease_owner ELSE NULL END, next_retry_at = $14, error_code = $15,
    error = $16, warnings = $17, platform_post_id = $18, platform_post_url = $19, published_at = $20,
    failed_at = $21, updated_at = $22
    WHERE organization_id = $1 AND id = $2 AND lease_token = $3 AND lease_owner IS NOT NULL";
const POST: &str = "SELECT d.post_id, d.account_id, d.platform, p.deleted_at
    FROM destinations d JOIN posts p ON p.organization_id = d.organization_id AND p.id = d.post_id
    WHERE d.organization_id = $1 AND d.id = $2 AND d.lease_token = $3 AND d.lease_owner IS NOT NULL";
const CANCEL: &str = "UPDATE destinations SET run_at = NULL, lease_owner = NULL, updated_at = $4
    WHERE organization_id = $1 AND id = $2 AND lease_token = $3";
const STATUSES: &str = "SELECT id, status FROM destinations WHERE organization_id = $1 AND post_id = $2";
const POST_STATUS: &str = "UPDATE posts SET status = $3, updated_at = $4,
    published_at = COALESCE(published_at, $5) WHERE organization_id = $1 AND id = $2";
const ACCOUNT_PUBLISHED: &str = "UPDATE accounts SET last_published_at = $3
    WHERE organization_id = $1 AND id = $2";
const JOURNAL: &str = "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
    SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6 FROM journal
    WHERE organization_id = $1 AND destination_id = $2";
const LIST_JOURNAL: &str = "SELECT seq, kind, attempt, at, detail FROM journal
    WHERE organization_id = $1 AND destination_id = $2 ORDER BY seq";

#[derive(sqlx::FromRow)]
struct Held {
    post_id: uuid::Uuid,
    account_id: i64,
    platform: String,
    deleted_at: Option<i64>,
}

impl Store {
    /// Writes where work stands and what becomes of the lease, with the journal line and, at an
    /// end, the post's status and the events, in one transaction. `false` when the lease is no
    /// longer this worker's, or an intent was to be recorded for a post that was deleted: then
    /// nothing may be sent. `ids` are for the events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(
        &self,
        lease: Lease,
        work: Work,
        outcome: Outcome,
        journal: Option<JournalEntry>,
        ids: [EventId; 2],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let shared = std::sync::Arc::new((lease, work, outcome, journal));
        self.writer
            .run(move |mut conn| {
                let shared = std::sync::Arc::clone(&shared);
                Box::pin(async move {
                    let (lease, work, outcome, journal) = &*shared;
                    write_record(&mut conn, lease, work, outcome, journal.as_ref(), ids, now).await
                })
            })
            .await
    }

    /// A destination's journal, oldest line first.
    ///
    /// # Errors
    /// When the database fails or a line cannot be read.
    pub async fn list_journal(
        &self,
        organization: OrganizationId,
        destination: DestinationId,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(i64, String, i64, i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_JOURNAL).bind(organization.0).bind(destination.0).fetch_all(&mut *c).await?
        });
        rows.into_iter()
            .map(|(seq, kind, attempt, at, detail)| {
                Ok(JournalRow {
                    seq,
                    kind,
                    attempt: u32::try_from(attempt).unwrap_or(0),
                    at: Timestamp::from_micros(at),
                    detail: crate::error::from_json("journal", "detail", &destination, &detail)?,
                })
            })
            .collect()
    }
}

async fn write_record(
    conn: &mut Conn<'_>,
    lease: &Lease,
    work: &Work,
    outcome: &Outcome,
    journal: Option<&JournalEntry>,
    ids: [EventId; 2],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(held) = find_held(conn, lease).await? else { return Ok(false) };
    let opens_commit = work.intent.is_some() && matches!(outcome, Outcome::Continue { .. });
    if held.deleted_at.is_some() && opens_commit {
        on!(&mut *conn, |c| {
            sqlx::query(CANCEL)
                .bind(lease.organization_id.0)
                .bind(lease.destination_id.0)
                .bind(lease.token)
                .bind(now.as_micros())
                .execute(&mut **c)
                .await?
        });
        return Ok(false);
    }
    write_row(conn, lease, work, outcome, now).await?;
    if let Some(entry) = journal {
        on!(&mut *conn, |c| {
            sqlx::query(JOURNAL)
                .bind(lease.organization_id.0)
                .bind(lease.destination_id.0)
                .bind(entry.kind)
                .bind(i64::from(work.attempts))
                .bind(now.as_micros())
                .bind(to_json(&entry.detail))
                .execute(&mut **c)
                .await?
        });
    }
    match outcome {
        Outcome::Finish(finish) => write_end(conn, lease, work, &held, finish, ids, now).await?,
        Outcome::Requeue { .. } => update_post(conn, lease, &held, now).await.map(|_| ())?,
        Outcome::Continue { .. } | Outcome::Park { .. } => {}
    }
    Ok(true)
}

async fn find_held(conn: &mut Conn<'_>, lease: &Lease) -> Result<Option<Held>, StoreError> {
    Ok(on!(conn, |c| {
        sqlx::query_as(POST)
            .bind(lease.organization_id.0)
            .bind(lease.destination_id.0)
            .bind(lease.token)
            .fetch_optional(&mut **c)
            .await?
    }))
}

/// The columns that an outcome decides.
#[derive(Default)]
struct Columns<'a> {
    status: &'static str,
    run_at: Option<Timestamp>,
    keeps_lease: bool,
    next_retry_at: Option<Timestamp>,
    error_code: Option<&'static str>,
    error: Option<&'a str>,
    warnings: Option<String>,
    platform_post_id: Option<&'a str>,
    platform_post_url: Option<&'a str>,
    published_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

impl<'a> Columns<'a> {
    fn of(outcome: &'a Outcome, now: Timestamp) -> Self {
        let publishing = DestinationStatus::Publishing.as_str();
        match outcome {
            Outcome::Continue { lease_until } => {
                Self { status: publishing, run_at: Some(*lease_until), keeps_lease: true, ..Self::default() }
            }
            Outcome::Park { run_at } => Self { status: publishing, run_at: Some(*run_at), ..Self::default() },
            Outcome::Requeue { run_at, error } => Self {
                status: DestinationStatus::Queued.as_str(),
                run_at: Some(*run_at),
                next_retry_at: Some(*run_at),
                error: Some(error),
                ..Self::default()
            },
            Outcome::Finish(Finish::Published { platform_post_id, platform_post_url, warnings }) => Self {
                status: DestinationStatus::Published.as_str(),
                warnings: (!warnings.is_empty()).then(|| to_json(warnings)),
                platform_post_id: Some(platform_post_id),
                platform_post_url: Some(platform_post_url),
                published_at: Some(now),
                ..Self::default()
            },
            Outcome::Finish(Finish::Failed { code, error }) => Self {
                status: DestinationStatus::Failed.as_str(),
                error_code: Some(code.as_str()),
                error: Some(error),
                failed_at: Some(now),
                ..Self::default()
            },
        }
    }
}

async fn write_row(
    conn: &mut Conn<'_>,
    lease: &Lease,
    work: &Work,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), StoreError> {
    let columns = Columns::of(outcome, now);
    let done = on!(conn, |c| {
        sqlx::query(WRITE)
            .bind(lease.organization_id.0)
            .bind(lease.destination_id.0)
            .bind(lease.token)
            .bind(&work.state)
            .bind(&work.intent)
            .bind(work.unknown_since.map(Timestamp::as_micros))
            .bind(i64::from(work.looks))
            .bind(work.first_sent_at.map(Timestamp::as_micros))
            .bind(i64::from(work.attempts))
            .bind(i64::from(work.tries))
            .bind(columns.status)
            .bind(columns.run_at.map(Timestamp::as_micros))
            .bind(i64::from(columns.keeps_lease))
            .bind(columns.next_retry_at.map(Timestamp::as_micros))
            .bind(columns.error_code)
            .bind(columns.error)
            .bind(columns.warnings)
            .bind(columns.platform_post_id)
            .bind(columns.platform_post_url)
            .bind(columns.published_at.map(Timestamp::as_micros))
            .bind(columns.failed_at.map(Timestamp::as_micros))
            .bind(now.as_micros())
            .execute(&mut **c)
            .await?
    });
    match done.rows_affected() {
        1 => Ok(()),
        rows => Err(StoreError::RowCount { statement: "destinations.write", rows }),
    }
}

/// Writes the post's derived status; returns every destination's status.
async fn update_post(
    conn: &mut Conn<'_>,
    lease: &Lease,
    held: &Held,
    now: Timestamp,
) -> Result<Vec<DestinationStatus>, StoreError> {
    let rows: Vec<(uuid::Uuid, String)> = on!(&mut *conn, |c| {
        sqlx::query_as(STATUSES).bind(lease.organization_id.0).bind(held.post_id).fetch_all(&mut **c).await?
    });
    let statuses = rows
        .iter()
        .map(|(id, status)| read_status(DestinationId(*id), status))
        .collect::<Result<Vec<_>, _>>()?;
    let status = PostStatus::derive(statuses.iter().copied(), true);
    let live = statuses.contains(&DestinationStatus::Published).then_some(now);
    on!(conn, |c| {
        sqlx::query(POST_STATUS)
            .bind(lease.organization_id.0)
            .bind(held.post_id)
            .bind(status.as_str())
            .bind(now.as_micros())
            .bind(live.map(Timestamp::as_micros))
            .execute(&mut **c)
            .await?
    });
    Ok(statuses)
}

async fn write_end(
    conn: &mut Conn<'_>,
    lease: &Lease,
    work: &Work,
    held: &Held,
    finish: &Finish,
    [id, partial_id]: [EventId; 2],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut payload = json!({
        "post_id": held.post_id,
        "destination_id": lease.destination_id,
        "platform": held.platform,
        "account_id": held.account_id,
    });
    let kind = match finish {
        Finish::Published { platform_post_url, .. } => {
            payload["published_at"] = json!(now.to_iso_millis());
            payload["platform_post_url"] = json!(platform_post_url);
            on!(&mut *conn, |c| {
                sqlx::query(ACCOUNT_PUBLISHED)
                    .bind(lease.organization_id.0)
                    .bind(held.account_id)
                    .bind(now.as_micros())
                    .execute(&mut **c)
                    .await?
            });
            EventKind::PostPublished
        }
        Finish::Failed { code, error } => {
            payload["error"] = json!(error);
            payload["error_code"] = json!(code.as_str());
            payload["attempts"] = json!(work.attempts);
            EventKind::PostFailed
        }
    };
    events::insert(conn, lease.organization_id, &NewEvent { id, kind, payload }, now).await?;
    let statuses = update_post(conn, lease, held, now).await?;
    let ended = statuses.iter().all(|status| status.is_final());
    let mixed =
        statuses.contains(&DestinationStatus::Published) && statuses.contains(&DestinationStatus::Failed);
    if ended && mixed {
        let payload = json!({ "post_id": held.post_id, "status": PostStatus::PartiallyFailed.as_str() });
        let event = NewEvent { id: partial_id, kind: EventKind::PostPartiallyFailed, payload };
        events::insert(conn, lease.organization_id, &event, now).await?;
    }
    Ok(())
}
