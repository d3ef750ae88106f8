//! A burst: everything is due at the same moment, and the engine drains it to the sandbox's X, to a sink
//! that does nothing but answer, and to nothing. Beside it, what a bare HTTP client does with the same
//! requests, what the database takes for each durable step alone, and other job queues with empty jobs.

mod bare;
mod busy;
mod emulator;
mod peers;
mod platform;
mod side;
pub(crate) mod stage;
mod steps;

use std::fmt::Write as _;

use anyhow::{Context as _, Result};

use crate::database::{Database, Databases, Kind};
use crate::report::{Entry, Goal, Report};
use crate::sink::Sink;
use crate::workplace::Workplace;
use bare::Bare;
use emulator::Emulator;
use peers::Peer;
use side::Side;
use stage::{Drained, Stage};

/// Requests of the bare client under way at a time: more of them make it slower.
const BARE_AT_ONCE: u32 = 512;
/// The text of each post: 1,000 characters.
const TEXT_LENGTH: usize = 1_000;

/// How large a burst is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Burst {
    pub(crate) organizations: usize,
    pub(crate) accounts: usize,
    pub(crate) posts_per_account: usize,
    /// The engine's capacity, of which one platform takes three in four: batches grow with it, and with them
    /// the rate.
    pub(crate) capacity: u32,
}

impl Burst {
    pub(crate) const fn posts(self) -> usize {
        self.accounts * self.posts_per_account
    }
}

/// The text of the post with this number.
fn text(number: usize) -> String {
    format!("{number:0>TEXT_LENGTH$}")
}

/// Drains the burst on each database to each side; with `peers` also lets other queues on the same
/// PostgreSQL server do as many empty jobs.
pub(crate) async fn measure(
    workplace: &Workplace,
    burst: Burst,
    peers: bool,
    report: &mut Report,
) -> Result<()> {
    let databases = Databases::start(workplace, &[])?;
    for kind in workplace.kinds() {
        let database = databases.make(kind, "burst-emulator")?;
        report.add(to_emulator(&database, burst).await?);
        databases.remove(&database)?;

        let database = databases.make(kind, "burst-sink")?;
        report.add(to_sink(&database, burst).await?);
        databases.remove(&database)?;

        let database = databases.make(kind, "burst-nothing")?;
        let stage = Stage::set(&database, burst, Side::bench(None)).await?;
        let drained = stage.drain(burst.capacity).await?;
        stage.close().await;
        databases.remove(&database)?;
        report.add(to_nothing(kind, burst, &drained, stage.made_per_second()));

        let database = databases.make(kind, "burst-steps")?;
        let stage = Stage::set(&database, burst, Side::bench(None)).await?;
        for entry in steps::measure(&stage, kind, burst).await? {
            report.add(entry);
        }
        stage.close().await;
        databases.remove(&database)?;
        if peers && kind == Kind::Postgres {
            for name in peers::NAMES {
                report.add(beside(name, &databases, burst, &drained)?);
            }
        }
    }
    Ok(())
}

async fn to_emulator(database: &Database, burst: Burst) -> Result<Entry> {
    let emulator = Emulator::start(burst.accounts)?;
    let tokens = emulator.logins().iter().map(|login| login.access_token.clone()).collect();
    let bare = bare::drain(emulator.posts_url()?, tokens, burst.posts(), BARE_AT_ONCE).await?;
    emulator.forget()?;
    let stage = Stage::set(database, burst, Side::Emulator(emulator)).await?;
    let drained = stage.drain(burst.capacity).await?;
    stage.close().await;
    let mut entry = entry(
        burst,
        &drained,
        bare.per_second,
        "a bare HTTP client with the same requests to the same emulator",
    );
    entry.what = format!("burst to the sandbox's X, {}", database.kind.name());
    entry.goal = Goal::RatioAtLeast(0.6);
    entry.notes.push(lateness(&drained));
    entry.notes.extend(busy(&drained, Some(&bare)));
    Ok(entry)
}

async fn to_sink(database: &Database, burst: Burst) -> Result<Entry> {
    let sink = Sink::start()?;
    let tokens = vec!["token".to_owned()];
    let bare = bare::drain(sink.url(), tokens, burst.posts(), BARE_AT_ONCE).await?;
    let stage = Stage::set(database, burst, Side::bench(Some(sink.url()))).await?;
    let drained = stage.drain(burst.capacity).await?;
    stage.close().await;
    let mut entry = entry(burst, &drained, bare.per_second, "a bare HTTP client with the same requests");
    entry.what = format!("burst to a sink, {}", database.kind.name());
    entry.goal = Goal::RatioAtLeast(0.6);
    entry.notes.push(lateness(&drained));
    entry.notes.extend(busy(&drained, Some(&bare)));
    Ok(entry)
}

fn to_nothing(kind: Kind, burst: Burst, drained: &Drained, made_per_second: f64) -> Entry {
    let mut entry = entry(burst, drained, made_per_second, "posts made, 500 at a time");
    entry.what = format!("burst to nothing, {}", kind.name());
    entry.notes.push(lateness(drained));
    entry.notes.extend(busy(drained, None));
    entry
}

fn beside(name: &str, databases: &Databases<'_>, burst: Burst, drained: &Drained) -> Result<Entry> {
    let database = databases.make(Kind::Postgres, name)?;
    let url = database.url().context("PostgreSQL has an address")?;
    let Peer { version, node, trials } = peers::measure(name, url, burst.posts())?;
    databases.remove(&database)?;
    let best = trials.iter().map(|trial| trial.per_second).fold(0.0, f64::max);
    let baseline = format!(
        "the best of its trials: {name} {version} on Node.js {node}, {} empty jobs inserted before, claimed \
         and completed on the same server",
        burst.posts()
    );
    let mut entry = entry(burst, drained, best, &baseline);
    entry.what = format!("burst to nothing, PostgreSQL / {name}");
    entry.goal = Goal::RatioAtLeast(1.0);
    entry.notes.extend(
        trials.iter().map(|trial| format!("{name}: {:.0}/s with {}", trial.per_second, trial.settings)),
    );
    Ok(entry)
}

fn entry(burst: Burst, drained: &Drained, baseline: f64, of: &str) -> Entry {
    let Burst { organizations, accounts, capacity, .. } = burst;
    Entry {
        what: String::new(),
        figure: format!("{:.0} destinations/s", drained.per_second),
        baseline: format!("{baseline:.0}/s"),
        ratio: Some(drained.per_second / baseline),
        goal: Goal::None,
        method: format!(
            "{} destinations on {accounts} accounts of {organizations} organizations due at one moment, \
             {TEXT_LENGTH} characters each; claim, durable intent, commit, durable outcome; room for \
             {capacity} at a time, of which one platform takes three in four",
            burst.posts(),
        ),
        notes: vec![format!("the baseline is {of}")],
    }
}

/// How long after the due time the posts went out.
fn lateness(drained: &Drained) -> String {
    format!(
        "late by {:.0} ms in the middle, {:.0} ms at the 99th percentile, {:.0} ms at most",
        drained.late_ms(0.5),
        drained.late_ms(0.99),
        drained.late_ms(1.0),
    )
}

/// What a destination kept the processors busy, and a request of the bare client.
fn busy(drained: &Drained, bare: Option<&Bare>) -> Option<String> {
    let mut note = format!("the processors were busy for {:.0} us a destination", drained.busy_us?);
    if let Some(bare_us) = bare.and_then(|bare| bare.busy_us) {
        let _ = write!(note, ", {bare_us:.0} us a request of the baseline");
    }
    Some(note)
}
