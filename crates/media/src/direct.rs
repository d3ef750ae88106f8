//! Files that their senders put straight into the bucket, and that are taken in from there. Must not
//! know who sends them.

use std::time::SystemTime;

use domain::{Span, Timestamp};
use url::Url;

use crate::{MediaError, MediaFiles, Received};

/// The folder of what was sent and is not taken in yet.
const FOLDER: &str = "uploads";
/// As [`MediaFiles::piece_bytes`], for whole files.
const PIECE_BYTES: u64 = 4 * 1024 * 1024;

impl MediaFiles {
    /// An address that takes exactly `size_bytes` bytes by `PUT`, without a key, until `now` and
    /// `good_for` have passed. Whatever is sent to it last counts. `None` where files come by way of
    /// this server. `now` is the bucket's time, which is the machine's.
    ///
    /// # Errors
    /// When there are no credentials to sign with.
    pub async fn upload_address(
        &self,
        name: &str,
        size_bytes: u64,
        now: Timestamp,
        good_for: Span,
    ) -> Result<Option<Url>, MediaError> {
        let Some(bucket) = self.bucket.as_ref().filter(|bucket| bucket.takes_uploads()) else {
            return Ok(None);
        };
        bucket.upload_address(&key(name), size_bytes, now, good_for).await.map(Some)
    }

    /// The scheme and the host that uploads go to; `None` where they come by way of this server.
    pub fn upload_origin(&self) -> Option<String> {
        let bucket = self.bucket.as_ref().filter(|bucket| bucket.takes_uploads())?;
        Some(bucket.origin_for_callers())
    }

    /// How large the file is that was sent to the address of this name; `None` when there is none.
    ///
    /// # Errors
    /// When the bucket refuses.
    pub async fn uploaded_bytes(&self, name: &str) -> Result<Option<u64>, MediaError> {
        match &self.bucket {
            Some(bucket) => bucket.size_bytes(&key(name)).await,
            None => Ok(None),
        }
    }

    /// Brings the file here that was sent to the address of this name. It stays in the bucket until
    /// [`MediaFiles::forget_upload`]: what is stored are the bytes that were seen here, whatever is
    /// sent in between.
    ///
    /// # Errors
    /// [`MediaError::Missing`] when there is none.
    pub async fn collect(&self, name: &str) -> Result<Received, MediaError> {
        let bucket = self.bucket.as_ref().ok_or(MediaError::Missing)?;
        let mut receiving = self.receive().await?;
        loop {
            let piece = bucket.read(&key(name), receiving.size_bytes(), PIECE_BYTES).await?;
            if piece.is_empty() {
                return receiving.finish().await;
            }
            receiving.write(&piece).await?;
        }
    }

    /// Removes what was sent to the address of this name, if there is something.
    ///
    /// # Errors
    /// When the bucket refuses.
    pub async fn forget_upload(&self, name: &str) -> Result<(), MediaError> {
        match &self.bucket {
            Some(bucket) => bucket.remove(&key(name)).await,
            None => Ok(()),
        }
    }

    /// Removes what was sent before `moment` and not taken in.
    pub(crate) async fn remove_stale_uploads(&self, moment: SystemTime) -> Result<usize, MediaError> {
        let Some(bucket) = &self.bucket else { return Ok(0) };
        let moment = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let moment = i64::try_from(moment).unwrap_or(i64::MAX);
        let mut removed = 0;
        for listed in bucket.list(FOLDER).await? {
            if listed.written_at < moment {
                bucket.remove(&key(&listed.name)).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn key(name: &str) -> String {
    format!("{FOLDER}/{name}")
}
