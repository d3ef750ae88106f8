//! The programs under measurement, each in a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::seed::ENCRYPTION_KEY;
use crate::stopwatch::now;
use crate::workplace::Workplace;
use crate::{bare_accounts, load};

/// Nothing listens there: whatever the publish loop might send stays on the machine.
const NO_PLATFORM: &str = "http://127.0.0.1:9";
const NO_LIMIT: &str = "1000000000";
const STARTS_IN: Duration = Duration::from_secs(30);
const STOPS_IN: Duration = Duration::from_secs(20);

/// A running program. Ended when this is dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    log: Option<PathBuf>,
    /// From the start of the process to the first answer.
    pub(crate) started_in: Duration,
}

impl Running {
    /// `fanfare serve` on a data folder, once it answers `GET /healthz`. Its log goes to a file.
    pub(crate) async fn fanfare(workplace: &Workplace, data_dir: &Path) -> Result<Self> {
        Self::fanfare_with(workplace, data_dir, &[]).await
    }

    /// The same with further settings.
    pub(crate) async fn fanfare_with(
        workplace: &Workplace,
        data_dir: &Path,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        Self::fanfare_to(workplace, data_dir, NO_PLATFORM, settings).await
    }

    /// The same with a sandbox that stands for every platform.
    pub(crate) async fn fanfare_to(
        workplace: &Workplace,
        data_dir: &Path,
        sandbox_url: &str,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let address = free_address()?;
        let log = data_dir.join("serve.log");
        let mut command = Command::new(&workplace.fanfare);
        command
            .args(["serve", "--listen", &address.to_string(), "--sandbox-url", sandbox_url, "--data-dir"])
            .arg(data_dir)
            .env("FANFARE_ENCRYPTION_KEY", ENCRYPTION_KEY)
            .env("NO_COLOR", "1")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?);
        for limit in [
            "REQUESTS_PER_MINUTE",
            "REQUESTS_PER_HOUR",
            "POSTS_PER_MINUTE",
            "POSTS_PER_HOUR",
            "POSTS_PER_DAY",
        ] {
            command.env(format!("FANFARE_LIMITS__{limit}"), NO_LIMIT);
        }
        let started = now();
        let child = command.spawn().context("cannot start the server")?;
        let mut running = Self { child, address, log: Some(log), started_in: Duration::ZERO };
        running.wait_until_healthy().await?;
        running.started_in = started.elapsed();
        Ok(running)
    }

    /// The bare server of the accounts in `database`.
    pub(crate) fn bare_accounts(workplace: &Workplace, database: &Path) -> Result<Self> {
        let started = now();
        let mut child = Command::new(&workplace.bench)
            .arg(bare_accounts::WORD)
            .arg(database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the bare server")?;
        let output = child.stdout.take().context("the bare server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().parse().context("the bare server did not tell its address")?;
        Ok(Self { child, address, log: None, started_in: started.elapsed() })
    }

    /// A program that says on its first line of output, in JSON, where it is: under the name `field`.
    /// Gives the address as text.
    pub(crate) fn announced(command: &mut Command, field: &str) -> Result<(Self, String)> {
        let started = now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {command:?}"))?;
        let output = child.stdout.take().context("a program has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let ready: serde_json::Value = serde_json::from_str(&line).context("a program did not start")?;
        let url = ready[field].as_str().context("a program did not tell its address")?.to_owned();
        let address = url.trim_start_matches("http://").parse().context("an address is none")?;
        Ok((Self { child, address, log: None, started_in: started.elapsed() }, url))
    }

    async fn wait_until_healthy(&mut self) -> Result<()> {
        let request = load::request("GET", "/healthz", "none", "");
        let started = now();
        loop {
            if let Ok(answer) = load::ask(self.address, &request).await {
                if answer.status == 200 {
                    return Ok(());
                }
                bail!("GET /healthz answers {}", answer.status);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.last_words());
            }
            if started.elapsed() > STARTS_IN {
                bail!("the server does not answer:\n{}", self.last_words());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn last_words(&self) -> String {
        let text = self.log.as_ref().and_then(|log| std::fs::read_to_string(log).ok()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(10).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Memory that is held now, in MiB.
    pub(crate) fn resident_mib(&self) -> Result<f64> {
        self.memory_mib("VmRSS:")
    }

    /// The most memory that was ever held, in MiB.
    pub(crate) fn peak_mib(&self) -> Result<f64> {
        self.memory_mib("VmHWM:")
    }

    fn memory_mib(&self, name: &str) -> Result<f64> {
        let status = self.proc("status")?;
        let kib: u32 = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.trim().strip_suffix("kB"))
            .and_then(|kib| kib.trim().parse().ok())
            .with_context(|| format!("{name} is missing from /proc"))?;
        Ok(f64::from(kib) / 1024.0)
    }

    /// Processor time that was used so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let stat = self.proc("stat")?;
        // The program's name, in brackets, may hold spaces.
        let (_, rest) = stat.rsplit_once(") ").context("/proc/…/stat has another form")?;
        let ticks = |at: usize| -> Option<u32> { rest.split(' ').nth(at)?.parse().ok() };
        let (user, system) = ticks(11).zip(ticks(12)).context("/proc/…/stat has another form")?;
        // Linux shows these in hundredths of a second on every machine.
        Ok((f64::from(user) + f64::from(system)) / 100.0)
    }

    fn proc(&self, name: &str) -> Result<String> {
        let path = format!("/proc/{}/{name}", self.child.id());
        let mut text = String::new();
        File::open(&path)
            .and_then(|mut file| file.read_to_string(&mut text))
            .with_context(|| format!("cannot read {path}; memory and processor time need Linux"))?;
        Ok(text)
    }

    /// Asks the program to end, and waits for it.
    pub(crate) fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            bail!("cannot ask the server to end");
        }
        let since = now();
        while since.elapsed() < STOPS_IN {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("the server ended with {status}:\n{}", self.last_words()),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        bail!("the server does not end:\n{}", self.last_words())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("cannot find a free port")?;
    Ok(listener.local_addr()?)
}
