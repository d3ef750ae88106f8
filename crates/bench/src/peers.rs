//! Job queues from npm on the burst's PostgreSQL server: how many empty jobs they claim and complete
//! in a second. Run only when asked for, because they are installed first.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use pgtest::Postgres;
use serde::Deserialize;

/// Where the programs lie.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");
/// What they are, for people, and their programs.
const PEERS: [(&str, &str); 2] = [
    ("pg-boss: empty jobs claimed and completed in its largest batches, on PostgreSQL", "pg_boss.mjs"),
    (
        "graphile-worker: empty jobs claimed and completed in its largest batches, on PostgreSQL",
        "graphile_worker.mjs",
    ),
];

/// What a program prints.
#[derive(Deserialize)]
struct Drained {
    jobs: f64,
    seconds: f64,
}

/// What a peer reached.
pub(crate) struct Peer {
    pub(crate) is: &'static str,
    pub(crate) per_second: f64,
}

/// Runs each of them on a database of its own.
pub(crate) fn measure(server: &Postgres, jobs: usize) -> Result<Vec<Peer>> {
    install()?;
    let mut peers = Vec::new();
    for (is, program) in PEERS {
        let database = server.create_database()?;
        let output = Command::new("node")
            .arg(Path::new(FOLDER).join(program))
            .arg(&database)
            .arg(jobs.to_string())
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot run {program}; it needs Node"))?;
        if !output.status.success() {
            bail!("{program} ended with {}", output.status);
        }
        let drained: Drained = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{program} did not say how long it took"))?;
        peers.push(Peer { is, per_second: drained.jobs / drained.seconds });
    }
    Ok(peers)
}

fn install() -> Result<()> {
    let mut install = Command::new("npm");
    install.args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(FOLDER);
    let done = install.stdout(Stdio::null()).status().context("cannot run npm")?;
    if !done.success() {
        bail!("npm ci in {FOLDER} ended with {done}");
    }
    Ok(())
}
