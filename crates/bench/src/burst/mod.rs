//! A burst: everything is due at the same moment, and the engine drains it. Beside it, what a bare
//! HTTP client does with the same requests, and the engine with a platform that costs nothing, beside
//! what job queues do with empty jobs if they are asked for.

mod platform;
mod sink;
mod stage;

use anyhow::{Context as _, Result};
use pgtest::{Durability, Postgres};

use crate::Scale;
use crate::peers;
use crate::report::{Entry, Goal};
use crate::workplace::Workplace;
use sink::Sink;
use stage::{Drained, Stage};

/// Requests under way at a time, of the engine and of the bare client alike.
const AT_ONCE: u32 = 512;
/// The text of each post: 1,000 characters.
const TEXT_LENGTH: usize = 1_000;

/// What is measured on each database, the last two beside each of the peers.
const SQLITE: [&str; 4] = [
    "burst to a platform, SQLite",
    "burst to nothing, SQLite",
    "… beside pg-boss",
    "… beside graphile-worker",
];
const POSTGRES: [&str; 4] = [
    "burst to a platform, PostgreSQL",
    "burst to nothing, PostgreSQL",
    "… beside pg-boss",
    "… beside graphile-worker",
];

/// How large a burst is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Burst {
    pub(crate) organizations: usize,
    pub(crate) accounts: usize,
    pub(crate) posts_per_account: usize,
}

impl Burst {
    pub(crate) const fn posts(self) -> usize {
        self.accounts * self.posts_per_account
    }
}

/// Drains the burst on each database, once to a sink and once to nothing.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale, with_peers: bool) -> Result<Vec<Entry>> {
    let server = Postgres::start(Durability::Full).context("a private PostgreSQL")?;
    let burst = scale.burst;
    let peers = if with_peers { peers::measure(&server, burst.posts())? } else { Vec::new() };
    let mut entries = Vec::new();
    for (name, [what, nothing, beside_first, beside_second]) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
        let staged = stage(workplace, &server, name, burst).await?;
        let sink = Sink::start()?;
        let bare = Baseline {
            per_second: sink::drain(&sink, burst.posts(), AT_ONCE).await?,
            is: "a bare HTTP client with the same requests",
            goal: Goal::RatioAtLeast(0.6),
        };
        let drained = staged.drain(Some(sink.url()), AT_ONCE).await?;
        staged.remove().await;
        entries.push(entry(what, burst, &drained, bare));

        let staged = stage(workplace, &server, name, burst).await?;
        let drained = staged.drain(None, AT_ONCE).await?;
        staged.remove().await;
        let made = Baseline {
            per_second: staged.made_per_second(),
            is: "posts made, one after another in batches of 500",
            goal: Goal::None,
        };
        entries.push(entry(nothing, burst, &drained, made));
        for (peer, beside) in peers.iter().zip([beside_first, beside_second]) {
            let queue = Baseline { per_second: peer.per_second, is: peer.is, goal: Goal::RatioAtLeast(1.0) };
            entries.push(entry(beside, burst, &drained, queue));
        }
    }
    Ok(entries)
}

async fn stage(workplace: &Workplace, server: &Postgres, name: &str, burst: Burst) -> Result<Stage> {
    let folder = workplace.folder(&format!("burst-{name}"))?;
    let url = if name == "postgres" { Some(server.create_database()?) } else { None };
    Stage::set(&folder, url.as_deref(), burst).await
}

/// What a figure is held against.
struct Baseline {
    per_second: f64,
    is: &'static str,
    goal: Goal,
}

fn entry(what: &'static str, burst: Burst, drained: &Drained, baseline: Baseline) -> Entry {
    let Burst { organizations, accounts, .. } = burst;
    Entry {
        what,
        figure: format!("{:.0} destinations/s", drained.per_second),
        baseline: format!("{:.0}/s", baseline.per_second),
        ratio: Some(drained.per_second / baseline.per_second),
        goal: baseline.goal,
        method: format!(
            "{} destinations on {accounts} accounts of {organizations} organizations due at one moment, \
             {TEXT_LENGTH} characters each; claim, durable intent, commit, durable outcome; {AT_ONCE} under \
             way at a time",
            burst.posts(),
        ),
        notes: vec![
            format!("the baseline is {}", baseline.is),
            format!(
                "late by {:.0} ms in the middle, {:.0} ms at the 99th percentile, {:.0} ms at most",
                drained.late_ms(0.5),
                drained.late_ms(0.99),
                drained.late_ms(1.0),
            ),
        ],
    }
}
