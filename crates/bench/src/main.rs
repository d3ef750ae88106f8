//! `cargo xtask bench`: what the server does in a second, next to what the same work costs without
//! it. Prints figures and how they were taken. Asserts nothing about time; fails only when an
//! answer is wrong or something does not run.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod accounts;
mod bare_accounts;
mod bare_posts;
mod burst;
mod growth;
mod idle;
mod load;
mod many_posts;
mod peers;
mod posts;
mod process;
mod report;
mod seed;
mod start;
mod steady;
mod stopwatch;
mod workplace;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use burst::Burst;
use report::Report;
use steady::Steady;
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
    /// What is made while it is published.
    steady: Steady,
    /// How many posts lists and claims are measured on, the smallest first.
    sizes: &'static [i64],
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
    steady: Steady { per_second: 500, seconds: 20, alone: 500 },
    sizes: &[10_000, 1_000_000, 5_000_000],
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
    steady: Steady { per_second: 50, seconds: 1, alone: 10 },
    sizes: &[1_000, 10_000],
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

const HELP: &str = "use: bench [--smoke] [--only NAME[,NAME]] [--peers]
  accounts  GET /accounts beside a bare handler
  posts     POST /posts beside a bare loop of commits
  idle      memory of a server with nothing to do
  start     time to start on a filled database
  burst     everything due at one moment; --peers adds job queues from npm
  steady    POST /posts at a steady rate while publishing
  growth    lists, claims and health on 10,000 to 5,000,000 posts";

/// What is measured, in this order.
const NAMES: [&str; 7] = ["accounts", "posts", "idle", "start", "burst", "steady", "growth"];

/// What was asked for.
struct Asked {
    scale: Scale,
    names: Vec<String>,
    with_peers: bool,
}

impl Asked {
    fn read(mut words: &[&str]) -> Result<Self> {
        let mut asked = Self {
            scale: FULL,
            names: NAMES.iter().map(|name| (*name).to_owned()).collect(),
            with_peers: false,
        };
        loop {
            words = match words {
                [] => return Ok(asked),
                ["--smoke", rest @ ..] => {
                    asked.scale = SMOKE;
                    rest
                }
                ["--peers", rest @ ..] => {
                    asked.with_peers = true;
                    rest
                }
                ["--only", names, rest @ ..] => {
                    asked.names = names.split(',').map(ToOwned::to_owned).collect();
                    if let Some(unknown) = asked.names.iter().find(|name| !NAMES.contains(&name.as_str())) {
                        bail!("nothing is called {unknown}\n{HELP}");
                    }
                    rest
                }
                [word, ..] => bail!("{word} means nothing here\n{HELP}"),
            };
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.names.iter().any(|wanted| wanted == name)
    }
}

fn start() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    match words.as_slice() {
        ["--help"] => {
            println!("{HELP}");
            Ok(())
        }
        [bare_accounts::WORD, database] => runtime.block_on(bare_accounts::serve(database.as_ref())),
        words => runtime.block_on(Box::pin(run(Asked::read(words)?))),
    }
}

async fn run(asked: Asked) -> Result<()> {
    let scale = asked.scale;
    let workplace = Workplace::make()?;
    let mut report = Report::new(&workplace, scale)?;
    if asked.wants("accounts") {
        report.add(accounts::measure(&workplace, scale).await.context("GET /accounts")?);
    }
    if asked.wants("posts") {
        report.add(posts::measure(&workplace, scale).await.context("POST /posts")?);
    }
    if asked.wants("idle") {
        report.add(idle::measure(&workplace, scale).await.context("idle memory")?);
    }
    if asked.wants("start") {
        report.add(start::measure(&workplace, scale).await.context("start time")?);
    }
    if asked.wants("burst") {
        report.add_all(burst::measure(&workplace, scale, asked.with_peers).await.context("burst")?);
    }
    if asked.wants("steady") {
        report.add_all(steady::measure(&workplace, scale).await.context("steady posts")?);
    }
    if asked.wants("growth") {
        report.add_all(growth::measure(&workplace, scale).await.context("growth")?);
    }
    println!("{}", report.summary());
    Ok(())
}
