//! Chaos on real processes: builds the server and the program that breaks it, and runs that.

use std::process::Command;

use anyhow::Result;

use crate::test::step;

/// Runs it; the words are handed on. With a `--binary` nothing is built but the breaker.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let mut chaos = Command::new("cargo");
    chaos.arg("run");
    if !words.iter().any(|word| word.starts_with("--binary")) {
        step("the server", Command::new("cargo").args(["build", "--release", "--package", "fanfare"]))?;
        chaos.arg("--release");
    }
    chaos.args(["--package", "fanfare-chaos", "--"]).args(words);
    step("chaos", &mut chaos)
}
