//! A small disk of the run's own that can be filled up.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

const BALLAST: &str = "ballast";

/// A folder on a disk of limited size, where the system lets us mount one.
pub(crate) struct Disk {
    folder: PathBuf,
    is_mounted: bool,
}

impl Disk {
    /// Mounts a disk of this size at `folder`; falls back to a plain folder, which is never full.
    pub(crate) fn mount(folder: PathBuf, size_mib: u32) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size_mib}m,mode=0777"), "fanfare-chaos"])
            .arg(&folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        Ok(Self { folder, is_mounted: mounted.is_ok_and(|status| status.success()) })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether it can be filled without filling the machine's own disk.
    pub(crate) fn can_be_filled(&self) -> bool {
        self.is_mounted
    }

    /// Takes all the space that is left.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut ballast = File::create(self.folder.join(BALLAST)).context("cannot make the ballast")?;
        for size in [1 << 20, 4096, 1] {
            let block = vec![0_u8; size];
            while ballast.write_all(&block).is_ok() {}
        }
        Ok(())
    }

    /// Copies what is on it to a folder that stays.
    pub(crate) fn keep(&self, folder: &Path) {
        let _ = Command::new("cp").arg("-r").arg(&self.folder).arg(folder).stderr(Stdio::null()).status();
    }

    /// Gives the space back.
    pub(crate) fn relieve(&self) {
        let _ = std::fs::remove_file(self.folder.join(BALLAST));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.is_mounted {
            // Lazily: whatever still has a file open there does not keep it.
            let _ = Command::new("umount").arg("-l").arg(&self.folder).stderr(Stdio::null()).status();
        }
    }
}
