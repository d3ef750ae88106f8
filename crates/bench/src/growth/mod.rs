//! What lists, claims and health queries cost as the database fills up.

mod fill;
mod queries;

use anyhow::{Context as _, Result};
use store::StoreConfig;

use crate::database::{Database, Databases, Kind};
use crate::report::{Entry, Goal, Report};
use crate::seed;
use crate::stopwatch::{as_ms, now};
use crate::workplace::Workplace;
use queries::Timed;

/// How full it becomes, and what is asked then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    /// Posts of the past, growing.
    pub(crate) sizes: &'static [i64],
    /// Posts for the future, at every size.
    pub(crate) waiting: i64,
    /// Posts that are due, each on an account of its own, at every size.
    pub(crate) due: i64,
    /// How often each query is asked.
    pub(crate) repeat: usize,
}

/// What was seen at one size.
struct Stage {
    posts: i64,
    size_mib: i64,
    filled_in_ms: f64,
    timed: Vec<Timed>,
}

/// Fills each database step by step and asks at every step.
pub(crate) async fn measure(workplace: &Workplace, growth: Growth, report: &mut Report) -> Result<()> {
    // A checkpoint for every gigabyte would make the filling take twice as long.
    let databases = Databases::start(workplace, &["max_wal_size=4GB"])?;
    for kind in workplace.kinds() {
        let database = databases.make(kind, "growth")?;
        let stages = run(&database, growth).await?;
        databases.remove(&database)?;
        for entry in compare(kind, growth, &stages)? {
            report.add(entry);
        }
    }
    Ok(())
}

async fn run(database: &Database, growth: Growth) -> Result<Vec<Stage>> {
    let config = StoreConfig::default();
    database.open(seed::keyring(), &config).await?.close().await;
    let largest = growth.sizes.iter().copied().max().context("no size to grow to")?;
    let mut filling = fill::Filling::begin(database, largest, growth).await?;
    let mut stages = Vec::new();
    for posts in growth.sizes {
        let begun = now();
        filling.grow_to(*posts).await?;
        let filled_in_ms = as_ms(begun.elapsed());
        // Opened anew, so that statements are planned for what is there now.
        let store = database.open(seed::keyring(), &config).await?;
        let app = seed::open(store, &database.folder)?;
        let timed = queries::measure(&app, &mut filling, growth)
            .await
            .with_context(|| format!("with {posts} posts on {}", database.kind.name()))?;
        app.store.close().await;
        stages.push(Stage { posts: *posts, size_mib: filling.size_mib().await?, filled_in_ms, timed });
    }
    filling.end().await?;
    Ok(stages)
}

/// One entry for each query: at the largest size, next to the smallest.
fn compare(kind: Kind, growth: Growth, stages: &[Stage]) -> Result<Vec<Entry>> {
    let (smallest, largest) = (stages.first().context("no stage")?, stages.last().context("no stage")?);
    let mut entries = Vec::new();
    for (at, last) in largest.timed.iter().enumerate() {
        let first = smallest.timed.get(at).context("a query is missing at the smallest size")?;
        let notes = stages.iter().filter_map(|stage| {
            let timed = stage.timed.get(at)?;
            Some(format!("{} posts: p50 {:.3} ms, p99 {:.3} ms", stage.posts, timed.p50_ms, timed.p99_ms))
        });
        entries.push(Entry {
            what: format!("growth: {}, {}", last.name, kind.name()),
            figure: format!("{:.3} ms", last.p50_ms),
            baseline: format!("{:.3} ms", first.p50_ms),
            ratio: Some(last.p50_ms / first.p50_ms),
            goal: Goal::RatioAtMost(1.5),
            method: format!("Median of up to {} calls, next to that at the smallest size.", growth.repeat),
            notes: notes.collect(),
        });
    }
    if let Some(first) = entries.first_mut() {
        first.method = format!("{} {}", describe(kind, growth), first.method);
        first.notes.extend(stages.iter().map(|stage| {
            let Stage { posts, size_mib, filled_in_ms, .. } = stage;
            format!("{posts} posts: {size_mib} MiB, filled up to there in {:.1} s", filled_in_ms / 1e3)
        }));
    }
    Ok(entries)
}

fn describe(kind: Kind, growth: Growth) -> String {
    let statistics = match kind {
        Kind::Sqlite => "without statistics, as the server keeps it",
        Kind::Postgres => "after VACUUM ANALYZE",
    };
    format!(
        "Posts of one destination each, one every {} seconds up to now, 98 of 100 published and the rest failed, \
         on {} accounts of {} organizations, of which the first (the big tenant) holds a fifth; with {} more for \
         the future and {} that are due; no events or journal; {statistics}. Called as the server calls them, \
         in this process.",
        fill::STEP / fill::SECOND,
        fill::ACCOUNTS,
        fill::ORGANIZATIONS,
        growth.waiting,
        growth.due,
    )
}
