//! The measurements: builds the server and the program that measures it, and runs that.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::test::step;

const PEERS: &str = "crates/bench/peers";

/// Runs them; the words are handed on.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let helps = words.iter().any(|word| matches!(*word, "--help" | "-h"));
    if !helps {
        let packages = ["build", "--release", "--package", "fanfare", "--package", "fanfare-s3"];
        step("the servers", Command::new("cargo").args(packages))?;
    }
    if words.contains(&"--peers") && !Path::new(PEERS).join("node_modules").exists() {
        let mut install = Command::new("npm");
        install.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(PEERS);
        step("install the other job queues", &mut install)?;
    }
    let mut bench = Command::new("cargo");
    bench.args(["run", "--release", "--package", "fanfare-bench", "--"]).args(words);
    step("the measurements", &mut bench)
}
