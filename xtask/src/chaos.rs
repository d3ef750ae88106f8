//! Chaos on real processes: builds the server and the program that breaks it, and runs that.

use std::process::Command;

use anyhow::Result;

use crate::test::step;

/// Runs it; the words are handed on.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    step("the server", Command::new("cargo").args(["build", "--release", "--package", "fanfare"]))?;
    let mut chaos = Command::new("cargo");
    chaos.args(["run", "--release", "--package", "fanfare-chaos", "--"]).args(words);
    step("chaos", &mut chaos)
}
