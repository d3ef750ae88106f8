//! Where a publish stands, and what kind of post it is.

use connector::{MediaItem, MediaKind, Publication};
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The uploaded photos, in order.
    #[serde(default)]
    pub photos: Vec<String>,
    /// The video, once its upload is open.
    #[serde(default)]
    pub video: Option<String>,
    /// The link that the post shows.
    #[serde(default)]
    pub link: Option<String>,
    /// The post, once it is live.
    #[serde(default)]
    pub posted: Option<Posted>,
    /// Whether the upload had to be begun a second time.
    #[serde(default)]
    pub uploaded_again: bool,
}

/// A live post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its id, `{page}_{post}`.
    pub id: String,
    /// Its address.
    pub url: String,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// The next photo, or the opening of the video's upload.
    #[default]
    Upload,
    /// The next piece of a video for the feed.
    Transfer {
        /// The upload.
        session: String,
        /// Where the piece begins.
        start: u64,
        /// Where it ends.
        end: u64,
    },
    /// The bytes of a reel or of a story's video.
    Bytes {
        /// Where they go.
        upload_url: String,
    },
    /// The platform takes the bytes in.
    Uploaded {
        /// When that was first asked.
        since: Timestamp,
    },
    /// The commit. A video for the feed is published by naming its upload.
    Ready {
        /// The upload.
        #[serde(default)]
        session: Option<String>,
    },
    /// The platform processes a video that was published.
    Processing {
        /// When that was first asked.
        since: Timestamp,
    },
    /// The address of a story that is live.
    Address {
        /// How often it was asked for in vain.
        tries: u8,
    },
    /// The commit of the first comment.
    Comment,
}

/// What kind of post it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text, a link, or photos.
    Feed,
    Video,
    Reel,
    PhotoStory,
    VideoStory,
}

impl Kind {
    /// Follows from the post alone, so that it is the same on every attempt. A video becomes a reel
    /// unless the author or its shape says otherwise.
    pub(super) fn of(to: &Publication) -> Self {
        let video = to.media.iter().find(|item| item.kind == MediaKind::Video);
        let wanted = to.content_type.as_deref().unwrap_or_default();
        match (wanted.eq_ignore_ascii_case("Story"), video) {
            (true, None) => Self::PhotoStory,
            (true, Some(_)) => Self::VideoStory,
            (false, None) => Self::Feed,
            (false, Some(_)) if wanted.eq_ignore_ascii_case("Reels") => Self::Reel,
            (false, Some(video)) => match to.settings.text("videoType") {
                Some("reel") => Self::Reel,
                Some("video") => Self::Video,
                _ if may_be_reel(video) => Self::Reel,
                _ => Self::Video,
            },
        }
    }

    pub(super) const fn is_story(self) -> bool {
        matches!(self, Self::PhotoStory | Self::VideoStory)
    }

    /// Whether it goes out as a video.
    pub(super) const fn is_video(self) -> bool {
        matches!(self, Self::Video | Self::Reel | Self::VideoStory)
    }

    /// The edge of the Page that videos of this kind are uploaded to.
    pub(super) const fn edge(self) -> &'static str {
        match self {
            Self::Reel => "video_reels",
            Self::VideoStory => "video_stories",
            _ => "videos",
        }
    }
}

/// Reels stand upright, 9 by 16. Of a video whose size nobody knows that is assumed.
fn may_be_reel(video: &MediaItem) -> bool {
    match (video.width, video.height) {
        (Some(width), Some(height)) => {
            let (width, height) = (u64::from(width) * 16, u64::from(height) * 9);
            height > 0 && width.abs_diff(height) * 20 <= height
        }
        _ => true,
    }
}

impl State {
    pub(super) fn new(to: &Publication) -> Self {
        Self { link: link_of(to), ..Self::default() }
    }
}

/// The link that the author named, or the only one in a text without media. Facebook shows no card
/// for a link that merely stands in the text.
fn link_of(to: &Publication) -> Option<String> {
    if !to.media.is_empty() {
        return None;
    }
    if let Some(link) = to.settings.text("link") {
        return Some(link.to_owned());
    }
    let mut links =
        to.text.split_whitespace().filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    let link = links.next().filter(|_| links.next().is_none())?;
    Some(link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).to_owned())
}
