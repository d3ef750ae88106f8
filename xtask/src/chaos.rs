//! Chaos on real processes: builds the server and the program that breaks it, and runs that.

use std::process::Command;

use anyhow::Result;

use crate::test::step;

/// Runs it; the words are handed on. With a `--binary` nothing is built but the breaker.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    let helps = words.iter().any(|word| matches!(*word, "--help" | "-h"));
    let mut chaos = Command::new("cargo");
    chaos.arg("run");
    if !helps && !words.iter().any(|word| word.starts_with("--binary")) {
        step("the server", Command::new("cargo").args(["build", "--release", "--package", "fanfare"]))?;
        chaos.arg("--release");
    }
    chaos.args(["--package", "fanfare-chaos", "--"]).args(words);
    step("chaos", &mut chaos)
}

/// Short chaos with the programs that are built.
pub(crate) fn smoke() -> Result<()> {
    step("chaos", Command::new("target/debug/chaos").args(["--smoke", "--binary", "target/debug/fanfare"]))
}
