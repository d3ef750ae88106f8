//! The data folder: who may use it, and the key that encrypts what is in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use net::Entropy;
use store::Keyring;

/// Where things are in the data folder.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

/// Held by the one process that runs the publish loop on a data folder.
pub(crate) struct WorkerLock {
    _file: File,
}

impl DataDir {
    /// The folder at `path`, made if it is not there.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path)
            .with_context(|| format!("cannot make the data folder {}", path.display()))?;
        Ok(Self(path.to_owned()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("fanfare.db")
    }

    pub(crate) fn media(&self) -> PathBuf {
        self.0.join("media")
    }

    /// Takes the folder for this process's publish loop.
    pub(crate) fn lock(&self) -> Result<WorkerLock> {
        let path = self.0.join("worker.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(WorkerLock { _file: file }),
            Err(TryLockError::WouldBlock) => bail!(
                "another Fanfare server runs on {}; stop it or choose another --data-dir",
                self.0.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.0.join("encryption.key")
    }

    /// The configured key, or the stored one if there is one.
    pub(crate) fn key(&self, configured: &str) -> Result<Option<[u8; 32]>> {
        if !configured.is_empty() {
            return read_key(configured).context("encryption_key").map(Some);
        }
        let path = self.key_file();
        match std::fs::read_to_string(&path) {
            Ok(text) => read_key(text.trim()).with_context(|| format!("{}", path.display())).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Moves the SQLite database, where there is one, into a folder beside it, and says where.
    pub(crate) fn set_database_aside(&self, name: &str) -> Result<Option<PathBuf>> {
        if !self.database().exists() {
            return Ok(None);
        }
        let folder = self.0.join(name);
        let moves = || -> std::io::Result<()> {
            std::fs::create_dir_all(&folder)?;
            // The log belongs to the file: with another one it would be wrong.
            for file in ["fanfare.db-shm", "fanfare.db-wal", "fanfare.db"] {
                match std::fs::rename(self.0.join(file), folder.join(file)) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            sync_folder(&self.0)
        };
        moves().with_context(|| format!("cannot move the database to {}", folder.display()))?;
        Ok(Some(folder))
    }

    /// The encryption key: the configured one, or the one in `encryption.key`, which is made on
    /// first use and readable by its owner only.
    pub(crate) fn keyring(&self, configured: &str, entropy: &dyn Entropy) -> Result<Keyring> {
        if !configured.is_empty() {
            return read_key(configured).context("encryption_key").map(Keyring::new);
        }
        let path = self.key_file();
        let mut text = String::new();
        match File::open(&path) {
            Ok(mut file) => {
                file.read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                text = new_key(entropy);
                write_private(&path, text.as_bytes())?;
            }
            Err(error) => return Err(error).with_context(|| format!("cannot open {}", path.display())),
        }
        read_key(text.trim()).with_context(|| format!("{}", path.display())).map(Keyring::new)
    }
}

/// Writes a file that only its owner may read. On the disk when this returns.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let write = || -> std::io::Result<()> {
        let mut file = options.open(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Makes renames in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened, and renames are durable without.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// A key as it stands in its file.
pub(crate) fn key_text(key: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(65);
    for byte in key {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    text
}

fn new_key(entropy: &dyn Entropy) -> String {
    let mut key = [0; 32];
    entropy.fill(&mut key);
    key_text(&key)
}

fn read_key(text: &str) -> Result<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        bail!("an encryption key is 64 hexadecimal characters");
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16)
            .context("an encryption key is 64 hexadecimal characters")?;
    }
    Ok(key)
}
