//! `cargo xtask bench`: what the server does in a second, next to what the same work costs without
//! it. Prints figures and how they were taken. Asserts nothing about time; fails only when an
//! answer is wrong or something does not run.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod accounts;
mod bare_accounts;
mod bare_posts;
mod burst;
mod idle;
mod load;
mod many_posts;
mod posts;
mod process;
mod report;
mod seed;
mod start;
mod stopwatch;
mod workplace;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use burst::Burst;
use report::Report;
use workplace::Workplace;

/// How much is done.
#[derive(Clone, Copy, Debug)]
struct Scale {
    /// Rounds of baseline and server in turn.
    rounds: usize,
    /// Of each round, not counted.
    warm_up: Duration,
    /// Of each round, counted.
    window: Duration,
    /// Posts in the database that the server starts on.
    stored_posts: u32,
    /// How often the server is started on it.
    starts: usize,
    /// What is due at one moment.
    burst: Burst,
    /// How long the server idles before its memory is read.
    idle: Duration,
}

const FULL: Scale = Scale {
    rounds: 5,
    warm_up: Duration::from_secs(1),
    window: Duration::from_secs(4),
    stored_posts: 100_000,
    starts: 7,
    burst: Burst { organizations: 100, accounts: 10_000, posts_per_account: 10 },
    idle: Duration::from_secs(5),
};

/// Shows that everything runs; the figures mean little.
const SMOKE: Scale = Scale {
    rounds: 1,
    warm_up: Duration::from_millis(100),
    window: Duration::from_millis(400),
    stored_posts: 1_000,
    starts: 2,
    burst: Burst { organizations: 4, accounts: 40, posts_per_account: 5 },
    idle: Duration::from_millis(500),
};

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    match words.as_slice() {
        [] => runtime.block_on(Box::pin(run(FULL))),
        ["--smoke"] => runtime.block_on(Box::pin(run(SMOKE))),
        [bare_accounts::WORD, database] => runtime.block_on(bare_accounts::serve(database.as_ref())),
        _ => bail!("use: bench [--smoke]"),
    }
}

async fn run(scale: Scale) -> Result<()> {
    let workplace = Workplace::make()?;
    let mut report = Report::new(&workplace, scale)?;
    report.add(accounts::measure(&workplace, scale).await.context("GET /accounts")?);
    report.add(posts::measure(&workplace, scale).await.context("POST /posts")?);
    report.add(idle::measure(&workplace, scale).await.context("idle memory")?);
    report.add(start::measure(&workplace, scale).await.context("start time")?);
    for entry in burst::measure(&workplace, scale).await.context("burst")? {
        report.add(entry);
    }
    println!("{}", report.summary());
    Ok(())
}
