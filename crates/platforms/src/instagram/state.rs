//! Where a publish stands, and what kind of post it is.

use connector::{MediaKind, Publication};
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a publish stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What comes next.
    pub stage: Stage,
    /// The containers of a carousel's media, in order.
    #[serde(default)]
    pub children: Vec<String>,
    /// The container that is to be published.
    #[serde(default)]
    pub container: Option<String>,
    /// When the first container that is still in use was made.
    #[serde(default)]
    pub made_at: Option<Timestamp>,
    /// How often containers had to be made anew.
    #[serde(default)]
    pub rebuilt: u8,
    /// How often a container was said not to be ready that was.
    #[serde(default)]
    pub unready: u8,
    /// The post, once it is live.
    #[serde(default)]
    pub posted: Option<Posted>,
}

/// A live post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// Its id.
    pub id: String,
    /// Its address; empty until it is known.
    pub url: String,
}

/// What comes next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// The next container.
    #[default]
    Create,
    /// The bytes of a film, for a container that was made for them.
    Upload {
        /// The container.
        container: String,
        /// Where the bytes go.
        uri: String,
    },
    /// The platform processes a carousel's media.
    Children {
        /// The one that is looked at, from 0.
        child: usize,
        /// When that was first asked.
        since: Timestamp,
    },
    /// The platform processes the container.
    Processing {
        /// When that was first asked.
        since: Timestamp,
    },
    /// What is left of the day's posts.
    Quota,
    /// The commit.
    Ready,
    /// The post is live; which one it is has to be found.
    Find {
        /// It is not older.
        since: Timestamp,
        /// How often it was looked for in vain.
        tries: u8,
    },
    /// The address of the live post.
    Address {
        /// How often it was asked for in vain.
        tries: u8,
    },
    /// The commit of the first comment.
    Comment,
}

impl State {
    /// The state before the first container, once more.
    pub(super) fn begun_again(self) -> Self {
        Self {
            stage: Stage::Create,
            children: Vec::new(),
            container: None,
            made_at: None,
            rebuilt: self.rebuilt + 1,
            ..self
        }
    }
}

/// What kind of post it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Carousel,
    Reel,
    /// Shown to strangers first.
    TrialReel,
    ImageStory,
    VideoStory,
}

impl Kind {
    /// Follows from the post alone, so that it is the same on every attempt.
    pub(super) fn of(to: &Publication) -> Self {
        let is_named =
            |name: &str| to.content_type.as_deref().is_some_and(|named| named.eq_ignore_ascii_case(name));
        let has_video = to.media.iter().any(|item| item.kind == MediaKind::Video);
        if is_named("Story") {
            return if has_video { Self::VideoStory } else { Self::ImageStory };
        }
        if is_named("Trial Reel") {
            return Self::TrialReel;
        }
        match (is_named("Reels"), to.media.len(), has_video) {
            (false, 2.., _) => Self::Carousel,
            (true, ..) | (false, _, true) => Self::Reel,
            (false, _, false) => Self::Image,
        }
    }

    pub(super) const fn is_story(self) -> bool {
        matches!(self, Self::ImageStory | Self::VideoStory)
    }

    pub(super) const fn is_reel(self) -> bool {
        matches!(self, Self::Reel | Self::TrialReel)
    }

    /// What the platform calls it when it is read back.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Image | Self::ImageStory => "IMAGE",
            Self::Carousel => "CAROUSEL_ALBUM",
            Self::Reel | Self::TrialReel | Self::VideoStory => "VIDEO",
        }
    }
}
