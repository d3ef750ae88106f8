//! What follows for a post and the outbox where a destination has ended or begins anew.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::event::EventKind;
use domain::{DestinationId, DestinationStatus, OrganizationId, PostStatus, Span, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::StoreError;
use crate::conn::Conn;
use crate::destinations::{Finish, Outcome};
use crate::events::{self, NewEvent};
use crate::posts::{lock_posts, read_status};
use crate::record::Record;
use crate::rows::{Column, Rows};

pub(crate) const STATUSES: &str = "SELECT d.organization_id, d.post_id, d.status, COUNT(*)
    FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.post_id = v.post_id
    GROUP BY d.organization_id, d.post_id, d.status";
/// As [`STATUSES`], of the posts that have more destinations than one.
pub(crate) const SHARED_STATUSES: &str = "SELECT d.organization_id, d.post_id, d.status, COUNT(*)
    FROM v CROSS JOIN destinations d
    WHERE d.organization_id = v.organization_id AND d.post_id = v.post_id
      AND (SELECT COUNT(*) FROM destinations o
          WHERE o.organization_id = v.organization_id AND o.post_id = v.post_id) > 1
    GROUP BY d.organization_id, d.post_id, d.status";
pub(crate) const POST_STATUS: &str = "UPDATE posts SET status = v.status, updated_at = v.updated_at,
    published_at = COALESCE(posts.published_at, v.published_at)
    FROM v WHERE posts.organization_id = v.organization_id AND posts.id = v.post_id";

/// Writes what follows for posts and the outbox where a destination ended or begins anew.
pub(crate) async fn write_ends(conn: &mut Conn<'_>, records: &[&Record]) -> Result<(), StoreError> {
    let touched: Vec<&Record> =
        records.iter().copied().filter(|record| status_of(record).is_some()).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let mut statuses: Statuses =
        touched.iter().filter_map(|record| Some((post_of(record), vec![status_of(record)?]))).collect();
    // What a post with one destination says follows from that one.
    let shared = list_statuses(conn, SHARED_STATUSES, statuses.keys()).await?;
    let locked: BTreeSet<(Uuid, Uuid)> = shared.keys().copied().collect();
    statuses.extend(shared);
    // Two destinations of a post may end at the same moment: the later one has to see the earlier.
    if !locked.is_empty() && lock_posts(conn, &locked).await? {
        statuses.extend(list_statuses(conn, STATUSES, &locked).await?);
    }
    write_posts(conn, &touched, &statuses).await?;
    events::insert_all(conn, &end_events(&touched, &statuses)).await
}

/// Derives a post's status again after one of its destinations was changed by hand.
pub(crate) async fn derive_again(
    conn: &mut Conn<'_>,
    post: (Uuid, Uuid),
    now: Timestamp,
) -> Result<(), StoreError> {
    let statuses = list_statuses(conn, STATUSES, [&post]).await?;
    write_statuses(conn, &statuses, &HashMap::from([(post, now)])).await
}

type Statuses = HashMap<(Uuid, Uuid), Vec<DestinationStatus>>;

fn post_of(record: &Record) -> (Uuid, Uuid) {
    (record.lease.organization_id.0, record.lease.post_id.0)
}

/// What a destination becomes whose end or new beginning its post has to tell.
fn status_of(record: &Record) -> Option<DestinationStatus> {
    match &record.outcome {
        Outcome::Finish(Finish::Published { .. }) => Some(DestinationStatus::Published),
        Outcome::Finish(Finish::Failed { .. }) => Some(DestinationStatus::Failed),
        Outcome::Requeue { .. } => Some(DestinationStatus::Queued),
        Outcome::Keep | Outcome::Continue { .. } | Outcome::Park { .. } => None,
    }
}

async fn list_statuses<'p>(
    conn: &mut Conn<'_>,
    text: &'static str,
    posts: impl IntoIterator<Item = &'p (Uuid, Uuid)>,
) -> Result<Statuses, StoreError> {
    let (organizations, posts): (Vec<Uuid>, Vec<Uuid>) = posts.into_iter().copied().unzip();
    let rows = Rows::new([Column::uuids(organizations), Column::uuids(posts)]);
    let counts: Vec<(Uuid, Uuid, String, i64)> =
        rows.query_as(conn, "organization_id, post_id", text).await?;
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
    touched: &[&Record],
    statuses: &Statuses,
) -> Result<(), StoreError> {
    let mut at: HashMap<(Uuid, Uuid), Timestamp> = HashMap::new();
    for record in touched {
        let latest = at.entry(post_of(record)).or_insert(record.now);
        *latest = record.now.max(*latest);
    }
    write_statuses(conn, statuses, &at).await
}

async fn write_statuses(
    conn: &mut Conn<'_>,
    statuses: &Statuses,
    at: &HashMap<(Uuid, Uuid), Timestamp>,
) -> Result<(), StoreError> {
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

/// One event per end, and after them one more for each post that is through with mixed fortune.
fn end_events(touched: &[&Record], statuses: &Statuses) -> Vec<(OrganizationId, NewEvent, Timestamp)> {
    let mut events = Vec::with_capacity(touched.len());
    let mut mixed = Vec::new();
    let mut noted = HashSet::new();
    let latest = touched.iter().map(|record| record.now).max();
    for record in touched {
        let lease = &record.lease;
        let Outcome::Finish(finish) = &record.outcome else { continue };
        let [id, partial_id] = record.ids;
        let mut payload = json!({
            "post_id": lease.post_id,
            "destination_id": lease.destination_id,
            "platform": lease.platform,
            "account_id": lease.account_id,
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
        let organization = lease.organization_id;
        events.push((organization, NewEvent { id, kind, payload }, record.now));
        let post = post_of(record);
        if statuses.get(&post).is_some_and(|all| is_mixed(all)) && noted.insert(post) {
            let payload = json!({ "post_id": lease.post_id, "status": PostStatus::PartiallyFailed.as_str() });
            let kind = EventKind::PostPartiallyFailed;
            // Events go out in the order of their times, and this one is the last.
            let at = latest.unwrap_or(record.now) + Span::from_micros(1);
            mixed.push((organization, NewEvent { id: partial_id, kind, payload }, at));
        }
    }
    events.append(&mut mixed);
    events
}

fn is_mixed(statuses: &[DestinationStatus]) -> bool {
    statuses.iter().all(|status| status.is_final())
        && statuses.contains(&DestinationStatus::Published)
        && statuses.contains(&DestinationStatus::Failed)
}
