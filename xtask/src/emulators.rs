//! The emulators under clients that others wrote: each script in `tests/emulators` drives one public
//! client library against a running sandbox, and ends with an error on a wrong answer.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::test::{VENV, install_packages, make_venv, step};

const FOLDER: &str = "tests/emulators";
const REQUIREMENTS: &str = "tests/emulators/requirements.txt";

/// Installs the clients, starts a sandbox and runs every script against it.
pub(crate) fn run() -> Result<()> {
    install_clients()?;
    let sandbox = Sandbox::start()?;
    let mut count = 0;
    for script in scripts()? {
        let runs_in_node = script.extension().is_some_and(|extension| extension == "mjs");
        let python = format!("{VENV}/bin/python");
        let mut command = Command::new(if runs_in_node { "node" } else { &*python });
        command.arg(&script).env("FANFARE_SANDBOX_URL", &sandbox.url);
        step(&format!("{}", script.display()), &mut command)?;
        count += 1;
    }
    println!("{count} clients found nothing wrong");
    Ok(())
}

fn install_clients() -> Result<()> {
    if Path::new(FOLDER).join("package.json").exists() {
        install_packages("install the platforms' clients for Node", FOLDER)?;
    }
    make_venv()?;
    // What was installed last, so that a changed list is installed again.
    let installed = Path::new(VENV).join("emulators-requirements.txt");
    let wanted = std::fs::read(REQUIREMENTS).context(REQUIREMENTS)?;
    if std::fs::read(&installed).is_ok_and(|last| last == wanted) {
        return Ok(());
    }
    let mut install = Command::new(format!("{VENV}/bin/pip"));
    install.args(["install", "--quiet", "--requirement", REQUIREMENTS]);
    step("install the platforms' clients for Python", &mut install)?;
    std::fs::write(installed, wanted)?;
    Ok(())
}

fn scripts() -> Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for entry in std::fs::read_dir(FOLDER)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py" || extension == "mjs") {
            scripts.push(path);
        }
    }
    if scripts.is_empty() {
        bail!("{FOLDER} holds no script");
    }
    scripts.sort();
    Ok(scripts)
}

/// A sandbox on a free port; ends with this.
struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    fn start() -> Result<Self> {
        let mut command = Command::new("target/debug/fanfare");
        command.args(["sandbox", "--port", "0", "--json"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().context("cannot start the sandbox")?;
        let output = child.stdout.take().context("the sandbox has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let url = line
            .split('"')
            .find(|piece| piece.starts_with("http://"))
            .context("the sandbox did not say where it is")?
            .to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
