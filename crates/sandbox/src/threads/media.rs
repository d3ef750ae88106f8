//! The files that the emulated Threads fetches: what they are, and why one is refused.

use bytes::Bytes;

use super::PLATFORM;
use super::errors::{ThreadsError, detailed, parameter};
use super::state::Threads;
use crate::core::fetch::fetch;
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;
use crate::core::{film, picture};

const AGENT: &str = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)";
const MAX_IMAGE_BYTES: u64 = 8_388_608;
const MAX_VIDEO_BYTES: u64 = 1_073_741_824;
const MAX_SECONDS: f64 = 300.0;

/// A file that was fetched, or why it never will be.
pub(super) struct Fetched {
    pub(super) file: Option<PublicMedia>,
    /// The `error_message` of the container.
    pub(super) failure: Option<String>,
}

impl Threads {
    /// Fetches an image. One that cannot be had is refused at once, one that is no good fails later.
    pub(super) async fn fetch_image(&self, url: &str, alt: Option<&str>) -> Result<Fetched, ThreadsError> {
        check_address("image_url", url)?;
        let bytes = fetch(url, AGENT, MAX_IMAGE_BYTES).await.map_err(|why| not_fetched(&why))?;
        let good = match (sniff(&bytes), picture::size(&bytes)) {
            ("image/png" | "image/jpeg", Some((width, height))) => {
                let (long, short) = (width.max(height), width.min(height));
                if short == 0 || long > short * 10 { Err("INVALID_ASPEC_RATIO") } else { Ok(()) }
            }
            _ => Err("UNKNOWN"),
        };
        self.keep(&bytes, alt, good, "UNKNOWN")
    }

    /// Fetches a video. Whatever is wrong with it, its container says so.
    pub(super) async fn fetch_video(&self, url: &str, alt: Option<&str>) -> Result<Fetched, ThreadsError> {
        check_address("video_url", url)?;
        let Ok(bytes) = fetch(url, AGENT, MAX_VIDEO_BYTES).await else {
            return Ok(Fetched { file: None, failure: Some("FAILED_DOWNLOADING_VIDEO".to_owned()) });
        };
        let good = match (sniff(&bytes), film::seconds(&bytes)) {
            ("video/mp4" | "video/quicktime", Some(seconds)) if seconds > 0.0 && seconds <= MAX_SECONDS => {
                Ok(())
            }
            ("video/mp4" | "video/quicktime", Some(_)) => Err("INVALID_DURATION"),
            _ => Err("FAILED_PROCESSING_VIDEO"),
        };
        self.keep(&bytes, alt, good, "FAILED_PROCESSING_VIDEO")
    }

    fn keep(
        &self,
        bytes: &Bytes,
        alt: Option<&str>,
        good: Result<(), &str>,
        at_fault: &str,
    ) -> Result<Fetched, ThreadsError> {
        let failure = match good {
            Err(why) => Some(why),
            Ok(()) => self.world.faults.take_processing_failure(PLATFORM).then_some(at_fault),
        };
        let file = PublicMedia {
            media_type: sniff(bytes).to_owned(),
            sha256: self.world.blobs.put(bytes)?,
            size_bytes: bytes.len() as u64,
            alt: alt.map(str::to_owned),
        };
        Ok(Fetched { file: Some(file), failure: failure.map(str::to_owned) })
    }
}

fn check_address(name: &str, url: &str) -> Result<(), ThreadsError> {
    let is_web = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_web && url.is_ascii() {
        Ok(())
    } else {
        Err(parameter(&format!("Param {name} is not a valid URI.")))
    }
}

fn not_fetched(why: &str) -> ThreadsError {
    let user = format!("The media could not be fetched from this URI: {why}.");
    detailed(
        9_004,
        2_207_052,
        "Only photo or video can be accepted as media type.",
        "Media download has failed",
        &user,
    )
}
