//! Copies of stored files in another place for media, and proof that a stored file is whole.

use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

use crate::files::FOLDER;
use crate::incoming::hex;
use crate::{MediaError, MediaFiles, StoredFile};

const READ_BYTES: usize = 1024 * 1024;
const CARRIED_BYTES: u64 = 4 * 1024 * 1024;

impl MediaFiles {
    /// Puts the file into `other` as well: as a second name of the same bytes where the disk can do
    /// that, which costs no room, and as a copy otherwise. Returns its size in bytes; `None` when
    /// there is no such file here.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn share(&self, sha256: &str, other: &Self) -> Result<Option<u64>, MediaError> {
        let (from, into) = (self.path(sha256)?, other.path(sha256)?);
        if self.bucket.is_some() || other.bucket.is_some() {
            return self.carry(sha256, other).await;
        }
        let size_bytes = match tokio::fs::metadata(&from).await {
            Ok(facts) => facts.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if tokio::fs::try_exists(&into).await? {
            return Ok(Some(size_bytes));
        }
        if let Some(folder) = into.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        if tokio::fs::hard_link(&from, &into).await.is_err() {
            let partial = into.with_extension("part");
            tokio::fs::copy(&from, &partial).await?;
            tokio::fs::OpenOptions::new().write(true).open(&partial).await?.sync_all().await?;
            tokio::fs::rename(&partial, &into).await?;
        }
        Ok(Some(size_bytes))
    }

    /// The same by way of this machine, piece by piece.
    async fn carry(&self, sha256: &str, other: &Self) -> Result<Option<u64>, MediaError> {
        let size_bytes = match self.size_bytes(sha256).await {
            Ok(size) => size,
            Err(MediaError::Missing) => return Ok(None),
            Err(error) => return Err(error),
        };
        if other.size_bytes(sha256).await.is_ok_and(|there| there == size_bytes) {
            return Ok(Some(size_bytes));
        }
        let mut receiving = other.receive().await?;
        while receiving.size_bytes() < size_bytes {
            let piece = self.read(sha256, receiving.size_bytes(), CARRIED_BYTES).await?;
            if piece.is_empty() {
                break;
            }
            receiving.write(&piece).await?;
        }
        let received = receiving.finish().await?;
        if received.sha256 != sha256 {
            return Err(MediaError::Changed);
        }
        other.place(received).await?;
        Ok(Some(size_bytes))
    }

    /// The hashes under which there are files, in order.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn list(&self) -> Result<Vec<String>, MediaError> {
        let mut hashes = Vec::new();
        if let Some(bucket) = &self.bucket {
            hashes.extend(bucket.list(FOLDER).await?.into_iter().map(|listed| listed.name));
            hashes.sort_unstable();
            return Ok(hashes);
        }
        let mut folders = tokio::fs::read_dir(self.root()).await?;
        while let Some(folder) = folders.next_entry().await? {
            if !folder.file_type().await?.is_dir() {
                continue;
            }
            let mut files = tokio::fs::read_dir(folder.path()).await?;
            while let Some(file) = files.next_entry().await? {
                let name = file.file_name().to_string_lossy().into_owned();
                if self.path(&name).is_ok() {
                    hashes.push(name);
                }
            }
        }
        hashes.sort_unstable();
        Ok(hashes)
    }

    /// Whether the bytes under this hash are those that were stored.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_intact(&self, sha256: &str) -> Result<bool, MediaError> {
        Ok(hash_file(self.local(sha256).await?.path()).await?.sha256 == sha256)
    }
}

/// The hash and the size of any file.
///
/// # Errors
/// When the file cannot be read.
pub async fn hash_file(path: &Path) -> Result<StoredFile, MediaError> {
    let mut file = tokio::fs::File::open(path).await?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    let mut size_bytes = 0;
    loop {
        let read = file.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        size_bytes += u64::try_from(read).unwrap_or(u64::MAX);
    }
    Ok(StoredFile { sha256: hex(&hash.finalize()), size_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_shared_file_is_in_both_folders_and_a_changed_one_is_noticed() {
        let root = std::env::temp_dir().join(format!("fanfare-media-copies-{}", std::process::id()));
        let files = MediaFiles::open(&root.join("here")).unwrap();
        let other = MediaFiles::open(&root.join("there")).unwrap();
        let stored = files.put(b"hello world").await.unwrap();
        assert_eq!(files.share(&stored.sha256, &other).await.unwrap(), Some(11));
        assert_eq!(files.share(&"0".repeat(64), &other).await.unwrap(), None);
        assert_eq!(other.list().await.unwrap(), [stored.sha256.as_str()]);
        assert!(other.is_intact(&stored.sha256).await.unwrap());
        let path = other.path(&stored.sha256).unwrap();
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, b"hello w0rld").unwrap();
        assert!(!other.is_intact(&stored.sha256).await.unwrap());
        std::fs::remove_dir_all(root).unwrap();
    }
}
