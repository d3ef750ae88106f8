//! Posts that are made at a steady rate while the server publishes them: how long a caller waits,
//! beside how long one waits who is alone with the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use net::{Clock as _, SystemClock};
use pgtest::{Durability, Postgres};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Scale;
use crate::load::{self, Connection};
use crate::process::Running;
use crate::report::{Entry, Goal};
use crate::seed::{Seeded, seed_with};
use crate::stopwatch::{as_ms, now};
use crate::workplace::Workplace;

/// Accounts that take turns; each takes one post at a time.
const ACCOUNTS: usize = 250;
/// More than are ever busy, so that a post leaves at its planned moment.
const CONNECTIONS: usize = 64;
/// How long the platform takes.
const LATENCY: Duration = Duration::from_millis(5);
const CONTENT: &str = "Autumn menu is live: pumpkin soup, quince tart and the last tomatoes of the year.";
const FAR: &str = "2050-01-01T00:00:00.000Z";

/// How much is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steady {
    /// Posts made in a second.
    pub(crate) per_second: u32,
    /// For so long.
    pub(crate) seconds: u32,
    /// Posts that are made one after another before, on a server with nothing to do.
    pub(crate) alone: u32,
}

/// Takes the figure on each database.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Vec<Entry>> {
    let server = Postgres::start(Durability::Full).context("a private PostgreSQL")?;
    let url = server.create_database()?;
    let mut entries = Vec::new();
    for (name, what, url) in
        [("sqlite", "steady posts, SQLite", None), ("postgres", "steady posts, PostgreSQL", Some(&*url))]
    {
        let folder = workplace.folder(&format!("steady-{name}"))?;
        let seeded = seed_with(&folder, url, ACCOUNTS, &["x"]).await?;
        let platform = Platform::start()?;
        let running = Running::fanfare_with(workplace, &folder, &platform.url, url).await?;
        let measured = run(&running, &seeded, &platform, scale.steady).await?;
        running.stop()?;
        entries.push(entry(what, scale.steady, &measured));
    }
    Ok(entries)
}

struct Measured {
    alone_p50_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
    published_meanwhile: usize,
}

async fn run(running: &Running, seeded: &Seeded, platform: &Platform, steady: Steady) -> Result<Measured> {
    let mut alone = Vec::new();
    let mut connection = Connection::open(running.address).await?;
    for number in 0..steady.alone {
        let request = request(seeded, number, Some(FAR));
        let begun = now();
        connection.demand(&request, 201).await?;
        alone.push(begun.elapsed());
    }
    let times = make(running.address, seeded, steady).await?;
    let published_meanwhile = platform.count();
    let all = usize::try_from(steady.per_second * steady.seconds)?;
    let begun = now();
    while platform.count() < all {
        ensure!(begun.elapsed() < Duration::from_mins(5), "{} of {all} went out", platform.count());
        SystemClock.sleep_until(SystemClock.now() + domain::Span::from_millis(50)).await;
    }
    ensure!(platform.count() == all, "{} posts went out of {all}", platform.count());
    Ok(Measured {
        alone_p50_ms: share(alone, 50),
        p50_ms: share(times.clone(), 50),
        p99_ms: share(times, 99),
        published_meanwhile,
    })
}

/// Makes a post at each planned moment, whatever became of the ones before; the time of each counts
/// from its planned moment.
async fn make(address: SocketAddr, seeded: &Seeded, steady: Steady) -> Result<Vec<Duration>> {
    let all = steady.per_second * steady.seconds;
    let next = Arc::new(AtomicU32::new(0));
    let seeded = Arc::new(seeded.clone());
    let begun = now() + Duration::from_millis(50);
    let mut makers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (next, seeded) = (Arc::clone(&next), Arc::clone(&seeded));
        makers.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all {
                    return anyhow::Ok(times);
                }
                let planned = begun + Duration::from_secs(1) * number / steady.per_second;
                let request = request(&seeded, number, None);
                tokio::time::sleep_until(planned.into()).await;
                connection.demand(&request, 201).await?;
                times.push(planned.elapsed());
            }
        });
    }
    let mut times = Vec::new();
    while let Some(made) = makers.join_next().await {
        times.extend(made.context("a maker ended badly")??);
    }
    Ok(times)
}

fn request(seeded: &Seeded, number: u32, scheduled_for: Option<&str>) -> Arc<[u8]> {
    let place = usize::try_from(number).unwrap_or(0) % seeded.accounts.len();
    let mut body = json!({
        "content": format!("{CONTENT} {number}"),
        "account_ids": [seeded.accounts[place].0.0],
    });
    if let Some(moment) = scheduled_for {
        body["scheduled_for"] = json!(moment);
    }
    load::request("POST", "/v1/posts", &seeded.key, &body.to_string())
}

fn share(mut times: Vec<Duration>, percent: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() * percent / 100).map_or(f64::NAN, |time| as_ms(*time))
}

fn entry(what: &'static str, steady: Steady, measured: &Measured) -> Entry {
    let Measured { alone_p50_ms, p50_ms, p99_ms, published_meanwhile } = *measured;
    Entry {
        what,
        figure: format!("p99 {p99_ms:.2} ms"),
        baseline: format!("{alone_p50_ms:.2} ms"),
        ratio: Some(p99_ms / alone_p50_ms),
        goal: Goal::RatioAtMost(10.0),
        method: format!(
            "POST /posts {} times a second for {} s at planned moments over {CONNECTIONS} connections, each \
             to one of {ACCOUNTS} accounts and to go out at once to a platform that answers after {LATENCY:?}; \
             times count from the planned moment",
            steady.per_second, steady.seconds
        ),
        notes: vec![
            format!(
                "the baseline is the median of {} posts for 2050, made one after another before",
                steady.alone
            ),
            format!("p50 {p50_ms:.2} ms; {published_meanwhile} were out when the last one was made"),
        ],
    }
}

/// What X is to the server here: a post is an answer after a pause.
struct Platform {
    url: String,
    posts: Arc<AtomicUsize>,
}

impl Platform {
    fn start() -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let posts = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&posts);
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                let app = Router::new().route("/api.x.com/2/tweets", post(tweet)).with_state(counted);
                anyhow::Ok(axum::serve(listener, app).await?)
            })
        };
        std::thread::Builder::new().name("platform".to_owned()).spawn(serve)?;
        Ok(Self { url, posts })
    }

    fn count(&self) -> usize {
        self.posts.load(Ordering::Acquire)
    }
}

async fn tweet(State(posts): State<Arc<AtomicUsize>>, body: String) -> (axum::http::StatusCode, String) {
    #[expect(clippy::disallowed_methods, reason = "the platform's own time is part of what is measured")]
    tokio::time::sleep(LATENCY).await;
    let number = posts.fetch_add(1, Ordering::AcqRel);
    let text = serde_json::from_str::<Value>(&body).map_or(Value::Null, |body| body["text"].clone());
    let id = (1_700_000_000_000_000_000_u64 + number as u64).to_string();
    (axum::http::StatusCode::CREATED, json!({ "data": { "id": id, "text": text } }).to_string())
}
