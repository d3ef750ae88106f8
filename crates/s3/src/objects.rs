//! What is stored: objects and the parts of unfinished uploads, their bytes in files of a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::Timestamp;

use crate::answer::Refusal;

/// Bytes in a file, which is removed with the last that names it.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    /// Tells contents apart. In quotes, as it travels.
    pub(crate) tag: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// An object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) bytes: Arc<Stored>,
    pub(crate) content_type: String,
    pub(crate) written_at: Timestamp,
}

/// An upload in parts.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) content_type: String,
    pub(crate) parts: BTreeMap<u32, Arc<Stored>>,
}

#[derive(Debug, Default)]
pub(crate) struct Inner {
    pub(crate) buckets: BTreeMap<String, BTreeMap<String, Object>>,
    pub(crate) uploads: BTreeMap<String, Upload>,
}

/// Everything that is stored.
#[derive(Debug)]
pub(crate) struct Objects {
    folder: PathBuf,
    made: AtomicU64,
    inner: Mutex<Inner>,
}

impl Objects {
    pub(crate) fn open(folder: &Path, buckets: &[String]) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let buckets = buckets.iter().map(|name| (name.clone(), BTreeMap::new())).collect();
        let inner = Inner { buckets, uploads: BTreeMap::new() };
        Ok(Self { folder: folder.to_owned(), made: AtomicU64::new(0), inner: Mutex::new(inner) })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number that nothing else has.
    pub(crate) fn next(&self) -> u64 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn new_path(&self) -> PathBuf {
        self.folder.join(format!("{:08}", self.next()))
    }

    pub(crate) fn find(&self, bucket: &str, key: &str) -> Result<Object, Refusal> {
        let inner = self.lock();
        let objects = inner.buckets.get(bucket).ok_or_else(Refusal::no_bucket)?;
        objects.get(key).cloned().ok_or_else(Refusal::no_key)
    }

    pub(crate) fn put(&self, bucket: &str, key: &str, object: Object) -> Result<(), Refusal> {
        let mut inner = self.lock();
        let objects = inner.buckets.get_mut(bucket).ok_or_else(Refusal::no_bucket)?;
        objects.insert(key.to_owned(), object);
        Ok(())
    }

    pub(crate) fn keys(&self, bucket: &str) -> Vec<String> {
        self.lock().buckets.get(bucket).map(|objects| objects.keys().cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn unfinished(&self) -> usize {
        self.lock().uploads.len()
    }
}
