//! The measurements: builds the server and the program that measures it, and runs that.

use std::process::Command;

use anyhow::Result;

use crate::test::step;

/// Runs every measurement; `smoke` only shows that they run.
pub(crate) fn run(smoke: bool) -> Result<()> {
    step("the server", Command::new("cargo").args(["build", "--release", "--package", "fanfare"]))?;
    let mut bench = Command::new("cargo");
    bench.args(["run", "--release", "--package", "fanfare-bench", "--"]);
    if smoke {
        bench.arg("--smoke");
    }
    step("the measurements", &mut bench)
}
