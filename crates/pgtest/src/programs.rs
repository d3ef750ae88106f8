//! Where the server's programs are, and as whom they run: PostgreSQL refuses to run as root.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// The folder with `initdb`, `postgres` and `psql`.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    bin: PathBuf,
    /// The user that stands in for root.
    user: Option<&'static str>,
}

impl Programs {
    /// Looks in the folder that `pg_config` names, then where Debian puts them, newest first.
    pub(crate) fn find() -> io::Result<Self> {
        let named = Command::new("pg_config").arg("--bindir").output().ok();
        let named = named.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
        let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .collect();
        debian.sort();
        let bin = named
            .into_iter()
            .chain(debian.into_iter().rev())
            .find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
            .ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::NotFound,
                    "PostgreSQL's server programs are not installed (Debian: apt-get install postgresql)",
                )
            })?;
        let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
        Ok(Self { bin, user: is_root.then_some("postgres") })
    }

    /// A command that runs `program`.
    pub(crate) fn command(&self, program: &str) -> Command {
        let path = self.bin.join(program);
        match self.user {
            None => Command::new(path),
            Some(_) => self.as_user(&path, &[]),
        }
    }

    fn as_user(&self, path: &Path, options: &[&str]) -> Command {
        let mut command = Command::new("setpriv");
        if let Some(user) = self.user {
            command.arg(format!("--reuid={user}")).arg(format!("--regid={user}"));
            command.args(["--clear-groups", "--reset-env"]);
        }
        command.args(options).arg(path);
        command
    }

    /// A command that runs `postgres` and ends with this process, however that ends.
    pub(crate) fn server(&self) -> Command {
        self.as_user(&self.bin.join("postgres"), &["--pdeathsig", "KILL"])
    }

    /// Gives `folder` to the user that the server runs as.
    pub(crate) fn own(&self, folder: &Path) -> io::Result<()> {
        let Some(user) = self.user else { return Ok(()) };
        let status = Command::new("chown").arg(user).arg(folder).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other("chown failed")) }
    }

    /// Runs `program` on `path` to its end.
    pub(crate) fn run(&self, program: &str, arguments: &[&str], path: &Path) -> io::Result<()> {
        let output = self.command(program).args(arguments).arg(path).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// Starts a command. The death signal is tied to the thread that spawns, and a test's thread ends
/// with the test, so a lasting one does it.
pub(crate) fn spawn_lasting(mut command: Command) -> io::Result<Child> {
    let (result, started) = mpsc::channel();
    std::thread::Builder::new().name("pgtest".to_owned()).spawn(move || {
        let _ = result.send(command.spawn());
        loop {
            std::thread::park();
        }
    })?;
    started.recv().map_err(io::Error::other)?
}

/// The processes whose parent is `parent`.
pub(crate) fn children(parent: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let id = entry.file_name().into_string().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // The second field is a name in brackets, which may hold anything.
            let after_name = stat.rsplit_once(") ")?.1;
            let of = after_name.split(' ').nth(1)?.parse::<u32>().ok()?;
            (of == parent).then_some(id)
        })
        .collect()
}
