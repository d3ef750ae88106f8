//! Evidence for the S3 server of the tests: Amazon's own client library is run against it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::install;
use crate::test::step;

const FOLDER: &str = "tests/s3";
const BINARY: &str = "target/debug/fanfare-s3";

/// Builds the server and runs the script against it.
pub(crate) fn build_and_run() -> Result<()> {
    step("the S3 server", Command::new("cargo").args(["build", "--package", "fanfare-s3"]))?;
    run()
}

/// Runs the script against the server that is built.
pub(crate) fn run() -> Result<()> {
    install::python_packages("Amazon's client", &format!("{FOLDER}/requirements.txt"))?;
    println!("\n== Amazon's client against the S3 server");
    let folder = std::env::temp_dir().join(format!("fanfare-s3-{}", std::process::id()));
    let outcome = Server::start(&folder).and_then(|server| server.check());
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

/// The server, ended when it is dropped.
struct Server {
    process: Child,
    ready: Value,
}

impl Server {
    fn start(folder: &std::path::Path) -> Result<Self> {
        let mut command = Command::new(BINARY);
        command.arg("--folder").arg(folder).stdout(Stdio::piped());
        let process = command.spawn().with_context(|| format!("cannot start {BINARY}"))?;
        let mut server = Self { process, ready: Value::Null };
        let output = server.process.stdout.take().context("the S3 server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).context("the S3 server cannot be read")?;
        server.ready = serde_json::from_str(&line).context("the S3 server did not say that it is ready")?;
        Ok(server)
    }

    fn check(&self) -> Result<()> {
        let text = |name: &str| self.ready[name].as_str().unwrap_or_default();
        let status = Command::new(install::PYTHON)
            .arg(format!("{FOLDER}/s3_boto3.py"))
            .env("AWS_ENDPOINT_URL_S3", text("endpoint"))
            .env("AWS_DEFAULT_REGION", text("region"))
            .env("AWS_ACCESS_KEY_ID", text("access_key_id"))
            .env("AWS_SECRET_ACCESS_KEY", text("secret_access_key"))
            .env("BUCKET", text("bucket"))
            .status()
            .context("cannot run the script")?;
        if status.success() { Ok(()) } else { bail!("{FOLDER}/s3_boto3.py met a wrong answer") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
