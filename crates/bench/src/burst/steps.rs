//! What the store takes for each durable step of a burst, one step after the other: no connector, no engine
//! around it. An engine overlaps them, so their sum is no limit to it.

use std::time::Duration;

use anyhow::{Result, ensure};
use domain::{EventId, Span, Timestamp};
use net::{Clock as _, SystemClock};
use serde_json::json;
use store::{Claim, Finish, JournalEntry, Outcome, Store, Work};
use tokio::task::JoinSet;

use super::Burst;
use super::stage::{Stage, id};
use crate::database::Kind;
use crate::report::{Entry, Goal};
use crate::stopwatch::now;

/// Longer than any measurement.
const LEASE: Span = Span::from_minutes(10);

/// How long each step took, of all destinations together.
#[derive(Default)]
struct Took {
    claims: Duration,
    intents: Duration,
    outcomes: Duration,
}

/// Takes the burst through each step, as many at a time as the engine does.
pub(super) async fn measure(stage: &Stage, kind: Kind, burst: Burst) -> Result<Vec<Entry>> {
    let store = stage.store();
    let (mut took, mut done) = (Took::default(), 0);
    loop {
        let begun = now();
        let claims = claim(store, burst.capacity).await?;
        took.claims += begun.elapsed();
        if claims.is_empty() {
            break;
        }
        done += claims.len();

        let begun = now();
        record(store, &claims, intent).await?;
        took.intents += begun.elapsed();

        let begun = now();
        record(store, &claims, outcome).await?;
        took.outcomes += begun.elapsed();
    }
    ensure!(done == burst.posts(), "{done} of {} were claimed", burst.posts());
    let all = took.claims + took.intents + took.outcomes;
    Ok(vec![
        entry(kind, burst, "claims alone", took.claims),
        entry(kind, burst, "intents alone", took.intents),
        entry(kind, burst, "outcomes alone", took.outcomes),
        entry(kind, burst, "these three together", all),
    ])
}

async fn claim(store: &Store, most: u32) -> Result<Vec<Claim>> {
    let at = SystemClock.now();
    let ids = (0..most).map(|_| EventId(id())).collect();
    Ok(store.claim_due("bench".to_owned(), at, at + LEASE, most, ids).await?)
}

type Note = (Work, Outcome, JournalEntry);

fn intent(claim: &Claim, at: Timestamp) -> Note {
    let text = json!({ "attempt": 1, "at": at, "fingerprint": "0".repeat(64) });
    let work = Work { intent: Some(text.to_string()), first_sent_at: Some(at), ..claim.work.clone() };
    (work, Outcome::Keep, JournalEntry { kind: "intent", detail: json!({ "fingerprint": "0".repeat(64) }) })
}

fn outcome(claim: &Claim, _: Timestamp) -> Note {
    let (id, url) = ("1989876543210987654", "https://x.com/someone/status/1989876543210987654");
    let finish = Finish::Published {
        platform_post_id: id.to_owned(),
        platform_post_url: url.to_owned(),
        warnings: Vec::new(),
    };
    let detail = json!({ "id": id, "url": url });
    (claim.work.clone(), Outcome::Finish(finish), JournalEntry { kind: "published", detail })
}

/// Writes a note of each at once; the store makes batches of them.
async fn record(store: &Store, claims: &[Claim], note: fn(&Claim, Timestamp) -> Note) -> Result<()> {
    let mut recording = JoinSet::new();
    for claim in claims {
        let (store, lease, at) = (store.clone(), claim.lease.clone(), SystemClock.now());
        let (work, outcome, journal) = note(claim, at);
        let ids = [EventId(id()), EventId(id())];
        recording.spawn(async move { store.record(lease, work, outcome, Some(journal), ids, at).await });
    }
    while let Some(written) = recording.join_next().await {
        ensure!(written??, "a lease was lost");
    }
    Ok(())
}

fn entry(kind: Kind, burst: Burst, step: &str, took: Duration) -> Entry {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let posts = burst.posts() as f64;
    Entry {
        what: format!("burst: {step}, {}", kind.name()),
        figure: format!("{:.0} destinations/s", posts / took.as_secs_f64()),
        baseline: "-".to_owned(),
        ratio: None,
        goal: Goal::None,
        method: format!(
            "{} destinations, {} at a time: all are claimed, then every intent is recorded, then every \
             outcome, without an engine and without a platform",
            burst.posts(),
            burst.capacity
        ),
        notes: vec![format!("{:.1} us each", took.as_secs_f64() / posts * 1e6)],
    }
}
