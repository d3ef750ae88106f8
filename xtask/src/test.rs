//! Every test. Installs what is missing.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use crate::install;

const BROWSER: &str = "tests/browser";
const CLIENTS: &str = "tests/clients";
const DASHBOARD: &str = "web";
const DASHBOARD_TESTS: &str = "tests/dashboard";
const PDS: &str = "tests/pds";
const SCHEMATHESIS: &str = "tests/contract/requirements.txt";
/// As `cargo clippy` hands `-D warnings` on.
const WARNINGS_ARE_ERRORS: &str = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
/// The suites that work on whichever database they are told.
const ON_POSTGRES: [&str; 3] = ["api", "publish", "sweep"];

/// This program as it was built with everything else: the file that runs now was replaced then.
const ITSELF: &str = "target/debug/xtask";
/// What is said by what runs beside.
const SAID_BY_TOOLS: &str = "target/test-tools.log";
const SAID_BY_PROGRAMS: &str = "target/test-programs.log";

/// Runs everything. What calls finished programs runs beside what is compiled into tests: both wait
/// much of their time.
pub(crate) fn run() -> Result<()> {
    prepare()?;
    let programs = Beside::start(Path::new(ITSELF), "programs", SAID_BY_PROGRAMS)?;
    let suites = suites();
    let programs = programs.end();
    suites?;
    programs
}

/// Everything built. Meanwhile what is tested with is fetched, which waits for others' servers, and the
/// dashboard's pages are made.
fn prepare() -> Result<()> {
    let itself = std::env::current_exe().context("this program")?;
    let tools = Beside::start(&itself, "tools", SAID_BY_TOOLS)?;
    let built = build();
    let tools = tools.end();
    built?;
    tools?;
    everything("everything is built, with the pages")
}

/// What finds a mistake most cheaply comes first.
fn build() -> Result<()> {
    step("format", Command::new("cargo").args(["fmt", "--all", "--check"]))?;
    step("repository checks", Command::new("cargo").args(["xtask", "check"]))?;
    everything("everything is linted and built")
}

/// All programs and tests, so that what runs them later builds nothing again.
fn everything(what: &str) -> Result<()> {
    step(what, compiling("build").arg("--all-targets"))
}

/// Cargo with the whole workspace. The lints are those of `cargo clippy`, given by the compiler that builds:
/// a pass of their own would compile every dependency once more.
fn compiling(subcommand: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args([subcommand, "--workspace", "--all-features"]);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", WARNINGS_ARE_ERRORS);
    cargo
}

/// A part of the tests in a process of its own.
struct Beside {
    part: &'static str,
    process: Child,
    said: &'static str,
}

impl Beside {
    fn start(program: &Path, part: &'static str, said: &'static str) -> Result<Self> {
        let file = File::create(said).with_context(|| format!("{said} cannot be written"))?;
        let process = Command::new(program)
            .args(["test", part])
            .stdout(file.try_clone().context("a second handle")?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{part} cannot be started"))?;
        Ok(Self { part, process, said })
    }

    /// Waits, and shows what was said.
    fn end(mut self) -> Result<()> {
        let Self { part, said, .. } = self;
        let status = self.process.wait().with_context(|| part.to_owned())?;
        println!("{}", std::fs::read_to_string(said).with_context(|| format!("{said} cannot be read"))?);
        if status.success() { Ok(()) } else { bail!("{part} failed") }
    }
}

/// What the tests need, and the dashboard's own checks.
pub(crate) fn tools() -> Result<()> {
    install::node_packages("what builds the dashboard", DASHBOARD)?;
    dashboard(&["build", "size", "lint", "test"])?;
    install_pds()?;
    install_postgres()?;
    crate::wordpress::install()?;
    install_converters()?;
    install_clients()?;
    install_browser()?;
    install::node_packages("what works with the dashboard", DASHBOARD_TESTS)?;
    install::python_packages("schemathesis", SCHEMATHESIS)
}

/// The tests that are compiled, on every store.
pub(crate) fn suites() -> Result<()> {
    let testing = || {
        let mut command = compiling("test");
        command.arg("--no-fail-fast");
        command
    };
    let mut all = testing();
    step("unit and integration tests", all.env("REQUIRE_BLUESKY_PDS", "1").env("REQUIRE_WORDPRESS", "1"))?;
    let mut on_postgres = testing();
    for suite in ON_POSTGRES {
        on_postgres.args(["--test", suite]);
    }
    step("the same suites on PostgreSQL", on_postgres.env("TEST_STORE", "postgres"))?;
    let mut on_s3 = testing();
    on_s3.args(["--test", "api", "--", "media", "copies"]);
    step("the library's suites on S3", on_s3.env("TEST_MEDIA", "s3"))
}

/// The tests that start what was built, as its users do.
pub(crate) fn programs() -> Result<()> {
    let no_drift = ["run", "--silent", "api:check"];
    step("the dashboard's types", Command::new("npm").args(no_drift).current_dir(DASHBOARD))?;
    clients()?;
    step("the pages in a browser", Command::new("npm").args(["test", "--silent"]).current_dir(BROWSER))?;
    let people = ["test", "--silent"];
    step("the dashboard in a browser", Command::new("npm").args(people).current_dir(DASHBOARD_TESTS))?;
    crate::emulators::run()?;
    crate::s3::run()?;
    step("the OpenAPI document", Command::new(install::PYTHON).arg("tests/contract/run.py"))?;
    crate::chaos::smoke()
}

/// Scripts of the dashboard.
fn dashboard(scripts: &[&str]) -> Result<()> {
    for script in scripts {
        let mut npm = Command::new("npm");
        npm.args(["run", "--silent", script]).current_dir(DASHBOARD);
        step(&format!("the dashboard: {script}"), &mut npm)?;
    }
    Ok(())
}

/// The official clients, and the programs that the documentation's examples call.
fn install_clients() -> Result<()> {
    install::node_packages("the official clients", CLIENTS)?;
    install::python_packages("what the examples import", "tests/clients/requirements.txt")?;
    if !["curl", "jq"].iter().all(|program| is_there(program)) {
        step("update the package lists", Command::new("apt-get").args(["update", "--quiet"]))?;
        let mut install = Command::new("apt-get");
        install.args(["install", "--yes", "--quiet", "--no-install-recommends", "curl", "jq"]);
        step("install curl and jq", &mut install)?;
    }
    Ok(())
}

/// The official clients, and the documentation's examples.
fn clients() -> Result<()> {
    let python = std::env::current_dir().context("this folder")?.join(install::PYTHON);
    let mut clients = Command::new("npm");
    clients.args(["test", "--silent"]).current_dir(CLIENTS).env("PYTHON", python);
    step("the official clients", &mut clients)
}

fn install_pds() -> Result<()> {
    if Path::new(PDS).join("node_modules").exists() {
        return Ok(());
    }
    needs("node")?;
    // The PDS compiles its SQLite binding; the headers that came with Node spare it a download.
    let node = Command::new("node").args(["-p", "process.execPath"]).output().context("node")?;
    let node = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    let prefix = Path::new(&node).parent().and_then(Path::parent).unwrap_or_else(|| Path::new("/usr"));
    let mut install = Command::new("npm");
    install.args(["ci", "--no-audit", "--no-fund"]).current_dir(PDS).env("npm_config_nodedir", prefix);
    step("install the Bluesky server", &mut install)
}

/// The tests start a private server; the one that the package starts is left alone.
fn install_postgres() -> Result<()> {
    let is_there = Path::new("/usr/lib/postgresql").exists()
        || Command::new("initdb").arg("--version").output().is_ok_and(|output| output.status.success());
    if is_there {
        return Ok(());
    }
    step("update the package lists", Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", "postgresql"]);
    step("install PostgreSQL", &mut install)
}

/// Videos and HEIC images are converted by programs of their own.
pub(crate) fn install_converters() -> Result<()> {
    let starts = |program: &str| Command::new(program).arg("-h").output().is_ok();
    if starts("ffmpeg") && starts("heif-convert") {
        return Ok(());
    }
    step("update the package lists", Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", "ffmpeg", "libheif-examples"]);
    step("install ffmpeg and heif-convert", &mut install)
}

/// A browser is driven; the package brings none.
fn install_browser() -> Result<()> {
    install::node_packages("what drives a browser", BROWSER)?;
    let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    if std::env::var_os("CHROMIUM").is_some() || names.iter().any(|name| Path::new(name).exists()) {
        return Ok(());
    }
    step("update the package lists", Command::new("apt-get").args(["update", "--quiet"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet", "--no-install-recommends", "chromium"]);
    step("install Chromium", &mut install)
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn needs(program: &str) -> Result<()> {
    if is_there(program) { Ok(()) } else { bail!("{program} is needed; install it and try again") }
}

/// Runs a command, saying what it is for and how long it took.
#[expect(clippy::disallowed_methods, reason = "how long a step took is only shown")]
pub(crate) fn step(what: &str, command: &mut Command) -> Result<()> {
    println!("\n== {what}");
    let began = Instant::now();
    let status = command.status().with_context(|| format!("{what}: cannot run {command:?}"))?;
    println!("== {what}: {} s", began.elapsed().as_secs());
    if status.success() { Ok(()) } else { bail!("{what} failed") }
}
