//! Files in a folder, each under the hash of its content: the same bytes are stored once.

use std::io::{ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::MediaError;
use crate::incoming::{Incoming, Received};

/// The media folder.
#[derive(Debug)]
pub struct MediaFiles {
    root: PathBuf,
    pub(crate) incoming: Arc<Incoming>,
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
        let incoming = Incoming::open(root.join("incoming"))?;
        Ok(Self { root: root.to_owned(), incoming, writes: AtomicU64::new(0) })
    }

    /// Stores `bytes`; on the disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn put(&self, bytes: &[u8]) -> Result<StoredFile, MediaError> {
        let mut receiving = self.receive().await?;
        receiving.write(bytes).await?;
        self.place(receiving.finish().await?).await
    }

    /// Puts a received file in its place, where it is durable when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn place(&self, received: Received) -> Result<StoredFile, MediaError> {
        let stored = StoredFile { sha256: received.sha256.clone(), size_bytes: received.size_bytes };
        let path = self.path(&stored.sha256)?;
        if tokio::fs::try_exists(&path).await? {
            return Ok(stored);
        }
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::rename(received.path(), &path).await?;
            sync_folder(folder).await?;
        }
        Ok(stored)
    }

    /// `length` bytes from `offset`; fewer at the file's end.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn read(&self, sha256: &str, offset: u64, length: u64) -> Result<Bytes, MediaError> {
        let mut file = match tokio::fs::File::open(self.path(sha256)?).await {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(MediaError::Missing),
            Err(error) => return Err(error.into()),
        };
        file.seek(SeekFrom::Start(offset)).await?;
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }

    /// The size of a file.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn size_bytes(&self, sha256: &str) -> Result<u64, MediaError> {
        match tokio::fs::metadata(self.path(sha256)?).await {
            Ok(facts) => Ok(facts.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(MediaError::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Where programs find the file.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn local_path(&self, sha256: &str) -> Result<PathBuf, MediaError> {
        let path = self.path(sha256)?;
        if tokio::fs::try_exists(&path).await? { Ok(path) } else { Err(MediaError::Missing) }
    }

    /// Removes a file that nobody names any more. One that is not there is removed already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn remove(&self, sha256: &str) -> Result<(), MediaError> {
        match tokio::fs::remove_file(self.path(sha256)?).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    pub(crate) fn next_number(&self) -> u64 {
        self.writes.fetch_add(1, Ordering::Relaxed)
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

/// Makes a rename durable. Elsewhere a folder cannot be opened, and renames are durable without.
async fn sync_folder(folder: &Path) -> Result<(), MediaError> {
    if cfg!(unix) {
        tokio::fs::File::open(folder).await?.sync_all().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_put_in_comes_out_in_parts_until_it_is_removed() {
        let root = std::env::temp_dir().join(format!("fanfare-media-{}", std::process::id()));
        let files = MediaFiles::open(&root).unwrap();
        let stored = files.put(b"hello world").await.unwrap();
        assert_eq!(files.put(b"hello world").await.unwrap(), stored);
        assert_eq!(&files.read(&stored.sha256, 6, 100).await.unwrap()[..], b"world");
        assert!(matches!(files.read("../../etc/passwd", 0, 1).await, Err(MediaError::Missing)));
        files.local_path(&stored.sha256).await.unwrap();
        files.remove(&stored.sha256).await.unwrap();
        files.remove(&stored.sha256).await.unwrap();
        assert!(matches!(files.read(&stored.sha256, 0, 1).await, Err(MediaError::Missing)));
        assert!(matches!(files.local_path(&stored.sha256).await, Err(MediaError::Missing)));
        std::fs::remove_dir_all(root).unwrap();
    }
}
