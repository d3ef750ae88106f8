//! A file that is read piece by piece from an address that a user gave.

use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use url::Url;

use crate::guard::{content_type, why};

/// A server that sends less than this in a stretch only holds the connection.
const STRETCH_BYTES: u64 = 64 * 1024;

/// Where to go on with a download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The first byte that is wanted.
    pub from: u64,
    /// What the file was known by: a strong `ETag`, or the date of its last change.
    pub validator: Option<String>,
}

/// Why a download did not begin, or broke off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DownloadError {
    /// In words fit for whoever gave the address.
    pub reason: String,
    /// Whether it may succeed when it is tried again later.
    pub may_pass: bool,
    /// Whether the file is not the one that the download began with.
    pub changed: bool,
}

impl DownloadError {
    pub(crate) fn lasting(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), may_pass: false, changed: false }
    }

    pub(crate) fn passing(reason: impl Into<String>) -> Self {
        Self { may_pass: true, ..Self::lasting(reason) }
    }
}

/// A file that is being read.
pub struct Download {
    /// The address it comes from after redirects.
    pub url: Url,
    /// The `Content-Type`, without parameters, lower case; empty if none was sent.
    pub content_type: String,
    /// The place in the file of the first byte that comes. 0 when the server begins anew.
    pub from: u64,
    /// The size of the whole file, as far as the server says so.
    pub size_bytes: Option<u64>,
    /// What the file is known by when it has to be asked for again.
    pub validator: Option<String>,
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes, reqwest::Error>> + Send>>,
    left: Option<u64>,
    idle_timeout: Duration,
    stretch: (Instant, u64),
}

impl Download {
    pub(crate) fn of(
        url: Url,
        answer: reqwest::Response,
        resume: Option<&Resume>,
        idle_timeout: Duration,
    ) -> Result<Self, DownloadError> {
        let status = answer.status().as_u16();
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let length = header("content-length").and_then(|text| text.parse::<u64>().ok());
        let (from, size_bytes) = match (status, resume) {
            (206, Some(resume)) => {
                let range = header("content-range").and_then(parse_range);
                let Some((from, size_bytes)) = range.filter(|(from, _)| *from == resume.from) else {
                    let reason = "the server sent another part of the file than it was asked for";
                    return Err(DownloadError { changed: true, ..DownloadError::passing(reason) });
                };
                (from, size_bytes)
            }
            (200..=299, _) if status != 206 => (0, length),
            (416, Some(_)) => {
                let reason = "the file is shorter than it was";
                return Err(DownloadError { changed: true, ..DownloadError::passing(reason) });
            }
            _ => {
                let may_pass = status >= 500 || matches!(status, 408 | 425 | 429);
                let reason = format!("the server answered with status {status}");
                return Err(DownloadError { may_pass, ..DownloadError::lasting(reason) });
            }
        };
        let tag = header("etag").filter(|tag| tag.starts_with('"'));
        let validator = tag.or_else(|| header("last-modified")).map(ToOwned::to_owned);
        let content_type = content_type(&answer);
        let left = size_bytes.map(|size| size.saturating_sub(from));
        Ok(Self {
            url,
            content_type,
            from,
            size_bytes,
            validator,
            chunks: Box::pin(answer.bytes_stream()),
            left,
            idle_timeout,
            stretch: (now(), 0),
        })
    }

    /// The next piece; `None` at the end of the file.
    ///
    /// # Errors
    /// When nothing comes for too long, hardly anything comes, or the file breaks off before the end
    /// that the server promised.
    pub async fn next(&mut self) -> Result<Option<Bytes>, DownloadError> {
        let next = match tokio::time::timeout(self.idle_timeout, self.chunks.next()).await {
            Ok(next) => next.transpose().map_err(|error| DownloadError::passing(why(error)))?,
            Err(_) => return Err(DownloadError::passing("the server stopped sending")),
        };
        let Some(bytes) = next else {
            return match self.left {
                Some(left) if left > 0 => Err(DownloadError::passing("the file broke off before its end")),
                _ => Ok(None),
            };
        };
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if let Some(left) = &mut self.left {
            *left = left
                .checked_sub(count)
                .ok_or_else(|| DownloadError::passing("the file is longer than the server said"))?;
        }
        self.watch_pace(count)?;
        Ok(Some(bytes))
    }

    fn watch_pace(&mut self, count: u64) -> Result<(), DownloadError> {
        let (since, came) = (self.stretch.0, self.stretch.1 + count);
        if since.elapsed() < self.idle_timeout {
            self.stretch.1 = came;
            return Ok(());
        }
        self.stretch = (now(), 0);
        if came < STRETCH_BYTES && self.left != Some(0) {
            return Err(DownloadError::passing("the server sends too slowly"));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Download {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("from", &self.from)
            .field("size_bytes", &self.size_bytes)
            .finish_non_exhaustive()
    }
}

/// A pace is measured in the machine's time, whatever time the rest of the program lives in.
fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "measures the other side, decides nothing of ours")]
    Instant::now()
}

/// The first byte and the size of the file, of `bytes 5-9/10`.
fn parse_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, size) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let (first, _) = range.split_once('-')?;
    Some((first.trim().parse().ok()?, size.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_and_nonsense_is_none() {
        assert_eq!(parse_range("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(parse_range("bytes 5-9/*"), Some((5, None)));
        for text in ["bytes */10", "5-9/10", "bytes", ""] {
            assert_eq!(parse_range(text), None, "{text}");
        }
    }
}
