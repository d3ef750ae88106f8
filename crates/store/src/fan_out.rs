//! From the outbox to the lanes: an event that a webhook asked for becomes one delivery for each that
//! did. In one transaction, so that each event is distributed once, in the order in which they followed
//! from one another; what is distributed later comes later in every lane.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::account::shown_name;
use domain::webhook::DeliveryStatus;
use domain::{OrganizationId, Timestamp, WebhookId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::conn::{Conn, on};
use crate::error::{from_json, to_json};
use crate::rows::{Column, MOST_ROWS, Rows};
use crate::{Store, StoreError};

/// What a look into the outbox found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FannedOut {
    /// Events that waited.
    pub events: usize,
    /// Deliveries that were made of them.
    pub deliveries: usize,
}

/// An event that waits, with its data made complete.
struct Waiting {
    organization: Uuid,
    id: Uuid,
    kind: String,
    payload: Map<String, Value>,
}

/// One event on its way to one webhook; gets its number under the lane's lock.
struct Planned {
    webhook: (Uuid, Uuid),
    id: Uuid,
    event: (Uuid, Uuid),
    kind: String,
}

pub(crate) const WAITING: &str = "SELECT organization_id, id, kind, payload FROM events
    WHERE pending IS NOT NULL ORDER BY pending, created_at, id LIMIT $1";
pub(crate) const WEBHOOKS: &str = "SELECT w.organization_id, w.id, w.events FROM v CROSS JOIN webhooks w
    WHERE w.organization_id = v.organization_id AND w.is_active = 1";
pub(crate) const NAMES: &str = "SELECT a.organization_id, a.id, a.username, a.display_name
    FROM v CROSS JOIN accounts a WHERE a.organization_id = v.organization_id AND a.id = v.account_id";
pub(crate) const POSTS: &str = "SELECT p.organization_id, p.id, p.status, p.scheduled_for, p.account_ids
    FROM v CROSS JOIN posts p WHERE p.organization_id = v.organization_id AND p.id = v.post_id";
pub(crate) const TAKE: &str = "UPDATE events SET pending = NULL, payload = v.payload FROM v
    WHERE events.organization_id = v.organization_id AND events.id = v.id AND COALESCE(events.pending, 0) > 0
    RETURNING events.organization_id, events.id";
const LOCK: &str = "SELECT w.id FROM v JOIN webhooks w
    ON w.organization_id = v.organization_id AND w.id = v.id
    ORDER BY w.organization_id, w.id FOR NO KEY UPDATE OF w";
pub(crate) const LANES: &str = "SELECT w.organization_id, w.id, w.next_seq FROM v CROSS JOIN webhooks w
    WHERE w.organization_id = v.organization_id AND w.id = v.id AND w.is_active = 1";
const INSERT: &str =
    "INSERT INTO webhook_deliveries (organization_id, id, webhook_id, seq, event_id, event, status, run_at, log,
        created_at)
    SELECT v.organization_id, v.id, v.webhook_id, v.seq, v.event_id, v.event, v.status, v.at, '[]', v.at FROM v";
/// A lane that somebody holds, or that waits for its head, knows by itself when to go on.
pub(crate) const GO: &str =
    "UPDATE webhooks SET next_seq = v.next_seq, run_at = COALESCE(webhooks.run_at, v.at)
    FROM v WHERE webhooks.organization_id = v.organization_id AND webhooks.id = v.id";

impl Store {
    /// Distributes up to `limit` events that wait; `new_id` gives each delivery its id. Several nodes
    /// may do so at the same time: each event is taken by one of them.
    ///
    /// # Errors
    /// When the database fails or a row cannot be read.
    pub async fn fan_out(
        &self,
        now: Timestamp,
        limit: u32,
        new_id: impl Fn() -> Uuid,
    ) -> Result<FannedOut, StoreError> {
        let waiting = self.list_waiting(limit).await?;
        if waiting.is_empty() {
            return Ok(FannedOut::default());
        }
        let planned = self.plan(&waiting, new_id).await?;
        let found = waiting.len();
        let shared = Arc::new((waiting, planned));
        let deliveries = self
            .writer
            .run(move |mut conn| {
                let shared = Arc::clone(&shared);
                Box::pin(async move { distribute(&mut conn, &shared.0, &shared.1, now).await })
            })
            .await?;
        Ok(FannedOut { events: found, deliveries })
    }

    async fn list_waiting(&self, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(Uuid, Uuid, String, String)> = on!(read.conn(), |c| {
            sqlx::query_as(WAITING).bind(i64::from(limit)).fetch_all(&mut *c).await?
        });
        let mut waiting = rows
            .into_iter()
            .map(|(organization, id, kind, payload)| {
                let payload = from_json("events", "payload", &id, &payload)?;
                Ok(Waiting { organization, id, kind, payload })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        if !waiting.is_empty() {
            add_names(&mut read.conn(), &mut waiting).await?;
            add_posts(&mut read.conn(), &mut waiting).await?;
        }
        Ok(waiting)
    }

    async fn plan(&self, waiting: &[Waiting], new_id: impl Fn() -> Uuid) -> Result<Vec<Planned>, StoreError> {
        let organizations: BTreeSet<Uuid> = waiting.iter().map(|event| event.organization).collect();
        let rows = Rows::new([Column::uuids(organizations)]);
        let found: Vec<(Uuid, Uuid, String)> = {
            let mut read = self.read().await?;
            rows.query_as(&mut read.conn(), "organization_id", WEBHOOKS).await?
        };
        let mut webhooks: HashMap<Uuid, Vec<(Uuid, HashSet<String>)>> = HashMap::new();
        for (organization, id, events) in found {
            let events = from_json("webhooks", "events", &id, &events)?;
            webhooks.entry(organization).or_default().push((id, events));
        }
        let mut planned = Vec::new();
        for event in waiting {
            for (webhook, wanted) in webhooks.get(&event.organization).into_iter().flatten() {
                if wanted.contains(&event.kind) {
                    planned.push(Planned {
                        webhook: (event.organization, *webhook),
                        id: new_id(),
                        event: (event.organization, event.id),
                        kind: event.kind.clone(),
                    });
                }
            }
        }
        Ok(planned)
    }
}

/// What tells of an account says its name as well.
async fn add_names(conn: &mut Conn<'_>, waiting: &mut [Waiting]) -> Result<(), StoreError> {
    let nameless = |event: &Waiting| {
        let account = event.payload.get("account_id")?.as_i64()?;
        (!event.payload.contains_key("account_name")).then_some((event.organization, account))
    };
    let accounts: BTreeSet<(Uuid, i64)> = waiting.iter().filter_map(nameless).collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(accounts.iter().map(|(organization, _)| *organization)),
        Column::ints(accounts.iter().map(|(_, account)| *account)),
    ]);
    let found: Vec<(Uuid, i64, Option<String>, String)> =
        rows.query_as(conn, "organization_id, account_id", NAMES).await?;
    let names: HashMap<(Uuid, i64), String> = found
        .into_iter()
        .map(|(organization, id, username, shown)| {
            ((organization, id), shown_name(username.as_deref(), &shown))
        })
        .collect();
    for event in waiting {
        let Some(name) = nameless(event).map(|account| names.get(&account)) else { continue };
        let mut payload = Map::new();
        for (key, value) in std::mem::take(&mut event.payload) {
            let is_account = key == "account_id";
            payload.insert(key, value);
            if is_account {
                payload.insert("account_name".to_owned(), json!(name));
            }
        }
        event.payload = payload;
    }
    Ok(())
}

/// What tells of a post as a whole says where it stands, when it is due and where it goes.
async fn add_posts(conn: &mut Conn<'_>, waiting: &mut [Waiting]) -> Result<(), StoreError> {
    let bare = |event: &Waiting| {
        let is_whole = !["destination_id", "account_ids"].iter().any(|key| event.payload.contains_key(*key));
        let post = event.payload.get("post_id")?.as_str()?.parse().ok()?;
        is_whole.then_some((event.organization, post))
    };
    let posts: BTreeSet<(Uuid, Uuid)> = waiting.iter().filter_map(bare).collect();
    if posts.is_empty() {
        return Ok(());
    }
    let rows = Rows::new([
        Column::uuids(posts.iter().map(|(organization, _)| *organization)),
        Column::uuids(posts.iter().map(|(_, post)| *post)),
    ]);
    let found: Vec<(Uuid, Uuid, String, Option<i64>, String)> =
        rows.query_as(conn, "organization_id, post_id", POSTS).await?;
    let mut by_id = HashMap::new();
    for (organization, id, status, due, accounts) in found {
        let accounts: Value = from_json("posts", "account_ids", &id, &accounts)?;
        by_id.insert((organization, id), (status, due.map(Timestamp::from_micros), accounts));
    }
    for event in waiting {
        let Some((status, due, accounts)) = bare(event).and_then(|post| by_id.get(&post)) else { continue };
        event.payload.entry("status").or_insert_with(|| json!(status));
        event.payload.insert("scheduled_for".to_owned(), json!(due.map(Timestamp::to_iso_millis)));
        event.payload.insert("account_ids".to_owned(), accounts.clone());
    }
    Ok(())
}

async fn distribute(
    conn: &mut Conn<'_>,
    waiting: &[Waiting],
    planned: &[Planned],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let taken = take_events(conn, waiting).await?;
    let webhooks: BTreeSet<(Uuid, Uuid)> = planned.iter().map(|planned| planned.webhook).collect();
    let mut numbers = lock_lanes(conn, &webhooks).await?;
    let mut numbered = Vec::new();
    for planned in planned.iter().filter(|planned| taken.contains(&planned.event)) {
        // A webhook that is gone or was switched off meanwhile gets nothing.
        if let Some(next) = numbers.get_mut(&planned.webhook) {
            numbered.push((planned, *next));
            *next += 1;
        }
    }
    for some in numbered.chunks(MOST_ROWS) {
        let of = || some.iter().map(|(planned, _)| planned);
        let rows = Rows::new([
            Column::uuids(of().map(|planned| planned.webhook.0)),
            Column::uuids(of().map(|planned| planned.id)),
            Column::uuids(of().map(|planned| planned.webhook.1)),
            Column::ints(some.iter().map(|(_, seq)| *seq)),
            Column::uuids(of().map(|planned| planned.event.1)),
            Column::texts(of().map(|planned| planned.kind.as_str())),
            Column::texts(of().map(|_| DeliveryStatus::Pending.as_str())),
            Column::ints(of().map(|_| now.as_micros())),
        ]);
        let names = "organization_id, id, webhook_id, seq, event_id, event, status, at";
        rows.execute(conn, names, INSERT).await?;
    }
    let going: BTreeSet<(Uuid, Uuid)> = numbered.iter().map(|(planned, _)| planned.webhook).collect();
    let going: Vec<((Uuid, Uuid), i64)> =
        going.into_iter().filter_map(|webhook| Some((webhook, *numbers.get(&webhook)?))).collect();
    for some in going.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|((organization, _), _)| *organization)),
            Column::uuids(some.iter().map(|((_, webhook), _)| *webhook)),
            Column::ints(some.iter().map(|(_, next)| *next)),
            Column::ints(some.iter().map(|_| now.as_micros())),
        ]);
        rows.execute(conn, "organization_id, id, next_seq, at", GO).await?;
    }
    Ok(numbered.len())
}

/// Those of the events that no other node took.
async fn take_events(conn: &mut Conn<'_>, waiting: &[Waiting]) -> Result<HashSet<(Uuid, Uuid)>, StoreError> {
    let mut taken = HashSet::new();
    for some in waiting.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|event| event.organization)),
            Column::uuids(some.iter().map(|event| event.id)),
            Column::texts(some.iter().map(|event| to_json(&event.payload))),
        ]);
        let own: Vec<(Uuid, Uuid)> = rows.query_as(conn, "organization_id, id, payload", TAKE).await?;
        taken.extend(own);
    }
    Ok(taken)
}

/// The next number of each lane that is active. Nobody else numbers them until the transaction ends.
async fn lock_lanes(
    conn: &mut Conn<'_>,
    webhooks: &BTreeSet<(Uuid, Uuid)>,
) -> Result<BTreeMap<(Uuid, Uuid), i64>, StoreError> {
    let all: Vec<(Uuid, Uuid)> = webhooks.iter().copied().collect();
    let mut numbers = BTreeMap::new();
    for some in all.chunks(MOST_ROWS) {
        let rows = Rows::new([
            Column::uuids(some.iter().map(|(organization, _)| *organization)),
            Column::uuids(some.iter().map(|(_, webhook)| *webhook)),
        ]);
        if matches!(conn, Conn::Postgres(_)) {
            rows.execute(conn, "organization_id, id", LOCK).await?;
        }
        let lanes: Vec<(Uuid, Uuid, i64)> = rows.query_as(conn, "organization_id, id", LANES).await?;
        numbers.extend(lanes.into_iter().map(|(organization, id, next)| ((organization, id), next)));
    }
    Ok(numbers)
}

/// Takes the next number of a lane that is locked already.
pub(crate) async fn next_number(
    conn: &mut Conn<'_>,
    organization: OrganizationId,
    webhook: WebhookId,
) -> Result<Option<i64>, StoreError> {
    const NUMBER: &str = "UPDATE webhooks SET next_seq = next_seq + 1
        WHERE organization_id = $1 AND id = $2 RETURNING next_seq - 1";
    Ok(on!(conn, |c| {
        sqlx::query_scalar(NUMBER).bind(organization.0).bind(webhook.0).fetch_optional(&mut **c).await?
    }))
}
