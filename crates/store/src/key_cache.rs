//! Keys that were looked up, kept while nothing was written: a look-up for every request would cost
//! about a third of a short one.
//!
//! Every commit, of this process or another, changes the length or the time of SQLite's write-ahead
//! log, and looking at those costs a microsecond. File times are coarse, so a log that was written
//! to a moment ago is not trusted yet.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use domain::{Span, Timestamp};

use crate::KeyRow;

/// How long ago the last write has to be for its file time to be proof. The coarsest clocks of file
/// systems in use tick every ten milliseconds.
const SETTLED: Span = Span::from_millis(100);
/// More keys than this are in nobody's hands at a time.
const MOST: usize = 10_000;

/// The state of the write-ahead log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    written_at: Timestamp,
    size_bytes: u64,
}

/// Looked-up keys by their hash, as of one state of the log.
pub(crate) struct KeyCache {
    log: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    stamp: Option<Stamp>,
    keys: HashMap<Vec<u8>, KeyRow>,
}

impl KeyCache {
    /// A cache for the database at `path`.
    pub(crate) fn new(path: &Path) -> Self {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Self { log: log.into(), kept: Mutex::default() }
    }

    /// The present state of the log; `None` while it proves nothing.
    pub(crate) fn stamp(&self, now: Timestamp) -> Option<Stamp> {
        let file = std::fs::metadata(&self.log).ok()?;
        let since_epoch = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let written_at = Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).ok()?);
        (written_at + SETTLED < now).then_some(Stamp { written_at, size_bytes: file.len() })
    }

    /// The key with this hash, if it was looked up in the same state of the log.
    pub(crate) fn find(&self, stamp: Stamp, hash: &[u8]) -> Option<KeyRow> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.stamp == Some(stamp) { kept.keys.get(hash).cloned() } else { None }
    }

    /// Keeps a key that was looked up after `stamp` was taken.
    pub(crate) fn keep(&self, stamp: Stamp, hash: Vec<u8>, key: KeyRow) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.stamp != Some(stamp) || kept.keys.len() >= MOST {
            *kept = Kept { stamp: Some(stamp), keys: HashMap::new() };
        }
        kept.keys.insert(hash, key);
    }
}
