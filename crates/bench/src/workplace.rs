//! Where the databases of a run lie: beside the binaries, so that the disk is a real one and
//! nothing is left in the repository.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::database::Kind;
use crate::stopwatch::{as_ms, median, now};

/// A folder that goes when this is dropped, and the programs under measurement.
pub(crate) struct Workplace {
    root: PathBuf,
    /// The server's binary.
    pub(crate) fanfare: PathBuf,
    /// The S3 server's binary.
    pub(crate) s3: PathBuf,
    /// This binary.
    pub(crate) bench: PathBuf,
    /// On which databases to measure.
    kinds: Vec<Kind>,
}

impl Workplace {
    /// Makes it, for measurements on these databases.
    pub(crate) fn make(kinds: Vec<Kind>) -> Result<Self> {
        let bench = std::env::current_exe().context("cannot tell where this program is")?;
        let binaries = bench.parent().context("this program is in no folder")?.to_owned();
        let fanfare = binaries.join(format!("fanfare{}", std::env::consts::EXE_SUFFIX));
        if !fanfare.exists() {
            bail!("{} is missing; use `cargo xtask bench`, which builds it", fanfare.display());
        }
        let s3 = binaries.join(format!("fanfare-s3{}", std::env::consts::EXE_SUFFIX));
        let root = binaries.join(format!("bench-data-{}", std::process::id()));
        std::fs::create_dir_all(&root).with_context(|| format!("cannot make {}", root.display()))?;
        Ok(Self { root, fanfare, s3, bench, kinds })
    }

    /// The databases to measure on.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.clone().into_iter()
    }

    /// A folder for one database.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.root.join(name);
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(path)
    }

    /// The folder's name beside the binaries, for the report.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What a durable write of 4 KiB costs here, in milliseconds: the floor of every commit.
    pub(crate) fn sync_ms(&self) -> Result<f64> {
        let path = self.root.join("sync");
        let mut file = File::create(&path)?;
        let mut times = Vec::new();
        for _ in 0..100 {
            let started = now();
            file.write_all(&[0x5a; 4096])?;
            file.sync_data()?;
            times.push(as_ms(started.elapsed()));
        }
        std::fs::remove_file(&path)?;
        Ok(median(times))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}
