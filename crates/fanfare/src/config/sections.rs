//! The smaller sections of the configuration: what each is, what it is when nobody sets it, and what cannot work.

use anyhow::{Result, bail};
use serde::Deserialize;

use super::Secret;

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may read the metrics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Metrics {
    /// An address of its own for metrics and probes; none when empty.
    pub(crate) listen: String,
    /// The bearer token that a scraper sends; none when empty.
    pub(crate) token: Secret,
}

/// Requests and posts per API key, in rolling windows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) requests_per_minute: u32,
    pub(crate) requests_per_hour: u32,
    pub(crate) posts_per_minute: u32,
    pub(crate) posts_per_hour: u32,
    pub(crate) posts_per_day: u32,
    pub(crate) ai_per_hour: u32,
    pub(crate) body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 60,
            requests_per_hour: 1_000,
            posts_per_minute: 60,
            posts_per_hour: 200,
            posts_per_day: 1_000,
            ai_per_hour: 60,
            body_bytes: 2 * 1024 * 1024,
        }
    }
}

/// What is taken as a post.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Posts {
    /// Whether the same content for the same account within a day is refused.
    pub(crate) refuse_duplicates: bool,
}

/// The largest media files, in bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Media {
    pub(crate) image_bytes: u64,
    pub(crate) video_bytes: u64,
    pub(crate) document_bytes: u64,
    /// Fetched from an address.
    pub(crate) image_by_url_bytes: u64,
    pub(crate) video_by_url_bytes: u64,
    /// All files of an organization together; 0 for no limit.
    pub(crate) quota_bytes: u64,
}

impl Default for Media {
    fn default() -> Self {
        let limits = media::MediaLimits::default();
        Self {
            image_bytes: limits.image_bytes,
            video_bytes: limits.video_bytes,
            document_bytes: limits.document_bytes,
            image_by_url_bytes: limits.image_by_url_bytes,
            video_by_url_bytes: limits.video_by_url_bytes,
            quota_bytes: 0,
        }
    }
}

impl Media {
    pub(crate) fn limits(self) -> media::MediaLimits {
        media::MediaLimits {
            image_bytes: self.image_bytes,
            video_bytes: self.video_bytes,
            document_bytes: self.document_bytes,
            image_by_url_bytes: self.image_by_url_bytes,
            video_by_url_bytes: self.video_by_url_bytes,
        }
    }
}

/// How events are delivered to webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Webhooks {
    /// Pauses between tries; their number plus one is the number of tries.
    pub(crate) retry_pauses_ms: Vec<i64>,
    /// How long a receiver may take to answer.
    pub(crate) timeout_ms: u64,
    /// So many failures in a row switch a webhook off.
    pub(crate) disable_after: u32,
    /// How many webhooks are sent to at a time.
    pub(crate) capacity: usize,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            retry_pauses_ms: vec![60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 28_800_000, 43_200_000],
            timeout_ms: 10_000,
            disable_after: 20,
            capacity: 256,
        }
    }
}

impl Webhooks {
    pub(super) fn check(&self) -> Result<()> {
        if !(1..=60_000).contains(&self.timeout_ms) {
            bail!("webhooks.timeout_ms must be between 1 and 60000");
        }
        if self.retry_pauses_ms.iter().any(|pause| *pause < 1) {
            bail!("webhooks.retry_pauses_ms must be longer than nothing");
        }
        if self.disable_after == 0 || self.capacity == 0 {
            bail!("webhooks.disable_after and webhooks.capacity must be at least 1");
        }
        Ok(())
    }
}

/// How the numbers of posts and accounts are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Readings {
    /// Whether they are read at all.
    pub(crate) enabled: bool,
    /// How many accounts are read at a time.
    pub(crate) capacity: usize,
    /// Readings an hour with one platform, in place of what each connector allows.
    pub(crate) per_hour: Option<u32>,
}

impl Default for Readings {
    fn default() -> Self {
        Self { enabled: true, capacity: 4, per_hour: None }
    }
}

impl Readings {
    pub(super) fn check(&self) -> Result<()> {
        if self.capacity == 0 || self.per_hour == Some(0) {
            bail!(
                "readings.capacity and readings.per_hour must be at least 1; readings.enabled = false reads nothing"
            );
        }
        Ok(())
    }
}
