//! The files of a post: fetched or uploaded, and looked into.

use bytes::Bytes;
use domain::Span;

use super::errors::Refused;
use super::state::{TikTok, User};
use crate::core::fetch::fetch_direct;
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;
use crate::core::{film, picture};

const AGENT: &str = "TikTokBot/1.0";
const PHOTO_MAX_BYTES: u64 = 20_000_000;
const VIDEO_MAX_BYTES: u64 = 4_000_000_000;
/// A photo has at most 1080p, upright or lying.
const SHORT_SIDE_MAX: u32 = 1_080;
const LONG_SIDE_MAX: u32 = 1_920;
const PHOTOS_TAKE: Span = Span::from_seconds(2);
const VIDEO_TAKES: Span = Span::from_seconds(4);

/// Media that is there, or why it never will be.
pub(super) struct Taken {
    pub(super) files: Vec<PublicMedia>,
    pub(super) seconds: Option<f64>,
    /// The `fail_reason` of the publish.
    pub(super) failure: Option<&'static str>,
    /// How long the work on it takes.
    pub(super) takes: Span,
}

impl TikTok {
    /// Fetches the photos in order; the first that is no good decides.
    pub(super) async fn fetch_photos(&self, addresses: &[String]) -> Result<Taken, Refused> {
        let mut taken = Taken { files: Vec::new(), seconds: None, failure: None, takes: PHOTOS_TAKE };
        for address in addresses {
            let failure = match fetch_direct(address, AGENT, PHOTO_MAX_BYTES).await {
                Ok(bytes) => {
                    taken.files.push(self.keep(&bytes)?);
                    wrong_with_photo(&bytes)
                }
                Err(_) => Some("photo_pull_failed"),
            };
            taken.failure = taken.failure.or(failure);
        }
        Ok(taken)
    }

    /// Fetches a video.
    pub(super) async fn fetch_video(&self, address: &str, user: &User) -> Result<Taken, Refused> {
        match fetch_direct(address, AGENT, VIDEO_MAX_BYTES).await {
            Ok(bytes) => self.take_video(&bytes, user),
            Err(_) => Ok(Taken {
                files: Vec::new(),
                seconds: None,
                failure: Some("video_pull_failed"),
                takes: VIDEO_TAKES,
            }),
        }
    }

    /// Looks into a video whose bytes are here.
    pub(super) fn take_video(&self, bytes: &Bytes, user: &User) -> Result<Taken, Refused> {
        let seconds = film::seconds(bytes);
        let is_film = matches!(sniff(bytes), "video/mp4" | "video/quicktime" | "video/webm");
        let is_long = seconds.is_some_and(|seconds| seconds > f64::from(user.modes.max_seconds));
        let failure = match (is_film, is_long) {
            (false, _) => Some("file_format_check_failed"),
            (true, true) => Some("duration_check_failed"),
            (true, false) => None,
        };
        Ok(Taken { files: vec![self.keep(bytes)?], seconds, failure, takes: VIDEO_TAKES })
    }

    fn keep(&self, bytes: &Bytes) -> Result<PublicMedia, Refused> {
        Ok(PublicMedia {
            media_type: sniff(bytes).to_owned(),
            sha256: self.world.blobs.put(bytes)?,
            size_bytes: bytes.len() as u64,
            alt: None,
        })
    }
}

fn wrong_with_photo(bytes: &Bytes) -> Option<&'static str> {
    if !matches!(sniff(bytes), "image/jpeg" | "image/webp") {
        return Some("file_format_check_failed");
    }
    let Some((width, height)) = picture::size(bytes) else { return Some("file_format_check_failed") };
    let fits = width.min(height) <= SHORT_SIDE_MAX && width.max(height) <= LONG_SIDE_MAX;
    (!fits).then_some("picture_size_check_failed")
}
