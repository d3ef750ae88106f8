//! A private PostgreSQL server in a temporary folder, for tests, chaos runs and measurements.
//!
//! Owns finding the server's programs, starting, killing and removing it. Must not know what is
//! stored in it: it deals in URLs. Development only.

mod programs;

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use programs::Programs;

/// How long the server may take to answer after a start, which replays its log after a kill.
const READY_IN: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// How often a server that gave up is started again.
const STARTS: u32 = 100;

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing needs to outlive a kill of the machine: commits do not wait for the disk.
    Fast,
    /// As in production: a commit is on the disk when it is acknowledged.
    Full,
}

impl Durability {
    const fn settings(self) -> &'static [&'static str] {
        match self {
            // Many small databases that live for seconds: what is for a later recovery is left away.
            Self::Fast => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
                "wal_level=minimal",
                "max_wal_senders=0",
            ],
            Self::Full => &["fsync=on", "synchronous_commit=on"],
        }
    }
}

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Postgres {
    programs: Programs,
    folder: PathBuf,
    port: u16,
    durability: Durability,
    settings: Vec<String>,
    child: Mutex<Option<Child>>,
    databases: AtomicU32,
}

impl Postgres {
    /// Starts a server on a free port of the loopback address.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or the server does not come up.
    pub fn start(durability: Durability) -> io::Result<Self> {
        Self::start_with(durability, &[])
    }

    /// Starts a server with further settings, each as `name=value`.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or the server does not come up.
    pub fn start_with(durability: Durability, settings: &[&str]) -> io::Result<Self> {
        let programs = Programs::find()?;
        let folder = new_folder()?;
        programs.own(&folder)?;
        let data = folder.join("data");
        programs.run(
            "initdb",
            &["--auth=trust", "--username=fanfare", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"],
            &data,
        )?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let server = Self {
            programs,
            folder,
            port,
            durability,
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
            child: Mutex::new(None),
            databases: AtomicU32::new(0),
        };
        server.restart()?;
        Ok(server)
    }

    /// The server that every test of this process shares.
    ///
    /// # Panics
    /// When it cannot be started: install PostgreSQL (Debian: `postgresql`).
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| match Self::start(Durability::Fast) {
            Ok(server) => server,
            Err(error) => panic!("no private PostgreSQL: {error}"),
        })
    }

    /// The address of a database of this server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://fanfare@127.0.0.1:{}/{database}", self.port)
    }

    /// The port on the loopback address.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes an empty database and returns its address.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn create_database(&self) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// Makes a copy of `template`, which nobody may be connected to, and returns its address.
    ///
    /// # Errors
    /// When the server does not answer or the template is in use.
    pub fn clone_database(&self, template: &str) -> io::Result<String> {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))?;
        Ok(self.url(&name))
    }

    /// Runs one statement with `psql` and returns what it printed, unaligned and without headings.
    ///
    /// # Errors
    /// When the server does not answer or refuses the statement.
    pub fn execute(&self, database: &str, statement: &str) -> io::Result<String> {
        let output = self
            .programs
            .command("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .arg(self.url(database))
            .args(["-c", statement])
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// Kills the server and its sessions at once, as a power cut of the process would.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut child) = child.take() {
            // Sessions that outlive the server keep its memory in use.
            let sessions = programs::children(child.id());
            let _ = child.kill();
            let _ = Command::new("kill").arg("-KILL").args(sessions).stderr(Stdio::null()).status();
            let _ = child.wait();
        }
    }

    /// Starts the server again after [`Self::kill`]; it recovers from its log.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&self) -> io::Result<()> {
        self.kill();
        // A session that began while the server died may hold its memory for a moment longer.
        for _ in 0..STARTS {
            self.launch()?;
            if self.wait_until_ready()? {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Err(self.did_not_come_up())
    }

    fn launch(&self) -> io::Result<()> {
        let data = self.folder.join("data");
        let log = std::fs::File::create(self.folder.join("log"))?;
        let port = format!("port={}", self.port);
        let sockets = format!("unix_socket_directories={}", self.folder.display());
        let mut command = self.programs.server();
        command.arg("-D").arg(&data);
        let fixed = ["listen_addresses=127.0.0.1", "max_connections=200", &port, &sockets];
        let durability = self.durability.settings().iter().copied();
        let settings = fixed.into_iter().chain(durability).chain(self.settings.iter().map(String::as_str));
        for setting in settings {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child = programs::spawn_lasting(command)?;
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        Ok(())
    }

    /// `false` when the server gave up by itself.
    fn wait_until_ready(&self) -> io::Result<bool> {
        let looks = READY_IN.as_millis() / LOOK_EVERY.as_millis();
        for _ in 0..looks {
            if self.execute("postgres", "SELECT 1").is_ok() {
                return Ok(true);
            }
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            if child.as_mut().is_some_and(|child| child.try_wait().is_ok_and(|ended| ended.is_some())) {
                return Ok(false);
            }
            drop(child);
            std::thread::sleep(LOOK_EVERY);
        }
        Err(self.did_not_come_up())
    }

    fn did_not_come_up(&self) -> io::Error {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        io::Error::other(format!("PostgreSQL did not come up; its log:\n{log}"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A new folder, named after this process so that a later one can remove what a dead one left.
fn new_folder() -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let base = std::env::temp_dir();
    remove_leftovers(&base);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = base.join(format!("fanfare-pg-{}-{number}", std::process::id()));
    // What an earlier process of the same id left.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir(&folder)?;
    Ok(folder)
}

/// A shared server is never dropped: its processes end with this one, its folder stays behind.
fn remove_leftovers(base: &Path) {
    for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix("fanfare-pg-")?.split('-').next());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_committed_is_there_after_the_server_was_killed() {
        let server = Postgres::start(Durability::Full).unwrap();
        let url = server.create_database().unwrap();
        let name = url.rsplit('/').next().unwrap();
        server.execute(name, "CREATE TABLE kept (n INT); INSERT INTO kept VALUES (7)").unwrap();
        server.kill();
        assert!(server.execute(name, "SELECT 1").is_err(), "it is down");
        server.restart().unwrap();
        assert_eq!(server.execute(name, "SELECT n FROM kept").unwrap(), "7");
        let folder = server.folder.clone();
        drop(server);
        assert!(!folder.exists());
    }
}
