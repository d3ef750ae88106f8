//! Stored files where programs find them. Those of a bucket are copies that go away again.

use std::path::{Path, PathBuf};

use crate::bucket::Bucket;
use crate::scratch::Scratch;
use crate::{MediaError, Received};

/// A stored file on this machine, as long as this lives.
#[derive(Debug)]
pub struct LocalFile {
    path: PathBuf,
    _held: Held,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are held so that they are dropped")]
enum Held {
    /// The file itself.
    None,
    Received(Received),
    Fetched(Scratch),
}

impl LocalFile {
    /// The file itself, in the media folder.
    pub(crate) fn stored(path: PathBuf) -> Self {
        Self { path, _held: Held::None }
    }

    /// One that was received here and is stored elsewhere.
    pub(crate) fn received(received: Received) -> Self {
        Self { path: received.path().to_owned(), _held: Held::Received(received) }
    }

    /// One that is brought here.
    pub(crate) async fn fetched(bucket: &Bucket, key: &str, root: &Path) -> Result<Self, MediaError> {
        let scratch = Scratch::within(root)?;
        let path = scratch.path("file");
        bucket.fetch(key, &path).await?;
        Ok(Self { path, _held: Held::Fetched(scratch) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
