//! `POST /posts` against a bare loop that commits the same rows one post at a time.

use std::path::Path;

use anyhow::{Result, ensure};
use domain::Timestamp;
use serde_json::json;
use sqlx::Connection as _;

use crate::Scale;
use crate::bare_posts::{self, BarePosts};
use crate::load::{self, Load};
use crate::process::Running;
use crate::report::{Entry, Goal};
use crate::seed::{Seeded, seed};
use crate::stopwatch::{median, median_ratio};
use crate::workplace::Workplace;

const CONNECTIONS: usize = 64;
const CONTENT: &str = "Autumn menu is live: pumpkin soup, quince tart and the last tomatoes of the year. \
    Open until ten, come by and bring a friend.";
/// Far enough that nothing is published while it is measured.
const DUE: Timestamp = Timestamp::from_seconds(2_524_608_000);

/// Rows in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rows {
    posts: i64,
    destinations: i64,
    events: i64,
}

/// Takes the figure.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Entry> {
    let seeded = seed(&workplace.folder("posts")?).await?;
    let alike = seed(&workplace.folder("posts-bare")?).await?;
    let server = Running::fanfare(workplace, &seeded.folder).await?;
    let mut bare = BarePosts::open(alike.clone(), CONTENT, DUE).await?;
    let load = Load {
        address: server.address,
        request: load::request("POST", "/v1/posts", &seeded.key, &body(&seeded)),
        status: 201,
        connections: CONNECTIONS,
        warm_up: scale.warm_up,
        window: scale.window,
    };
    let (mut rates, mut bare_rates, mut cpu_us) = (Vec::new(), Vec::new(), Vec::new());
    let mut answers = 0;
    let mut last = None;
    for _ in 0..scale.rounds {
        bare_rates.push(bare.run(scale.warm_up, scale.window).await?);
        let before = server.cpu_seconds()?;
        let round = load::run(&load).await?;
        let count = u32::try_from(round.all_answers)?;
        cpu_us.push((server.cpu_seconds()? - before) * 1e6 / f64::from(count));
        answers += i64::from(count);
        rates.push(round.rate);
        last = Some(round);
    }
    let resident = server.resident_mib()?;
    server.stop()?;
    drop(bare);
    check(&seeded.database(), &alike.database(), answers).await?;
    let ratio = median_ratio(&rates, &bare_rates);
    let (figure, baseline) = (median(rates), median(bare_rates));
    let (p50, p99) = last.map_or((f64::NAN, f64::NAN), |last| (last.p50_ms, last.p99_ms));
    let cpu = median(cpu_us);
    Ok(Entry {
        what: "POST /posts, 3 destinations".to_owned(),
        figure: format!("{figure:.0}/s"),
        baseline: format!("{baseline:.0}/s"),
        ratio: Some(ratio),
        goal: Goal::RatioAtLeast(2.0),
        method: format!(
            "{CONNECTIONS} connections on loopback, {} rounds of {:?} each side in turn after {:?} of warm-up, \
             medians of the rounds and of their ratios. Posts for 2050, so that nothing is published meanwhile. Server: `fanfare serve` with \
             synchronous=FULL; every answer follows the commit that holds its post. Baseline: a loop without \
             HTTP that writes the same five rows to the same kind of file with the same pragmas, one commit \
             per post.",
            scale.rounds, scale.window, scale.warm_up
        ),
        notes: vec![
            format!(
                "server: {cpu:.0} µs of processor time per post; last round p50 {p50:.2} ms, p99 {p99:.2} ms"
            ),
            format!(
                "server: {resident:.1} MiB resident after the load; {answers} answered posts are all in the file"
            ),
        ],
    })
}

fn body(seeded: &Seeded) -> String {
    let account_ids: Vec<i64> = seeded.targets().iter().map(|(account, _)| account.0).collect();
    json!({ "content": CONTENT, "account_ids": account_ids, "scheduled_for": DUE.to_iso_millis() })
        .to_string()
}

/// Every answered post is there whole, and the loop wrote the same kind of rows.
async fn check(server: &Path, bare: &Path, answers: i64) -> Result<()> {
    let rows = count(server).await?;
    let whole = Rows { posts: answers, destinations: 3 * answers, events: answers };
    ensure!(rows == whole, "{answers} posts were answered, but the file holds {rows:?}");
    let rows = count(bare).await?;
    let whole = Rows { posts: rows.posts, destinations: 3 * rows.posts, events: rows.posts };
    ensure!(rows == whole && rows.posts > 0, "the loop wrote {rows:?}");
    Ok(())
}

async fn count(path: &Path) -> Result<Rows> {
    let mut connection = bare_posts::open(path).await?;
    let (posts, destinations, events): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM posts), (SELECT COUNT(*) FROM destinations),
            (SELECT COUNT(*) FROM events)",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(Rows { posts, destinations, events })
}
