//! Evidence for the emulators: public client libraries, written by others for the real platforms,
//! are run against a sandbox. Each script is a program of its own; the first wrong answer fails.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::install;
use crate::test::step;

const FOLDER: &str = "tests/emulators";
const BINARY: &str = "target/debug/fanfare";
/// Builds the sandbox, then runs the scripts.
pub(crate) fn build_and_run() -> Result<()> {
    step("the server", Command::new("cargo").args(["build", "--package", "fanfare"]))?;
    run()
}

/// Runs the scripts, each against a fresh sandbox of the server that is built.
pub(crate) fn run() -> Result<()> {
    install::python_packages("the clients for Python", &format!("{FOLDER}/requirements.txt"))?;
    install::node_packages("the clients for JavaScript", FOLDER)?;
    println!("\n== public clients against the emulators");
    let scripts = scripts()?;
    for script in &scripts {
        let sandbox = Sandbox::start()?;
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        let platform = name.split('_').next().unwrap_or_default();
        if !sandbox.platforms.iter().any(|emulated| emulated == platform) {
            let there = sandbox.platforms.join(", ");
            bail!("{} needs an emulated {platform}; there are {there}", script.display());
        }
        let program = if has_ending(script, "py") { install::PYTHON } else { "node" };
        let status = Command::new(program)
            .arg(script)
            .env("FANFARE_SANDBOX_URL", &sandbox.url)
            .status()
            .with_context(|| format!("cannot run {} with {program}", script.display()))?;
        if !status.success() {
            bail!("{} met a wrong answer", script.display());
        }
    }
    println!("emulators: {} scripts passed", scripts.len());
    Ok(())
}

/// Every program of the folder; its name begins with the platform that it needs.
fn scripts() -> Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(FOLDER).context(FOLDER)? {
        let path = entry?.path();
        let is_shared = path.file_stem().is_some_and(|stem| stem == "support");
        if !is_shared && (has_ending(&path, "py") || has_ending(&path, "mjs")) {
            scripts.push(path);
        }
    }
    if scripts.is_empty() {
        bail!("{FOLDER} holds no script");
    }
    scripts.sort();
    Ok(scripts)
}

fn has_ending(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|ending| ending == wanted)
}

/// A sandbox on a free port, ended when it is dropped.
struct Sandbox {
    process: Child,
    url: String,
    platforms: Vec<String>,
}

impl Sandbox {
    fn start() -> Result<Self> {
        let mut command = Command::new(BINARY);
        command.args(["sandbox", "--port", "0", "--json"]).stdout(Stdio::piped());
        // The program reads every FANFARE_ variable as a setting; a test wants the defaults.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("FANFARE_") {
                command.env_remove(name);
            }
        }
        let process = command.spawn().with_context(|| format!("cannot start {BINARY}"))?;
        let mut sandbox = Self { process, url: String::new(), platforms: Vec::new() };
        let mut line = String::new();
        let output = sandbox.process.stdout.take().context("the sandbox has no output")?;
        BufReader::new(output).read_line(&mut line).context("the sandbox cannot be read")?;
        let ready: Value = serde_json::from_str(&line).context("the sandbox did not say that it is ready")?;
        ready["sandbox_url"].as_str().context("the sandbox names no address")?.clone_into(&mut sandbox.url);
        let named = ready["platforms"].as_array().into_iter().flatten();
        sandbox.platforms = named.filter_map(Value::as_str).map(str::to_owned).collect();
        Ok(sandbox)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
