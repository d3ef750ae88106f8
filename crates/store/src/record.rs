//! Workers' notes about the destinations that they hold, many at a time: progress, intents,
//! outcomes, with the journal, the posts' status and the events that follow.

use domain::{DestinationStatus, EventId, Timestamp};

use crate::StoreError;
use crate::claims::Lease;
use crate::conn::Conn;
use crate::destinations::{Finish, Outcome, Work};
use crate::ends;
use crate::error::to_json;
use crate::journal::{self, JournalEntry, own_line};
use crate::rows::{Column, MOST_ROWS, Rows};

/// A worker's note.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) lease: Lease,
    pub(crate) work: Work,
    pub(crate) outcome: Outcome,
    pub(crate) journal: Option<JournalEntry>,
    /// For the events that an end writes.
    pub(crate) ids: [EventId; 2],
    pub(crate) now: Timestamp,
}

impl Record {
    /// Whether a request that publishes is sent once this is durable.
    fn opens_commit(&self) -> bool {
        self.work.intent.is_some() && matches!(self.outcome, Outcome::Keep | Outcome::Continue { .. })
    }
}

pub(crate) const COLUMNS: &str =
    "organization_id, id, token, state, intent, unknown_since, looks, first_sent_at, attempts,
    tries, status, run_at, keeps_lease, next_retry_at, error_code, error, warnings, platform_post_id,
    platform_post_url, published_at, failed_at, updated_at, opens_commit, adds_line, own_line";
/// The lease token is what keeps a worker that was paused from overwriting its successor; an
/// intent for a post that was deleted meanwhile is not written, so that nothing is sent.
macro_rules! fenced {
    ($set:literal) => {
        concat!(
            $set,
            own_line!(),
            " FROM v
    WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.lease_token = v.token AND COALESCE(destinations.lease_owner, '') <> ''
      AND (v.opens_commit = 0 OR NOT EXISTS (SELECT 1 FROM posts p
          WHERE p.organization_id = destinations.organization_id AND p.id = destinations.post_id
            AND p.deleted_at IS NOT NULL))"
        )
    };
}

pub(crate) const WRITE: &str = fenced!(
    "UPDATE destinations SET state = v.state, intent = v.intent,
    unknown_since = v.unknown_since, looks = v.looks, first_sent_at = v.first_sent_at, attempts = v.attempts,
    tries = v.tries, status = v.status, run_at = v.run_at,
    lease_owner = CASE WHEN v.keeps_lease = 1 THEN destinations.lease_owner ELSE NULL END,
    next_retry_at = v.next_retry_at, error_code = v.error_code, error = v.error, warnings = v.warnings,
    platform_post_id = v.platform_post_id, platform_post_url = v.platform_post_url,
    published_at = v.published_at, failed_at = v.failed_at, updated_at = v.updated_at"
);
pub(crate) const PROGRESS_COLUMNS: &str =
    "organization_id, id, token, state, intent, unknown_since, looks, first_sent_at, attempts,
    tries, updated_at, opens_commit, adds_line, own_line";
/// As [`WRITE`], of what stands in no index: SQLite writes every index whose columns a statement
/// names, whether they change or not.
pub(crate) const PROGRESS: &str = fenced!(
    "UPDATE destinations SET state = v.state, intent = v.intent,
    unknown_since = v.unknown_since, looks = v.looks, first_sent_at = v.first_sent_at, attempts = v.attempts,
    tries = v.tries, next_retry_at = NULL, error = NULL, updated_at = v.updated_at"
);
const CANCEL: &str = "UPDATE destinations SET run_at = NULL, lease_owner = NULL, updated_at = v.updated_at
    FROM v
    WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.lease_token = v.token";
/// Writes the notes in the transaction of `conn`; each is written (`true`), or its lease is no
/// longer the worker's or its post was deleted before anything was sent (`false`).
pub(crate) async fn write_all(conn: &mut Conn<'_>, records: &[&Record]) -> Result<Vec<bool>, StoreError> {
    #[cfg(feature = "planted-bugs")]
    let unfenced = crate::planted::unfenced(conn, records).await?;
    #[cfg(feature = "planted-bugs")]
    let records: &[&Record] = &unfenced.iter().collect::<Vec<_>>();
    let mut written = Vec::with_capacity(records.len());
    for some in records.chunks(MOST_ROWS) {
        written.extend(write_some(conn, some).await?);
    }
    Ok(written)
}

async fn write_some(conn: &mut Conn<'_>, records: &[&Record]) -> Result<Vec<bool>, StoreError> {
    let (progress, others): (Vec<&Record>, Vec<&Record>) =
        records.iter().copied().partition(|record| record.outcome == Outcome::Keep);
    let goes_on = write_progress(conn, &progress).await?;
    let rests = write_rows(conn, &others).await?;
    let is_written = |record: &Record| match record.outcome {
        Outcome::Keep => goes_on,
        _ => rests,
    };
    let (kept, lost): (Vec<&Record>, Vec<&Record>) =
        records.iter().copied().partition(|record| is_written(record));
    cancel(conn, &lost.into_iter().filter(|record| record.opens_commit()).collect::<Vec<_>>()).await?;
    journal::write(conn, &kept).await?;
    ends::write_ends(conn, &kept).await?;
    Ok(records.iter().map(|record| is_written(record)).collect())
}

/// The columns that an outcome decides.
#[derive(Default)]
struct Columns {
    status: &'static str,
    run_at: Option<Timestamp>,
    keeps_lease: bool,
    next_retry_at: Option<Timestamp>,
    error_code: Option<&'static str>,
    error: Option<String>,
    warnings: Option<String>,
    platform_post_id: Option<String>,
    platform_post_url: Option<String>,
    published_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

impl Columns {
    fn of(outcome: &Outcome, now: Timestamp) -> Self {
        let publishing = DestinationStatus::Publishing.as_str();
        match outcome {
            Outcome::Keep => Self { status: publishing, ..Self::default() },
            Outcome::Continue { lease_until } => {
                Self { status: publishing, run_at: Some(*lease_until), keeps_lease: true, ..Self::default() }
            }
            Outcome::Park { run_at } => Self { status: publishing, run_at: Some(*run_at), ..Self::default() },
            Outcome::Requeue { run_at, error } => Self {
                status: DestinationStatus::Queued.as_str(),
                run_at: Some(*run_at),
                next_retry_at: Some(*run_at),
                error: Some(error.clone()),
                ..Self::default()
            },
            Outcome::Finish(Finish::Published { platform_post_id, platform_post_url, warnings }) => Self {
                status: DestinationStatus::Published.as_str(),
                warnings: (!warnings.is_empty()).then(|| to_json(warnings)),
                platform_post_id: Some(platform_post_id.clone()),
                platform_post_url: Some(platform_post_url.clone()),
                published_at: Some(now),
                ..Self::default()
            },
            Outcome::Finish(Finish::Failed { code, error }) => Self {
                status: DestinationStatus::Failed.as_str(),
                error_code: Some(code.as_str()),
                error: Some(error.clone()),
                failed_at: Some(now),
                ..Self::default()
            },
        }
    }
}

/// Whether the leases are still these workers'. They nearly always all are, so that the rows are only
/// counted; where some are and some are not, the batch has to be taken apart.
fn all_or_none(written: u64, records: &[&Record]) -> Result<bool, StoreError> {
    if written != records.len() as u64 && written != 0 {
        return Err(StoreError::Mixed);
    }
    Ok(written != 0)
}

async fn write_progress(conn: &mut Conn<'_>, records: &[&Record]) -> Result<bool, StoreError> {
    if records.is_empty() {
        return Ok(true);
    }
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_micros);
    let lines: Vec<(i64, String)> = records.iter().map(|record| journal::own_line_of(record)).collect();
    let of = || records.iter();
    let rows = Rows::new([
        Column::uuids(of().map(|record| record.lease.organization_id.0)),
        Column::uuids(of().map(|record| record.lease.destination_id.0)),
        Column::ints(of().map(|record| record.lease.token)),
        Column::maybe_texts(of().map(|record| record.work.state.as_deref())),
        Column::maybe_texts(of().map(|record| record.work.intent.as_deref())),
        Column::maybe_ints(of().map(|record| micros(record.work.unknown_since))),
        Column::ints(of().map(|record| i64::from(record.work.looks))),
        Column::maybe_ints(of().map(|record| micros(record.work.first_sent_at))),
        Column::ints(of().map(|record| i64::from(record.work.attempts))),
        Column::ints(of().map(|record| i64::from(record.work.tries))),
        Column::ints(of().map(|record| record.now.as_micros())),
        Column::ints(of().map(|record| i64::from(record.opens_commit()))),
        Column::ints(lines.iter().map(|(count, _)| *count)),
        Column::texts(lines.into_iter().map(|(_, line)| line)),
    ]);
    all_or_none(rows.execute(conn, PROGRESS_COLUMNS, PROGRESS).await?, records)
}

async fn write_rows(conn: &mut Conn<'_>, records: &[&Record]) -> Result<bool, StoreError> {
    if records.is_empty() {
        return Ok(true);
    }
    let outcomes: Vec<Columns> =
        records.iter().map(|record| Columns::of(&record.outcome, record.now)).collect();
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_micros);
    let lines: Vec<(i64, String)> = records.iter().map(|record| journal::own_line_of(record)).collect();
    let of = || records.iter();
    let by = || outcomes.iter();
    let rows = Rows::new([
        Column::uuids(of().map(|record| record.lease.organization_id.0)),
        Column::uuids(of().map(|record| record.lease.destination_id.0)),
        Column::ints(of().map(|record| record.lease.token)),
        Column::maybe_texts(of().map(|record| record.work.state.as_deref())),
        Column::maybe_texts(of().map(|record| record.work.intent.as_deref())),
        Column::maybe_ints(of().map(|record| micros(record.work.unknown_since))),
        Column::ints(of().map(|record| i64::from(record.work.looks))),
        Column::maybe_ints(of().map(|record| micros(record.work.first_sent_at))),
        Column::ints(of().map(|record| i64::from(record.work.attempts))),
        Column::ints(of().map(|record| i64::from(record.work.tries))),
        Column::texts(by().map(|columns| columns.status)),
        Column::maybe_ints(by().map(|columns| micros(columns.run_at))),
        Column::ints(by().map(|columns| i64::from(columns.keeps_lease))),
        Column::maybe_ints(by().map(|columns| micros(columns.next_retry_at))),
        Column::maybe_texts(by().map(|columns| columns.error_code)),
        Column::maybe_texts(by().map(|columns| columns.error.as_deref())),
        Column::maybe_texts(by().map(|columns| columns.warnings.as_deref())),
        Column::maybe_texts(by().map(|columns| columns.platform_post_id.as_deref())),
        Column::maybe_texts(by().map(|columns| columns.platform_post_url.as_deref())),
        Column::maybe_ints(by().map(|columns| micros(columns.published_at))),
        Column::maybe_ints(by().map(|columns| micros(columns.failed_at))),
        Column::ints(of().map(|record| record.now.as_micros())),
        Column::ints(of().map(|record| i64::from(record.opens_commit()))),
        Column::ints(lines.iter().map(|(count, _)| *count)),
        Column::texts(lines.into_iter().map(|(_, line)| line)),
    ]);
    all_or_none(rows.execute(conn, COLUMNS, WRITE).await?, records)
}

async fn cancel(conn: &mut Conn<'_>, records: &[&Record]) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(records.iter().map(|record| record.lease.organization_id.0)),
        Column::uuids(records.iter().map(|record| record.lease.destination_id.0)),
        Column::ints(records.iter().map(|record| record.lease.token)),
        Column::ints(records.iter().map(|record| record.now.as_micros())),
    ]);
    rows.execute(conn, "organization_id, id, token, updated_at", CANCEL).await?;
    Ok(())
}
