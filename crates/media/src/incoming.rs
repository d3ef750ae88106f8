//! Files on their way in: written piece by piece, hashed on the way, and gone again unless they are
//! put in their place. Must not know who sends them.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _, BufWriter};

use crate::{MediaError, MediaFiles, hash_file};

const BUFFER_BYTES: usize = 256 * 1024;

/// The folder of files on their way in, and those that this process writes to.
#[derive(Debug)]
pub(crate) struct Incoming {
    folder: PathBuf,
    open: Mutex<HashSet<PathBuf>>,
}

impl Incoming {
    pub(crate) fn open(folder: PathBuf) -> Result<Arc<Self>, MediaError> {
        std::fs::create_dir_all(&folder)?;
        Ok(Arc::new(Self { folder, open: Mutex::default() }))
    }

    /// Takes a path for one writer; `None` while another one of this process has it.
    fn take(self: &Arc<Self>, name: &str) -> Option<Taken> {
        let path = self.folder.join(name);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(path.clone()).then(|| Taken { path, incoming: Arc::clone(self) })
    }
}

/// A path that is this writer's until it is dropped.
#[derive(Debug)]
struct Taken {
    path: PathBuf,
    incoming: Arc<Incoming>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.incoming.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}

/// A file that is being received. Removed when it is dropped.
#[derive(Debug)]
pub struct Receiving {
    file: BufWriter<File>,
    hash: Sha256,
    size_bytes: u64,
    temporary: Temporary,
}

/// A complete file that is not in its place yet. Removed when it is dropped.
#[derive(Debug)]
pub struct Received {
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// Size in bytes.
    pub size_bytes: u64,
    temporary: Temporary,
}

#[derive(Debug)]
struct Temporary(Taken);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0.path);
    }
}

impl Receiving {
    /// The next piece.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        self.hash.update(bytes);
        self.size_bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(self.file.write_all(bytes).await?)
    }

    /// How much there is so far.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The end. On the disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn finish(mut self) -> Result<Received, MediaError> {
        self.file.flush().await?;
        self.file.get_ref().sync_all().await?;
        let sha256 = hex(&self.hash.finalize());
        Ok(Received { sha256, size_bytes: self.size_bytes, temporary: self.temporary })
    }
}

impl Received {
    /// Where it is until it is put in its place.
    pub fn path(&self) -> &Path {
        &self.temporary.0.path
    }
}

/// A file that is received in several goes, by a name of its own. It stays when this is dropped.
#[derive(Debug)]
pub struct Partial {
    file: File,
    size_bytes: u64,
    taken: Taken,
}

impl Partial {
    /// How much of it there is.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The next piece.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        self.file.write_all(bytes).await?;
        self.size_bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// What was written is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn sync(&mut self) -> Result<(), MediaError> {
        self.file.flush().await?;
        Ok(self.file.sync_data().await?)
    }

    /// Throws away what there is beyond so many bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn cut(&mut self, size_bytes: u64) -> Result<(), MediaError> {
        let kept = size_bytes.min(self.size_bytes);
        self.file.flush().await?;
        self.file.set_len(kept).await?;
        self.file.seek(SeekFrom::Start(kept)).await?;
        self.size_bytes = kept;
        Ok(())
    }

    /// The end: all of it is read once more, for its hash.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn finish(mut self) -> Result<Received, MediaError> {
        self.sync().await?;
        let stored = hash_file(&self.taken.path).await?;
        let temporary = Temporary(self.taken);
        Ok(Received { sha256: stored.sha256, size_bytes: stored.size_bytes, temporary })
    }
}

impl MediaFiles {
    /// Begins to receive a file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn receive(&self) -> Result<Receiving, MediaError> {
        let name = format!("{}-{}.part", std::process::id(), self.next_number());
        let temporary = Temporary(self.incoming.take(&name).ok_or(MediaError::Broken)?);
        let file = File::create(&temporary.0.path).await?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Receiving { file, hash: Sha256::new(), size_bytes: 0, temporary })
    }

    /// Goes on with the file of this name (letters, digits and hyphens), or begins it. `None` while
    /// this process writes to it already.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn resume(&self, name: &str) -> Result<Option<Partial>, MediaError> {
        let Some(taken) = self.incoming.take(&partial_name(name)?) else { return Ok(None) };
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&taken.path).await?;
        let size_bytes = file.seek(SeekFrom::End(0)).await?;
        Ok(Some(Partial { file, size_bytes, taken }))
    }

    /// How much there is of the file of this name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn resumable_bytes(&self, name: &str) -> Result<u64, MediaError> {
        match tokio::fs::metadata(self.incoming.folder.join(partial_name(name)?)).await {
            Ok(facts) => Ok(facts.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the file of this name, unless somebody writes to it; `false` then.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn abandon(&self, name: &str) -> Result<bool, MediaError> {
        let Some(taken) = self.incoming.take(&partial_name(name)?) else { return Ok(false) };
        match tokio::fs::remove_file(&taken.path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(true),
        }
    }

    /// Removes files on their way in that were last written before `moment`, and to which this
    /// process does not write: those of processes that died, and of uploads that nobody finished.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn remove_stale(&self, moment: SystemTime) -> Result<usize, MediaError> {
        let mut removed = 0;
        let mut entries = tokio::fs::read_dir(&self.incoming.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let Ok(facts) = entry.metadata().await else { continue };
            if !facts.is_file() || facts.modified().is_ok_and(|written| written >= moment) {
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(taken) = self.incoming.take(&name)
                && tokio::fs::remove_file(&taken.path).await.is_ok()
            {
                removed += 1;
            }
        }
        removed += self.remove_stale_uploads(moment).await?;
        Ok(removed)
    }
}

fn partial_name(name: &str) -> Result<String, MediaError> {
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(MediaError::Missing);
    }
    Ok(format!("{name}.partial"))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("fanfare-incoming-{name}-{}", std::process::id()))
    }

    fn incoming(root: &Path) -> usize {
        std::fs::read_dir(root.join("incoming")).unwrap().count()
    }

    #[tokio::test]
    async fn what_breaks_off_leaves_nothing_behind() {
        let root = folder("broken");
        let files = MediaFiles::open(&root).unwrap();
        let mut receiving = files.receive().await.unwrap();
        receiving.write(b"hel").await.unwrap();
        assert_eq!(incoming(&root), 1);
        drop(receiving);
        assert_eq!(incoming(&root), 0);
        let mut receiving = files.receive().await.unwrap();
        receiving.write(b"hello ").await.unwrap();
        receiving.write(b"world").await.unwrap();
        let received = receiving.finish().await.unwrap();
        assert_eq!(received.size_bytes, 11);
        let sha256 = received.sha256.clone();
        files.place(received).await.unwrap();
        assert_eq!(incoming(&root), 0);
        assert!(files.is_intact(&sha256).await.unwrap());
        std::fs::remove_dir_all(root).unwrap();
    }

    #[tokio::test]
    async fn a_file_goes_on_where_it_stopped_and_has_one_writer() {
        let root = folder("partial");
        let files = MediaFiles::open(&root).unwrap();
        let mut partial = files.resume("abc-1").await.unwrap().unwrap();
        partial.write(b"hello ").await.unwrap();
        partial.sync().await.unwrap();
        assert!(files.resume("abc-1").await.unwrap().is_none());
        assert!(!files.abandon("abc-1").await.unwrap());
        assert_eq!(
            files
                .remove_stale(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1 << 40))
                .await
                .unwrap(),
            0
        );
        drop(partial);
        assert_eq!(files.resumable_bytes("abc-1").await.unwrap(), 6);
        let mut partial = files.resume("abc-1").await.unwrap().unwrap();
        partial.write(b"there").await.unwrap();
        partial.cut(6).await.unwrap();
        partial.write(b"world").await.unwrap();
        let received = partial.finish().await.unwrap();
        let stored = files.place(received).await.unwrap();
        assert_eq!(stored, files.put(b"hello world").await.unwrap());
        assert_eq!(files.resumable_bytes("abc-1").await.unwrap(), 0);
        assert!(matches!(files.resume("../x").await, Err(MediaError::Missing)));
        std::fs::remove_dir_all(root).unwrap();
    }

    #[tokio::test]
    async fn what_a_dead_process_left_is_removed_by_its_age() {
        let root = folder("stale");
        let files = MediaFiles::open(&root).unwrap();
        std::fs::write(root.join("incoming").join("1-1.part"), b"x").unwrap();
        assert_eq!(files.remove_stale(SystemTime::UNIX_EPOCH).await.unwrap(), 0);
        let later = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1 << 40);
        assert_eq!(files.remove_stale(later).await.unwrap(), 1);
        std::fs::remove_dir_all(root).unwrap();
    }
}
