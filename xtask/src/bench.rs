//! The measurements: builds the server and the program that measures it, and runs that.

use std::process::Command;

use anyhow::Result;

use crate::test::step;

/// Runs the measurements that `words` ask for, as `bench --help` tells.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    step("the server", Command::new("cargo").args(["build", "--release", "--package", "fanfare"]))?;
    let mut bench = Command::new("cargo");
    bench.args(["run", "--release", "--package", "fanfare-bench", "--"]).args(words);
    step("the measurements", &mut bench)
}
