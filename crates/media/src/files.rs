//! Files in a folder or in a bucket, each under the hash of its content: the same bytes are stored once.

use std::io::{ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

use crate::bucket::{Bucket, BucketConfig};
use crate::incoming::{Incoming, Received};
use crate::{LocalFile, MediaError};

/// How much of a file is handed out at a time: a piece from a bucket costs a request.
const PIECE_BYTES: u64 = 256 * 1024;
const BUCKET_PIECE_BYTES: u64 = 1024 * 1024;

/// The folder of stored files in a bucket.
pub(crate) const FOLDER: &str = "files";

/// The media files.
#[derive(Debug)]
pub struct MediaFiles {
    root: PathBuf,
    pub(crate) incoming: Arc<Incoming>,
    writes: AtomicU64,
    /// Where the files are, if not in the folder itself. The folder then holds what is on its way
    /// and what is worked on.
    pub(crate) bucket: Option<Bucket>,
}

/// A stored file.
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
        Ok(Self { root: root.to_owned(), incoming, writes: AtomicU64::new(0), bucket: None })
    }

    /// The bucket of `config`; the folder at `root` is for files on their way and those that are
    /// worked on. Nothing is sent yet: [`MediaFiles::check`] does.
    ///
    /// # Errors
    /// When the folder cannot be made, or the bucket's address is none.
    pub fn open_bucket(root: &Path, config: BucketConfig) -> Result<Self, MediaError> {
        let bucket = Bucket::open(config)?;
        Ok(Self { bucket: Some(bucket), ..Self::open(root)? })
    }

    /// Whether files can be written, read and removed. `nonce` tells those apart who look at the same
    /// time.
    ///
    /// # Errors
    /// When they cannot; the error says what to do.
    pub async fn check(&self, nonce: &str) -> Result<(), MediaError> {
        match &self.bucket {
            Some(bucket) => bucket.check(nonce).await,
            None => self.receive().await.map(drop),
        }
    }

    /// How much of a file is best read at a time.
    pub fn piece_bytes(&self) -> u64 {
        if self.bucket.is_some() { BUCKET_PIECE_BYTES } else { PIECE_BYTES }
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
    /// When the disk or the bucket refuses.
    pub async fn place(&self, received: Received) -> Result<StoredFile, MediaError> {
        let stored = StoredFile { sha256: received.sha256.clone(), size_bytes: received.size_bytes };
        self.place_and_keep(received).await?;
        Ok(stored)
    }

    /// The same, for a caller that looks into the file next: it is at hand still.
    ///
    /// # Errors
    /// As [`MediaFiles::place`].
    pub async fn place_and_keep(&self, received: Received) -> Result<LocalFile, MediaError> {
        let path = self.path(&received.sha256)?;
        if let Some(bucket) = &self.bucket {
            let key = Self::key(&received.sha256);
            if bucket.size_bytes(&key).await? != Some(received.size_bytes) {
                bucket.put(&key, received.path()).await?;
            }
            return Ok(LocalFile::received(received));
        }
        if !tokio::fs::try_exists(&path).await?
            && let Some(folder) = path.parent()
        {
            tokio::fs::create_dir_all(folder).await?;
            tokio::fs::rename(received.path(), &path).await?;
            sync_folder(folder).await?;
        }
        Ok(LocalFile::stored(path))
    }

    /// `length` bytes from `offset`; fewer at the file's end.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn read(&self, sha256: &str, offset: u64, length: u64) -> Result<Bytes, MediaError> {
        let path = self.path(sha256)?;
        if let Some(bucket) = &self.bucket {
            return bucket.read(&Self::key(sha256), offset, length).await;
        }
        let mut file = match tokio::fs::File::open(path).await {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(MediaError::Missing),
            Err(error) => return Err(error.into()),
        };
        let left = file.metadata().await?.len().saturating_sub(offset).min(length);
        file.seek(SeekFrom::Start(offset)).await?;
        // Room for exactly that: one that grows takes up to three times as much on the way.
        let mut bytes = Vec::with_capacity(usize::try_from(left).unwrap_or_default());
        file.take(left).read_to_end(&mut bytes).await?;
        Ok(bytes.into())
    }

    /// The size of a file.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn size_bytes(&self, sha256: &str) -> Result<u64, MediaError> {
        let path = self.path(sha256)?;
        if let Some(bucket) = &self.bucket {
            return bucket.size_bytes(&Self::key(sha256)).await?.ok_or(MediaError::Missing);
        }
        match tokio::fs::metadata(path).await {
            Ok(facts) => Ok(facts.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(MediaError::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// The file where programs find it. From a bucket it is brought here first.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is no such file.
    pub async fn local(&self, sha256: &str) -> Result<LocalFile, MediaError> {
        let path = self.path(sha256)?;
        if let Some(bucket) = &self.bucket {
            return LocalFile::fetched(bucket, &Self::key(sha256), &self.root).await;
        }
        if tokio::fs::try_exists(&path).await? {
            Ok(LocalFile::stored(path))
        } else {
            Err(MediaError::Missing)
        }
    }

    /// Removes a file that nobody names any more. One that is not there is removed already.
    ///
    /// # Errors
    /// When the disk or the bucket refuses.
    pub async fn remove(&self, sha256: &str) -> Result<(), MediaError> {
        let path = self.path(sha256)?;
        if let Some(bucket) = &self.bucket {
            return bucket.remove(&Self::key(sha256)).await;
        }
        match tokio::fs::remove_file(path).await {
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

    /// Where a bucket has the file.
    pub(crate) fn key(sha256: &str) -> String {
        format!("{FOLDER}/{sha256}")
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
        files.local(&stored.sha256).await.unwrap();
        files.remove(&stored.sha256).await.unwrap();
        files.remove(&stored.sha256).await.unwrap();
        assert!(matches!(files.read(&stored.sha256, 0, 1).await, Err(MediaError::Missing)));
        assert!(matches!(files.local(&stored.sha256).await, Err(MediaError::Missing)));
        std::fs::remove_dir_all(root).unwrap();
    }
}
