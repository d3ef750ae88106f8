//! The time that a server needs to start on a database with a past.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::Scale;
use crate::load;
use crate::many_posts;
use crate::process::Running;
use crate::report::{Entry, Goal};
use crate::seed::seed;
use crate::stopwatch::{as_ms, median, now};
use crate::workplace::Workplace;

/// Takes the figure.
pub(crate) async fn measure(workplace: &Workplace, scale: Scale) -> Result<Entry> {
    let seeded = seed(&workplace.folder("start")?).await?;
    many_posts::fill(&seeded, scale.stored_posts).await?;
    let size_mib = std::fs::metadata(seeded.database())?.len() >> 20;
    let list = load::request("GET", "/v1/posts?limit=1", &seeded.key, "");
    let (mut starts, mut lists) = (Vec::new(), Vec::new());
    for _ in 0..scale.starts {
        let server = Running::fanfare(workplace, &seeded.folder).await?;
        starts.push(as_ms(server.started_in));
        let asked = now();
        let answer = load::ask(server.address, &list).await?;
        lists.push(as_ms(asked.elapsed()));
        ensure!(answer.status == 200, "GET /posts answers {}", answer.status);
        let body: Value = serde_json::from_slice(&answer.body)?;
        let posts = body["data"]["posts"].as_array().map_or(0, Vec::len);
        ensure!(posts == 1, "GET /posts?limit=1 lists {posts} posts");
        server.stop()?;
    }
    let slowest = starts.iter().copied().fold(0.0, f64::max);
    let figure = median(starts);
    Ok(Entry {
        what: "Start".to_owned(),
        figure: format!("{figure:.0} ms"),
        baseline: "-".to_owned(),
        ratio: None,
        goal: Goal::Below { figure, limit: 500.0, unit: "ms" },
        method: format!(
            "From the start of the process to the answer of GET /healthz, median of {}; {} posts with 3 \
             destinations each, in mixed states, {size_mib} MiB, in the page cache, closed in order before.",
            scale.starts, scale.stored_posts
        ),
        notes: vec![format!(
            "slowest start {slowest:.0} ms; then the first GET /posts?limit=1 in {:.1} ms (median)",
            median(lists)
        )],
    })
}
