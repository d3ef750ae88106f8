//! A folder for the files of one piece of work; gone when the work ends, however it ends.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// No work takes so long.
const OLD: Duration = Duration::from_hours(24);

/// Tells the folders of one process apart.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The folder.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// In the system's folder for such.
    pub(crate) fn new() -> std::io::Result<Self> {
        Self::make(&std::env::temp_dir().join("fanfare-work"))
    }

    /// In a folder of its own in `root`.
    pub(crate) fn within(root: &Path) -> std::io::Result<Self> {
        Self::make(&root.join("work"))
    }

    fn make(root: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(root)?;
        forget_old(root)?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder = root.join(format!("{}-{number}", std::process::id()));
        // What a process of the same number left behind.
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.join(name)
    }
}

/// Removes what killed processes left behind.
fn forget_old(root: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        // Another process may have removed it by now.
        let age =
            entry.metadata().and_then(|facts| facts.modified()).ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > OLD) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a temporary folder cannot be removed");
        }
    }
}
