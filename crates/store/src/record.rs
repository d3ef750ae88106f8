//! Workers' notes about the destinations that they hold, many at a time: progress, intents,
//! outcomes, with the journal, the posts' status and the events that follow.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::event::EventKind;
use domain::{DestinationId, DestinationStatus, EventId, OrganizationId, PostStatus, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::StoreError;
use crate::claims::Lease;
use crate::conn::Conn;
use crate::destinations::{Finish, JournalEntry, Outcome, Work};
use crate::error::to_json;
use crate::events::{self, NewEvent};
use crate::posts::{lock_posts, read_status};
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
        self.work.intent.is_some() && matches!(self.outcome, Outcome::Continue { .. })
    }

    fn key(&self) -> Key {
        (self.lease.organization_id.0, self.lease.destination_id.0, self.lease.token)
    }
}

/// Organization, destination and lease token.
type Key = (Uuid, Uuid, i64);

/// What is known of a destination once its note is written.
#[derive(sqlx::FromRow)]
struct Held {
    organization_id: Uuid,
    id: Uuid,
    lease_token: i64,
    post_id: Uuid,
    account_id: i64,
    platform: String,
}

pub(crate) const COLUMNS: &str =
    "organization_id, id, token, state, intent, unknown_since, looks, first_sent_at, attempts,
    tries, status, run_at, keeps_lease, next_retry_at, error_code, error, warnings, platform_post_id,
    platform_post_url, published_at, failed_at, updated_at, opens_commit";
/// The lease token is what keeps a worker that was paused from overwriting its successor; an
/// intent for a post that was deleted meanwhile is not written, so that nothing is sent.
pub(crate) const WRITE: &str = "UPDATE destinations SET state = v.state, intent = v.intent,
    unknown_since = v.unknown_since, looks = v.looks, first_sent_at = v.first_sent_at, attempts = v.attempts,
    tries = v.tries, status = v.status, run_at = v.run_at,
    lease_owner = CASE WHEN v.keeps_lease = 1 THEN destinations.lease_owner ELSE NULL END,
    next_retry_at = v.next_retry_at, error_code = v.error_code, error = v.error, warnings = v.warnings,
    platform_post_id = v.platform_post_id, platform_post_url = v.platform_post_url,
    published_at = v.published_at, failed_at = v.failed_at, updated_at = v.updated_at
    FROM v
    WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.lease_token = v.token AND COALESCE(destinations.lease_owner, '') <> ''
      AND (v.opens_commit = 0 OR NOT EXISTS (SELECT 1 FROM posts p
          WHERE p.organization_id = destinations.organization_id AND p.id = destinations.post_id
            AND p.deleted_at IS NOT NULL))
    RETURNING destinations.organization_id, destinations.id, destinations.lease_token, destinations.post_id,
      destinations.account_id, destinations.platform";
const CANCEL: &str = "UPDATE destinations SET run_at = NULL, lease_owner = NULL, updated_at = v.updated_at
    FROM v
    WHERE destinations.organization_id = v.organization_id AND destinations.id = v.id
      AND destinations.lease_token = v.token";
pub(crate) const JOURNAL: &str =
    "INSERT INTO journal (organization_id, destination_id, seq, kind, attempt, at, detail)
    SELECT v.organization_id, v.id, COALESCE((SELECT MAX(j.seq) FROM journal j
            WHERE j.organization_id = v.organization_id AND j.destination_id = v.id), 0) + 1,
        v.kind, v.attempt, v.at, v.detail
    FROM v";
pub(crate) const STATUSES: &str = "SELECT d.organization_id, d.post_id, d.status, COUNT(*)
    FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.post_id = v.post_id
    GROUP BY d.organization_id, d.post_id, d.status";
pub(crate) const POST_STATUS: &str = "UPDATE posts SET status = v.status, updated_at = v.updated_at,
    published_at = COALESCE(posts.published_at, v.published_at)
    FROM v WHERE posts.organization_id = v.organization_id AND posts.id = v.post_id";
pub(crate) const ACCOUNT_PUBLISHED: &str = "UPDATE accounts SET last_published_at = v.at
    FROM v WHERE accounts.organization_id = v.organization_id AND accounts.id = v.account_id";

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
    let held = write_rows(conn, records).await?;
    let is_written = |record: &&&Record| held.contains_key(&record.key());
    let (kept, lost): (Vec<&Record>, Vec<&Record>) =
        records.iter().copied().partition(|record| is_written(&record));
    cancel(conn, &lost.into_iter().filter(|record| record.opens_commit()).collect::<Vec<_>>()).await?;
    write_journal(conn, &kept).await?;
    write_ends(conn, &kept, &held).await?;
    Ok(records.iter().map(|record| held.contains_key(&record.key())).collect())
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

async fn write_rows(conn: &mut Conn<'_>, records: &[&Record]) -> Result<HashMap<Key, Held>, StoreError> {
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let outcomes: Vec<Columns> =
        records.iter().map(|record| Columns::of(&record.outcome, record.now)).collect();
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_micros);
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
    ]);
    let held: Vec<Held> = rows.query_as(conn, COLUMNS, WRITE).await?;
    Ok(held.into_iter().map(|held| ((held.organization_id, held.id, held.lease_token), held)).collect())
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

async fn write_journal(conn: &mut Conn<'_>, records: &[&Record]) -> Result<(), StoreError> {
    let lines: Vec<(&Record, &JournalEntry)> =
        records.iter().filter_map(|record| Some((*record, record.journal.as_ref()?))).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(lines.iter().map(|(record, _)| record.lease.organization_id.0)),
        Column::uuids(lines.iter().map(|(record, _)| record.lease.destination_id.0)),
        Column::texts(lines.iter().map(|(_, entry)| entry.kind)),
        Column::ints(lines.iter().map(|(record, _)| i64::from(record.work.attempts))),
        Column::ints(lines.iter().map(|(record, _)| record.now.as_micros())),
        Column::texts(lines.iter().map(|(_, entry)| to_json(&entry.detail))),
    ]);
    rows.execute(conn, "organization_id, id, kind, attempt, at, detail", JOURNAL).await?;
    Ok(())
}

/// What follows for posts, accounts and the outbox where a destination ended or begins anew.
async fn write_ends(
    conn: &mut Conn<'_>,
    records: &[&Record],
    held: &HashMap<Key, Held>,
) -> Result<(), StoreError> {
    let touched: Vec<(&Record, &Held)> = records
        .iter()
        .filter(|record| matches!(record.outcome, Outcome::Finish(_) | Outcome::Requeue { .. }))
        .filter_map(|record| Some((*record, held.get(&record.key())?)))
        .collect();
    if touched.is_empty() {
        return Ok(());
    }
    let posts: BTreeSet<(Uuid, Uuid)> =
        touched.iter().map(|(_, held)| (held.organization_id, held.post_id)).collect();
    // Two destinations of a post may end at the same moment: the later one has to see the earlier.
    lock_posts(conn, &posts).await?;
    let statuses = list_statuses(conn, &posts).await?;
    write_posts(conn, &touched, &statuses).await?;
    write_last_published(conn, &touched).await?;
    events::insert_all(conn, &end_events(&touched, &statuses)).await
}

type Statuses = HashMap<(Uuid, Uuid), Vec<DestinationStatus>>;

async fn list_statuses(conn: &mut Conn<'_>, posts: &BTreeSet<(Uuid, Uuid)>) -> Result<Statuses, StoreError> {
    let rows = Rows::new([
        Column::uuids(posts.iter().map(|(organization, _)| *organization)),
        Column::uuids(posts.iter().map(|(_, post)| *post)),
    ]);
    let counts: Vec<(Uuid, Uuid, String, i64)> =
        rows.query_as(conn, "organization_id, post_id", STATUSES).await?;
    let mut statuses = Statuses::new();
    for (organization, post, status, count) in counts {
        let status = read_status(DestinationId(post), &status)?;
        let count = usize::try_from(count).unwrap_or(0);
        statuses.entry((organization, post)).or_default().extend(std::iter::repeat_n(status, count));
    }
    Ok(statuses)
}

async fn write_posts(
    conn: &mut Conn<'_>,
    touched: &[(&Record, &Held)],
    statuses: &Statuses,
) -> Result<(), StoreError> {
    let mut at: HashMap<(Uuid, Uuid), Timestamp> = HashMap::new();
    for (record, held) in touched {
        let latest = at.entry((held.organization_id, held.post_id)).or_insert(record.now);
        *latest = record.now.max(*latest);
    }
    let posts: Vec<_> = statuses.iter().filter_map(|(post, all)| Some((post, all, *at.get(post)?))).collect();
    let live = |all: &[DestinationStatus]| all.contains(&DestinationStatus::Published);
    let rows = Rows::new([
        Column::uuids(posts.iter().map(|((organization, _), _, _)| *organization)),
        Column::uuids(posts.iter().map(|((_, post), _, _)| *post)),
        Column::texts(posts.iter().map(|(_, all, _)| PostStatus::derive(all.iter().copied(), true).as_str())),
        Column::ints(posts.iter().map(|(_, _, at)| at.as_micros())),
        Column::maybe_ints(posts.iter().map(|(_, all, at)| live(all).then_some(at.as_micros()))),
    ]);
    rows.execute(conn, "organization_id, post_id, status, updated_at, published_at", POST_STATUS).await?;
    Ok(())
}

async fn write_last_published(conn: &mut Conn<'_>, touched: &[(&Record, &Held)]) -> Result<(), StoreError> {
    let mut accounts: HashMap<(Uuid, i64), i64> = HashMap::new();
    for (record, held) in touched {
        if matches!(record.outcome, Outcome::Finish(Finish::Published { .. })) {
            accounts.insert((held.organization_id, held.account_id), record.now.as_micros());
        }
    }
    if accounts.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(accounts.keys().map(|(organization, _)| *organization)),
        Column::ints(accounts.keys().map(|(_, account)| *account)),
        Column::ints(accounts.values().copied()),
    ]);
    rows.execute(conn, "organization_id, account_id, at", ACCOUNT_PUBLISHED).await?;
    Ok(())
}

/// One event per end, and one more for each post that is through with mixed fortune.
fn end_events(
    touched: &[(&Record, &Held)],
    statuses: &Statuses,
) -> Vec<(OrganizationId, NewEvent, Timestamp)> {
    let mut events = Vec::with_capacity(touched.len());
    let mut mixed = HashSet::new();
    for (record, held) in touched {
        let Outcome::Finish(finish) = &record.outcome else { continue };
        let [id, partial_id] = record.ids;
        let mut payload = json!({
            "post_id": held.post_id,
            "destination_id": held.id,
            "platform": held.platform,
            "account_id": held.account_id,
        });
        let kind = match finish {
            Finish::Published { platform_post_url, .. } => {
                payload["published_at"] = json!(record.now.to_iso_millis());
                payload["platform_post_url"] = json!(platform_post_url);
                EventKind::PostPublished
            }
            Finish::Failed { code, error } => {
                payload["error"] = json!(error);
                payload["error_code"] = json!(code.as_str());
                payload["attempts"] = json!(record.work.attempts);
                EventKind::PostFailed
            }
        };
        let organization = record.lease.organization_id;
        events.push((organization, NewEvent { id, kind, payload }, record.now));
        let post = (held.organization_id, held.post_id);
        if statuses.get(&post).is_some_and(|all| is_mixed(all)) && mixed.insert(post) {
            let payload = json!({ "post_id": held.post_id, "status": PostStatus::PartiallyFailed.as_str() });
            let kind = EventKind::PostPartiallyFailed;
            events.push((organization, NewEvent { id: partial_id, kind, payload }, record.now));
        }
    }
    events
}

fn is_mixed(statuses: &[DestinationStatus]) -> bool {
    statuses.iter().all(|status| status.is_final())
        && statuses.contains(&DestinationStatus::Published)
        && statuses.contains(&DestinationStatus::Failed)
}
