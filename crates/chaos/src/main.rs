//! `cargo xtask chaos`: real servers under kill -9, cut connections, full disks, frozen workers and
//! platforms that misbehave; then what was accepted, what the API says and what is public are
//! compared. Fails when a post is lost, is public twice, or is unknown where it could be known.

#![expect(clippy::print_stdout, reason = "the table is the output")]

mod args;
mod audit;
mod calls;
mod collect;
mod dice;
mod disk;
mod faults;
mod havoc;
mod load;
mod node;
mod progress;
mod proxy;
mod report;
mod run;
mod sent;
mod stage;
mod tenants;
mod time;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use net::{Entropy as _, SystemEntropy};

use args::Options;

/// How many of a kind are named.
const SHOWN: usize = 20;

fn main() -> ExitCode {
    let options = Options::parse();
    match start(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line of the run.
fn say(line: &str) {
    println!("{line}");
}

fn start(options: &Options) -> Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(Box::pin(run_all(options)))
}

async fn run_all(options: &Options) -> Result<bool> {
    let binary = options.binary.canonicalize().with_context(|| {
        format!("there is no {}; build it or name one with --binary", options.binary.display())
    })?;
    let seed = options.seed.unwrap_or_else(random_seed);
    let scale = options.scale();
    say(&format!("seed {seed}; repeat with --seed {seed}"));
    let folder = std::env::temp_dir().join(format!("fanfare-chaos-{}-{seed}", std::process::id()));
    let mut outcomes = Vec::new();
    for kind in options.store.list() {
        let own = folder.join(kind.name().to_lowercase());
        let outcome = run::run(*kind, scale, &binary, &own, seed, options.keep).await;
        outcomes.push(outcome.with_context(|| format!("{}; see {}", kind.name(), own.display()))?);
    }
    say(&format!("\n{}", report::table(&outcomes)));
    for outcome in &outcomes {
        say(&format!("{}: {} s", outcome.store, outcome.seconds));
        for (name, list) in outcome.verdicts.bad() {
            for line in list.iter().take(SHOWN) {
                say(&format!("{} {name}: {line}", outcome.store));
            }
        }
    }
    let good = outcomes.iter().all(|outcome| outcome.verdicts.are_good());
    close(&folder, good && !options.keep)?;
    Ok(good)
}

fn close(folder: &Path, is_over: bool) -> Result<()> {
    if is_over {
        return std::fs::remove_dir_all(folder).context("cannot remove the run's folder");
    }
    say(&format!("logs and databases are in {}", folder.display()));
    Ok(())
}

fn random_seed() -> u64 {
    let mut bytes = [0; 4];
    SystemEntropy.fill(&mut bytes);
    u64::from(u32::from_le_bytes(bytes))
}
