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

    /// Stores what these blobs are together, as one; in a folder without holding it. Fails where one of
    /// them was never stored.
    pub(crate) fn join(&self, pieces: &[String]) -> Result<String, SandboxError> {
        let pieces = || pieces.iter().map(|piece| self.piece(piece));
        let Self::Folder(folder) = self else {
            return self.put(&pieces().collect::<Result<Vec<Bytes>, _>>()?.concat().into());
        };
        let mut hash = Sha256::new();
        for piece in pieces() {
            hash.update(&piece?);
        }
        let name = hex(&hash.finalize());
        let path = folder.join(&name);
        if path.exists() {
            return Ok(name);
        }
        let fresh = fresh(folder, &name);
        let failed = |source| SandboxError::File { path: path.clone(), source };
        let mut file = std::fs::File::create(&fresh).map_err(failed)?;
        for piece in pieces() {
            file.write_all(&piece?).map_err(failed)?;
        }
        std::fs::rename(&fresh, &path).map_err(failed)?;
        Ok(name)
    }

    fn piece(&self, sha256: &str) -> Result<Bytes, SandboxError> {
        self.get(sha256).ok_or_else(|| SandboxError::File {
            path: sha256.into(),
            source: std::io::ErrorKind::NotFound.into(),
        })
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
    fn pieces_are_joined_only_when_all_of_them_are_there() {
        let folder = std::env::temp_dir().join(format!("fanfare-pieces-{}", std::process::id()));
        for blobs in [Blobs::in_memory(), Blobs::in_folder(folder.clone()).unwrap()] {
            let [one, two] = ["one", "two"].map(|text| blobs.put(&Bytes::from(text)).unwrap());
            let both = blobs.join(&[one.clone(), two]).unwrap();
            assert_eq!(blobs.get(&both).unwrap(), "onetwo");
            assert!(blobs.join(&[one, sha256_hex(b"three")]).is_err());
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

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
