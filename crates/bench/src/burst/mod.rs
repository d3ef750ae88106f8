//! A burst: everything is due at the same moment, and the engine drains it. Beside it, what a bare
//! HTTP client does with the same requests, and the engine with a platform that costs nothing.

mod platform;
mod sink;
mod stage;

use anyhow::{Context as _, Result};
use pgtest::{Durability, Postgres};

use crate::Scale;
use crate::report::{Entry, Goal};
use crate::workplace::Workplace;
use sink::Sink;
use stage::{Drained, Stage};

/// Requests under way at a time, of the engine and of the bare client alike.
const AT_ONCE: u32 = 512;
/// The text of each post: 1,000 characters.
const TEXT_LENGTH: usize = 1_000;

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
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Vec<Entry>> {
    let server = Postgres::start(Durability::Full).context("a private PostgreSQL")?;
    let mut entries = Vec::new();
    for (name, what, nothing) in [
        ("sqlite", "burst to a platform, SQLite", "burst to nothing, SQLite"),
        ("postgres", "burst to a platform, PostgreSQL", "burst to nothing, PostgreSQL"),
    ] {
        entries.push(to_sink(workplace, &server, name, what, scale.burst).await?);
        entries.push(to_nothing(workplace, &server, name, nothing, scale.burst).await?);
    }
    Ok(entries)
}

async fn stage(workplace: &Workplace, server: &Postgres, name: &str, burst: Burst) -> Result<Stage> {
    let folder = workplace.folder(&format!("burst-{name}"))?;
    let url = if name == "postgres" { Some(server.create_database()?) } else { None };
    Stage::set(&folder, url.as_deref(), burst).await
}

async fn to_sink(
    workplace: &Workplace,
    server: &Postgres,
    name: &str,
    what: &'static str,
    burst: Burst,
) -> Result<Entry> {
    let stage = stage(workplace, server, name, burst).await?;
    let sink = Sink::start()?;
    let bare = sink::drain(&sink, burst.posts(), AT_ONCE).await?;
    let drained = stage.drain(Some(sink.url()), AT_ONCE).await?;
    stage.remove().await;
    Ok(entry(
        what,
        burst,
        &drained,
        bare,
        "a bare HTTP client with the same requests",
        Goal::RatioAtLeast(0.6),
    ))
}

async fn to_nothing(
    workplace: &Workplace,
    server: &Postgres,
    name: &str,
    what: &'static str,
    burst: Burst,
) -> Result<Entry> {
    let stage = stage(workplace, server, name, burst).await?;
    let drained = stage.drain(None, AT_ONCE).await?;
    stage.remove().await;
    let made = stage.made_per_second();
    Ok(entry(what, burst, &drained, made, "posts made, one after another in batches of 500", Goal::None))
}

fn entry(what: &'static str, burst: Burst, drained: &Drained, baseline: f64, of: &str, goal: Goal) -> Entry {
    let Burst { organizations, accounts, .. } = burst;
    Entry {
        what,
        figure: format!("{:.0} destinations/s", drained.per_second),
        baseline: format!("{baseline:.0}/s"),
        ratio: Some(drained.per_second / baseline),
        goal,
        method: format!(
            "{} destinations on {accounts} accounts of {organizations} organizations due at one moment, \
             {TEXT_LENGTH} characters each; claim, durable intent, commit, durable outcome; {AT_ONCE} under \
             way at a time",
            burst.posts(),
        ),
        notes: vec![
            format!("the baseline is {of}"),
            format!(
                "late by {:.0} ms in the middle, {:.0} ms at the 99th percentile, {:.0} ms at most",
                drained.late_ms(0.5),
                drained.late_ms(0.99),
                drained.late_ms(1.0),
            ),
        ],
    }
}
