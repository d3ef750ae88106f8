//! Posts that come at an even rate and are published meanwhile: how long `POST /posts` takes then,
//! next to how long it takes on a server that has nothing else to do.

mod arrivals;
mod tenants;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use net::{Clock as _, SystemClock};
use store::StoreConfig;

use crate::database::{Database, Databases, Kind};
use crate::load::Connection;
use crate::process::Running;
use crate::report::{Entry, Goal, Report};
use crate::seed;
use crate::sink::Sink;
use crate::stopwatch::{as_ms, now, percentiles_ms};
use crate::workplace::Workplace;
use arrivals::{Arrivals, Met};
use tenants::Requests;

/// Between two requests to the idle server: enough to publish what the first one made.
const PAUSE: domain::Span = domain::Span::from_millis(20);
const LOOK_EVERY: domain::Span = domain::Span::from_millis(2);
/// When posts that are not published are given up.
const TOO_LONG: Duration = Duration::from_mins(2);
const CREATED: u16 = 201;

/// How much comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steady {
    pub(crate) organizations: usize,
    pub(crate) accounts_each: usize,
    /// Requests to the idle server, one at a time.
    pub(crate) alone: usize,
    /// Posts a second.
    pub(crate) per_second: u32,
    /// Posts before those that count.
    pub(crate) warm_up: usize,
    /// Posts that count.
    pub(crate) counted: usize,
}

impl Steady {
    const fn posts(self) -> usize {
        self.alone + self.warm_up + self.counted
    }
}

/// What was seen on one database.
struct Seen {
    alone_ms: [f64; 2],
    met: Met,
    /// Published when the last post was answered.
    meanwhile: usize,
    /// From then until everything was published.
    rest: Duration,
    /// Of the server, during the arrivals, in processors.
    processors: f64,
}

/// Takes the figure on each database.
pub(crate) async fn measure(workplace: &Workplace, steady: Steady, report: &mut Report) -> Result<()> {
    let databases = Databases::start(workplace, &[])?;
    for kind in workplace.kinds() {
        let database = databases.make(kind, "steady")?;
        let seen = run(workplace, &database, steady).await?;
        databases.remove(&database)?;
        report.add(entry(kind, steady, seen));
    }
    Ok(())
}

async fn run(workplace: &Workplace, database: &Database, steady: Steady) -> Result<Seen> {
    let store = database.open(seed::keyring(), &StoreConfig::default()).await?;
    let app = seed::open(store, &database.folder)?;
    let requests = tenants::make(&app, steady).await?;
    app.store.close().await;
    let sink = Sink::start()?;
    let server = serve(workplace, database, &sink).await?;

    let alone_ms = alone(&server, &requests, steady.alone).await?;
    let used_before = server.cpu_seconds()?;
    let begun = now();
    let arrivals = Arrivals {
        address: server.address,
        per_second: steady.per_second,
        first: steady.alone,
        warm_up: steady.warm_up,
        counted: steady.counted,
    };
    let met = arrivals.run(requests).await?;
    let processors = (server.cpu_seconds()? - used_before) / begun.elapsed().as_secs_f64();
    let (meanwhile, ended) = (sink.answered(), now());
    while sink.answered() < steady.posts() {
        ensure!(ended.elapsed() < TOO_LONG, "{} of {} posts went out", sink.answered(), steady.posts());
        SystemClock.sleep_until(SystemClock.now() + LOOK_EVERY).await;
    }
    let rest = ended.elapsed();
    server.stop()?;
    check(database, &sink, steady.posts()).await?;
    Ok(Seen { alone_ms, met, meanwhile, rest, processors })
}

/// A server that takes the sink for X.
async fn serve(workplace: &Workplace, database: &Database, sink: &Sink) -> Result<Running> {
    let platform = sink.url();
    let mut settings = vec![("FANFARE_PLATFORMS__X__HOSTS__API", platform.as_str().trim_end_matches('/'))];
    if let Some(url) = database.url() {
        settings.push(("FANFARE_DATABASE_URL", url));
    }
    Running::fanfare_with(workplace, &database.folder, &settings).await
}

/// The median and the 99th percentile of requests that have the server for themselves.
async fn alone(server: &Running, requests: &Requests, count: usize) -> Result<[f64; 2]> {
    let mut connection = Connection::open(server.address).await?;
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let request = requests.get(number);
        let sent = now();
        connection.expect(&request, CREATED).await?;
        times.push(sent.elapsed());
        SystemClock.sleep_until(SystemClock.now() + PAUSE).await;
    }
    Ok(percentiles_ms(&mut times, [50, 99]))
}

/// Every post that was answered went out once, and the database knows.
async fn check(database: &Database, sink: &Sink, posts: usize) -> Result<()> {
    ensure!(sink.answered() == posts, "{posts} posts went out {} times", sink.answered());
    let mut connection = database.connect().await?;
    let published = connection
        .number("SELECT COUNT(*) FROM destinations WHERE status = 'published'")
        .await
        .context("cannot count what is published")?;
    connection.close().await?;
    ensure!(usize::try_from(published)? == posts, "{published} of {posts} posts are recorded as published");
    Ok(())
}

fn entry(kind: Kind, steady: Steady, mut seen: Seen) -> Entry {
    let Steady { organizations, accounts_each, per_second, counted, .. } = steady;
    let [p50, p99, slowest] = percentiles_ms(&mut seen.met.times, [50, 99, 100]);
    let [behind] = percentiles_ms(&mut seen.met.behind, [99]);
    let [alone_p50, alone_p99] = seen.alone_ms;
    Entry {
        what: format!("POST /posts at {per_second}/s, {}", kind.name()),
        figure: format!("p99 {p99:.2} ms"),
        baseline: format!("{alone_p50:.2} ms"),
        ratio: Some(p99 / alone_p50),
        goal: Goal::RatioAtMost(10.0),
        method: format!(
            "{counted} posts for now after {} of warm-up, each of about 200 characters for one account of X, by \
             the keys of {organizations} organizations with {accounts_each} accounts each; they arrive at random \
             moments, {per_second} a second, whether earlier ones are answered or not, and their time counts \
             from the moment that was drawn. `fanfare serve` as it comes, limits raised, publishes them \
             meanwhile to a platform on this machine that answers after 5 ms. Baseline: the median of {} such \
             requests before, one at a time with {} ms between them.",
            steady.warm_up,
            steady.alone,
            PAUSE.as_millis(),
        ),
        notes: vec![
            format!("p50 {p50:.2} ms, p99 {p99:.2} ms, slowest {slowest:.2} ms; alone p99 {alone_p99:.2} ms"),
            format!(
                "99 of 100 requests left at most {behind:.2} ms after their moment; that time is included"
            ),
            format!(
                "{} of {} posts had gone out when the last was answered, the rest {:.0} ms later; each once",
                seen.meanwhile,
                steady.posts(),
                as_ms(seen.rest),
            ),
            format!("the server used {:.2} processors", seen.processors),
        ],
    }
}
