//! Media bytes by their SHA-256: files of the data folder, or memory.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::error::SandboxError;
use super::lock;

/// The stored bytes.
pub(crate) enum Blobs {
    /// Kept until the process ends.
    Memory(Mutex<HashMap<String, Bytes>>),
    /// One file for each.
    Folder(PathBuf),
}

impl Blobs {
    pub(crate) fn in_memory() -> Self {
        Self::Memory(Mutex::default())
    }

    pub(crate) fn in_folder(folder: PathBuf) -> Result<Self, SandboxError> {
        std::fs::create_dir_all(&folder)
            .map_err(|source| SandboxError::File { path: folder.clone(), source })?;
        Ok(Self::Folder(folder))
    }

    /// Stores `bytes`; the answer is their SHA-256 in lower-case hex.
    pub(crate) fn put(&self, bytes: &Bytes) -> Result<String, SandboxError> {
        let name = sha256_hex(bytes);
        match self {
            Self::Memory(blobs) => {
                lock(blobs).insert(name.clone(), bytes.clone());
            }
            Self::Folder(folder) => {
                let path = folder.join(&name);
                if !path.exists() {
                    // Renamed into place, so that a kill never leaves half a blob under its name.
                    let fresh = fresh(folder, &name);
                    std::fs::write(&fresh, bytes)
                        .and_then(|()| std::fs::rename(&fresh, &path))
                        .map_err(|source| SandboxError::File { path, source })?;
                }
            }
        }
        Ok(name)
    }

    /// Stores what these blobs are together, as one; in a folder without holding it.
    pub(crate) fn join(&self, pieces: &[String]) -> Result<String, SandboxError> {
        let pieces = || pieces.iter().map(|piece| self.get(piece).unwrap_or_default());
        let Self::Folder(folder) = self else {
            return self.put(&pieces().collect::<Vec<Bytes>>().concat().into());
        };
        let mut hash = Sha256::new();
        pieces().for_each(|piece| hash.update(&piece));
        let name = hex(&hash.finalize());
        let path = folder.join(&name);
        if path.exists() {
            return Ok(name);
        }
        let fresh = fresh(folder, &name);
        let write = || {
            let mut file = std::fs::File::create(&fresh)?;
            pieces().try_for_each(|piece| file.write_all(&piece))?;
            std::fs::rename(&fresh, &path)
        };
        write().map_err(|source| SandboxError::File { path: path.clone(), source })?;
        Ok(name)
    }

    /// The bytes of this SHA-256, if they were stored.
    pub(crate) fn get(&self, sha256: &str) -> Option<Bytes> {
        match self {
            Self::Memory(blobs) => lock(blobs).get(sha256).cloned(),
            Self::Folder(folder) => {
                let is_name = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_name.then(|| std::fs::read(folder.join(sha256)).ok().map(Bytes::from)).flatten()
            }
        }
    }
}

/// Where a blob is written. Everybody writes to a file of their own: of two who store the same at the same
/// moment, one would otherwise empty what the other has just put in place.
fn fresh(folder: &Path, name: &str) -> PathBuf {
    static WRITERS: AtomicU64 = AtomicU64::new(0);
    folder.join(format!("{name}.{}.new", WRITERS.fetch_add(1, Ordering::Relaxed)))
}

/// SHA-256 of `bytes` in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_that_several_store_at_once_are_whole_for_each() {
        let folder = std::env::temp_dir().join(format!("fanfare-blobs-{}", std::process::id()));
        let blobs = Blobs::in_folder(folder.clone()).unwrap();
        for round in 0..100_u8 {
            let bytes = Bytes::from(vec![round; 1 << 20]);
            let start = std::sync::Barrier::new(4);
            std::thread::scope(|threads| {
                for _ in 0..4 {
                    threads.spawn(|| {
                        start.wait();
                        let name = blobs.put(&bytes).unwrap();
                        assert!(blobs.get(&name).as_ref() == Some(&bytes), "round {round}");
                    });
                }
            });
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
