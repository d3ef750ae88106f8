//! `cargo xtask bench`: what the server does in a second, next to what the same work costs without
//! it. Prints figures and how they were taken. Asserts nothing about time; fails only when an
//! answer is wrong or something does not run.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod accounts;
mod arguments;
mod bare_accounts;
mod bare_posts;
mod burst;
mod database;
mod growth;
mod idle;
mod load;
mod many_posts;
mod media_memory;
mod posts;
mod process;
mod report;
mod scale;
mod seed;
mod sink;
mod start;
mod steady;
mod stopwatch;
mod webhooks;
mod workplace;

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use arguments::{Asked, Name};
use database::Kind;
use report::Report;
use scale::Scale;
use workplace::Workplace;

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
    if let [bare_accounts::WORD, database] = words.as_slice() {
        return runtime.block_on(bare_accounts::serve(database.as_ref()));
    }
    match Asked::read(&words)? {
        Asked::Help => {
            print!("{}", arguments::help());
            Ok(())
        }
        Asked::Measure { smoke, names, kinds, capacity, peers } => {
            let mut scale = if smoke { scale::SMOKE } else { scale::FULL };
            scale.burst.capacity = capacity.unwrap_or(scale.burst.capacity);
            runtime.block_on(Box::pin(run(scale, &names, kinds, peers)))
        }
    }
}

async fn run(scale: Scale, names: &[Name], kinds: Vec<Kind>, peers: bool) -> Result<()> {
    let workplace = Workplace::make(kinds)?;
    let mut report = Report::new(&workplace, scale)?;
    for name in names {
        measure(&workplace, scale, *name, peers, &mut report).await.with_context(|| name.word())?;
    }
    println!("{}", report.summary());
    Ok(())
}

async fn measure(
    workplace: &Workplace,
    scale: Scale,
    name: Name,
    peers: bool,
    report: &mut Report,
) -> Result<()> {
    match name {
        Name::Accounts => report.add(accounts::measure(workplace, scale).await?),
        Name::Posts => report.add(posts::measure(workplace, scale).await?),
        Name::Idle => report.add(idle::measure(workplace, scale).await?),
        Name::Start => report.add(start::measure(workplace, scale).await?),
        Name::Burst => Box::pin(burst::measure(workplace, scale.burst, peers, report)).await?,
        Name::Steady => Box::pin(steady::measure(workplace, scale.steady, report)).await?,
        Name::Growth => Box::pin(growth::measure(workplace, scale.growth, report)).await?,
        Name::Webhooks => Box::pin(webhooks::measure(workplace, scale.webhooks, report)).await?,
        Name::Media => Box::pin(media_memory::measure(workplace, scale.video_bytes, report)).await?,
    }
    Ok(())
}
