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

/// Short chaos on the server that is built. The breaker is made of what the tests have built already.
pub(crate) fn smoke() -> Result<()> {
    let breaker = ["build", "--workspace", "--all-features", "--bin", "chaos"];
    step("what breaks the server", Command::new("cargo").args(breaker))?;
    step("chaos", Command::new("target/debug/chaos").args(["--smoke", "--binary", "target/debug/fanfare"]))
}
