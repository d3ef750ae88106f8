//! Files in a folder, each under the hash of its content: the same bytes are stored once.

use std::fmt::Write as _;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

use crate::MediaError;

/// The media folder.
#[derive(Debug)]
pub struct MediaFiles {
    root: PathBuf,
    writes: AtomicU64,
}

/// A file in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// SHA-256 of the content, in hex: the file's address.
    pub sha256: String,
    /// Size in bytes.
    pub size_bytes: u64,
}

impl MediaFiles {
    /// The folder at `root`, made if it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(root: &Path) -> Result<Self, MediaError> {
        std::fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned(), writes: AtomicU64::new(0) })
    }

    /// Stores `bytes`; on the disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn put(&self, bytes: &[u8]) -> Result<StoredFile, MediaError> {
        let mut sha256 = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            let _ = write!(sha256, "{byte:02x}");
        }
        let stored = StoredFile { size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), sha256 };
        let path = self.path(&stored.sha256)?;
        if tokio::fs::try_exists(&path).await? {
            return Ok(stored);
        }
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        let number = self.writes.fetch_add(1, Ordering::Relaxed);
        let partial = path.with_extension(format!("{}-{number}.part", std::process::id()));
        let mut file = tokio::fs::File::create(&partial).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&partial, &path).await?;
        Ok(stored)
    }

    /// `length` bytes from `offset`; fewer at the file's end.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn read(&self, sha256: &str, offset: u64, length: u64) -> Result<Bytes, MediaError> {
        let mut file = match tokio::fs::File::open(self.path(sha256)?).await {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(MediaError::Missing),
            Err(error) => return Err(error.into()),
        };
        file.seek(SeekFrom::Start(offset)).await?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Two levels of folders, so that none grows too large.
    pub(crate) fn path(&self, sha256: &str) -> Result<PathBuf, MediaError> {
        if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(MediaError::Missing);
        }
        Ok(self.root.join(&sha256[..2]).join(sha256))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_in_comes_out_in_parts() {
        let root = std::env::temp_dir().join(format!("fanfare-media-{}", std::process::id()));
        let files = MediaFiles::open(&root).unwrap();
        let stored = files.put(b"hello world").await.unwrap();
        assert_eq!(files.put(b"hello world").await.unwrap(), stored);
        assert_eq!(&files.read(&stored.sha256, 6, 100).await.unwrap()[..], b"world");
        assert!(matches!(files.read("../../etc/passwd", 0, 1).await, Err(MediaError::Missing)));
        std::fs::remove_dir_all(root).unwrap();
    }
}
