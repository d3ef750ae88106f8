//! One post as it is to go to one account.

use domain::{AccountId, DestinationId, MediaId, Settings, Timestamp};
use serde::{Deserialize, Serialize};

/// What is to be published where.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The destination.
    pub destination_id: DestinationId,
    /// The text for this platform.
    pub text: String,
    /// Parts 2..n of a thread.
    pub thread: Vec<String>,
    /// The media, in order. They belong to the first part.
    pub media: Vec<MediaItem>,
    /// `Post`, `Reels`, `Story` …, if the author named one.
    pub content_type: Option<String>,
    /// The platform's settings.
    pub settings: Settings,
    /// When it was to go out.
    pub scheduled_for: Timestamp,
}

/// A media file of a publication.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaItem {
    /// Its id in the library.
    pub id: MediaId,
    /// What it is.
    pub kind: MediaKind,
    /// MIME type.
    pub content_type: String,
    /// The original file name.
    pub filename: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Width in pixels, if known.
    pub width: Option<u32>,
    /// Height in pixels, if known.
    pub height: Option<u32>,
    /// Length of a video in seconds, if known.
    pub seconds: Option<f64>,
    /// Alternative text, if the author gave one.
    pub alt_text: Option<String>,
}

/// What a media file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaKind {
    /// A still image or a GIF.
    Image,
    /// A video.
    Video,
    /// A document.
    Document,
}

/// The account that it goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRef {
    /// Our id.
    pub id: AccountId,
    /// The platform's id.
    pub platform_user_id: String,
    /// The handle without `@`, where there is one.
    pub username: Option<String>,
    /// The shown name.
    pub display_name: String,
    /// Whether it has the platform's paid tier.
    pub premium: bool,
    /// The host that serves this account, where accounts live on different ones.
    pub service_url: Option<String>,
}
