//! Every kind of content under every fault, on real processes.

use std::process::Command;

use anyhow::Result;

use crate::test::{install_converters, step};

/// Runs it; it prints a table for each fault.
pub(crate) fn run() -> Result<()> {
    install_converters()?;
    let mut content = Command::new("cargo");
    content.args(["test", "--workspace", "--all-features", "--test", "black_box", "content::"]);
    content.args(["--", "--nocapture", "--test-threads", "1"]).env("CONTENT", "full");
    step("every kind of content under every fault", &mut content)
}
