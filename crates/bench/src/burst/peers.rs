//! Other job queues on PostgreSQL, each at its best: runs the scripts in `peers/`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// Those that there are scripts for.
pub(super) const NAMES: [&str; 2] = ["pg-boss", "graphile-worker"];
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");

/// What one of them does.
#[derive(Deserialize)]
pub(super) struct Peer {
    pub(super) version: String,
    /// The version of Node.js.
    pub(super) node: String,
    pub(super) trials: Vec<Trial>,
}

/// What it does with some settings.
#[derive(Deserialize)]
pub(super) struct Trial {
    pub(super) settings: String,
    /// Jobs claimed and completed.
    pub(super) per_second: f64,
}

/// Lets the peer do `jobs` empty jobs with each of its settings, in the empty database at `url`.
pub(super) fn measure(name: &str, url: &str, jobs: usize) -> Result<Peer> {
    if !Path::new(SCRIPTS).join("node_modules").exists() {
        bail!("run `npm ci` in crates/bench/peers, or use `cargo xtask bench --peers`, which does");
    }
    let output = Command::new("node")
        .args(["measure.mjs", name, url, &jobs.to_string()])
        .current_dir(SCRIPTS)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run node; install Node.js")?;
    ensure!(output.status.success(), "{name} ended with {}", output.status);
    let peer: Peer = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("what {name} printed is no result"))?;
    ensure!(!peer.trials.is_empty(), "{name} was not tried");
    Ok(peer)
}
