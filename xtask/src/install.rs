//! Packages that tests need and that the machine may not have.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::test::step;

const VENV: &str = ".venv";
/// The Python that has the packages.
pub(crate) const PYTHON: &str = ".venv/bin/python";

/// Installs what the lock file of a folder names, unless something is installed there.
pub(crate) fn node_packages(what: &str, folder: &str) -> Result<()> {
    if Path::new(folder).join("node_modules").exists() {
        return Ok(());
    }
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder);
    step(&format!("install {what}"), &mut install)
}

/// Installs what a file of requirements names, unless it is as it was when it was last installed.
pub(crate) fn python_packages(what: &str, requirements: &str) -> Result<()> {
    let wanted = std::fs::read_to_string(requirements).context(requirements.to_owned())?;
    let installed = Path::new(VENV).join(format!("{}.installed", requirements.replace('/', "-")));
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    if !Path::new(PYTHON).exists() {
        let made = step("make a Python environment", Command::new("python3").args(["-m", "venv", VENV]));
        if made.is_err() {
            step("install python3-venv", Command::new("apt-get").args(["install", "-y", "python3-venv"]))?;
            step("make a Python environment", Command::new("python3").args(["-m", "venv", VENV]))?;
        }
    }
    let mut install = Command::new(PYTHON);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
        requirements,
    ]);
    step(&format!("install {what}"), &mut install)?;
    std::fs::write(installed, wanted).context(VENV)
}
