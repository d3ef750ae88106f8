//! Evidence for the emulators: public client libraries, written by others for the real platforms,
//! are run against a sandbox. Each script is a program of its own; the first wrong answer fails.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::install;
use crate::test::step;

const FOLDER: &str = "tests/emulators";
const BINARY: &str = "target/debug/fanfare";
/// Every script; its name begins with the platform that it needs.
const SCRIPTS: [&str; 9] = [
    "x_tweepy.py",
    "x_xdk.py",
    "x_twitter_api_v2.mjs",
    "linkedin_api_client.mjs",
    "facebook_sdk.py",
    "facebook_pyfacebook.py",
    "instagram_sdk.py",
    "instagram_pyfacebook.py",
    "threads_pythreads.py",
];

/// Builds the sandbox, then runs the scripts.
pub(crate) fn build_and_run() -> Result<()> {
    step("the server", Command::new("cargo").args(["build", "--package", "fanfare"]))?;
    run()
}

/// Runs the scripts, each against a fresh sandbox of the server that is built.
pub(crate) fn run() -> Result<()> {
    check_table()?;
    install::python_packages("the clients for Python", &format!("{FOLDER}/requirements.txt"))?;
    install::node_packages("the clients for JavaScript", FOLDER)?;
    println!("\n== public clients against the emulators");
    for script in SCRIPTS {
        let sandbox = Sandbox::start()?;
        let platform = script.split('_').next().unwrap_or_default();
        if !sandbox.platforms.iter().any(|emulated| emulated == platform) {
            bail!("{script} needs an emulated {platform}; there are {}", sandbox.platforms.join(", "));
        }
        let program = if has_ending(script, "py") { install::PYTHON } else { "node" };
        let status = Command::new(program)
            .arg(format!("{FOLDER}/{script}"))
            .env("FANFARE_SANDBOX_URL", &sandbox.url)
            .status()
            .with_context(|| format!("cannot run {script} with {program}"))?;
        if !status.success() {
            bail!("{script} met a wrong answer");
        }
    }
    println!("emulators: {} scripts passed", SCRIPTS.len());
    Ok(())
}

fn has_ending(name: &str, wanted: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == wanted)
}

/// A script that is in the folder and not in the table would never run.
fn check_table() -> Result<()> {
    for entry in std::fs::read_dir(FOLDER).context(FOLDER)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let is_script = has_ending(&name, "py") || has_ending(&name, "mjs");
        if is_script && !name.starts_with("support.") && !SCRIPTS.contains(&name.as_str()) {
            bail!("{FOLDER}/{name} is not in the table of xtask/src/emulators.rs, so it would never run");
        }
    }
    Ok(())
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
