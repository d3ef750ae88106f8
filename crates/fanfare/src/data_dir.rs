//! The data folder: who may use it, and the key that encrypts what is in it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use net::Entropy;
use store::{KeySet, Keyring};

/// Where things are in the data folder.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(PathBuf);

/// Held by the one process that runs the publish loop on a data folder.
pub(crate) struct WorkerLock {
    _file: File,
}

impl DataDir {
    /// The folder at `path`, made if it is not there, and then for its owner only.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if path.is_file() {
            bail!(
                "{} is a file; the data folder must be a folder: choose one with --data-dir",
                path.display()
            );
        }
        make_private_folder(path).with_context(|| {
            format!("cannot make the data folder {}; choose another with --data-dir", path.display())
        })?;
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
        self.lock_file("worker.lock", "another Fanfare server runs")
    }

    /// Takes the keys for this process to replace.
    pub(crate) fn lock_keys(&self) -> Result<WorkerLock> {
        self.lock_file("keys.lock", "another command replaces the encryption key")
    }

    fn lock_file(&self, name: &str, taken: &str) -> Result<WorkerLock> {
        let path = self.0.join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| cannot("write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(WorkerLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!("{taken} on {}; stop it or choose another --data-dir", self.0.display())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.0.join("encryption.key")
    }

    /// The configured keys, or the stored ones if there are any.
    pub(crate) fn key(&self, configured: &str) -> Result<Option<KeySet>> {
        if !configured.is_empty() {
            return KeySet::parse(configured).context("encryption_key").map(Some);
        }
        let path = self.key_file();
        match std::fs::read_to_string(&path) {
            Ok(text) => KeySet::parse(&text).with_context(|| format!("{}", path.display())).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| cannot("read", &path)),
        }
    }

    /// Keeps these keys in place of the stored ones. On the disk when this returns.
    pub(crate) fn write_keys(&self, keys: &KeySet) -> Result<()> {
        write_private(&self.key_file(), keys.to_text().as_bytes())?;
        sync_folder(&self.0).with_context(|| format!("cannot write {}", self.0.display()))
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

    /// The encryption keys: the configured ones, or those in `encryption.key`, which is made on
    /// first use and readable by its owner only. A change of that file is noticed.
    pub(crate) fn keyring(&self, configured: &str, entropy: &dyn Entropy) -> Result<Keyring> {
        let keys = if let Some(keys) = self.key(configured)? {
            keys
        } else {
            let keys = KeySet::single(new_key(entropy));
            self.write_keys(&keys)?;
            keys
        };
        if !configured.is_empty() {
            return Ok(Keyring::of(&keys));
        }
        let path = self.key_file();
        Ok(Keyring::following(&keys, move || KeySet::parse(&std::fs::read_to_string(&path).ok()?).ok()))
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
    write().with_context(|| cannot("write", path))
}

/// Makes a folder, with those above it that are missing, that only its owner may look into. One that is there
/// stays as it is.
pub(crate) fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

fn cannot(act: &str, path: &Path) -> String {
    format!("cannot {act} {}, which the user that runs Fanfare must be able to", path.display())
}

/// Makes renames in a folder durable.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened, and renames are durable without.
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// 32 random bytes.
pub(crate) fn new_key(entropy: &dyn Entropy) -> [u8; 32] {
    let mut key = [0; 32];
    entropy.fill(&mut key);
    key
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_new_data_folder_is_its_owners_and_an_old_one_stays_as_it_is() {
        let above = std::env::temp_dir().join(format!("fanfare-data-dir-{}", std::process::id()));
        std::fs::create_dir(&above).unwrap();
        std::fs::set_permissions(&above, std::fs::Permissions::from_mode(0o750)).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        DataDir::open(&above).unwrap();
        DataDir::open(&above.join("new")).unwrap();
        assert_eq!((mode(&above), mode(&above.join("new"))), (0o750, 0o700));
        std::fs::remove_dir_all(&above).unwrap();
    }
}
