//! What a platform takes: one table per platform, and the check of a post against it.

mod check;

pub use check::{Draft, DraftMedia, Field, Violation, check};

use crate::text::CountingRule;

/// What one platform takes. Sizes in bytes, lengths of video in seconds, aspect = width ÷ height.
#[derive(Clone, Debug)]
pub struct PlatformRules {
    /// The text of a post.
    pub text: TextRules,
    /// The title, where a post has one.
    pub title: Option<TitleRules>,
    /// Images, if the platform takes any.
    pub image: Option<ImageRules>,
    /// Videos, if the platform takes any.
    pub video: Option<VideoRules>,
    /// Documents, if the platform takes any.
    pub document: Option<DocumentRules>,
    /// Whether a post needs media.
    pub media: MediaNeed,
    /// The longest alternative text of an image.
    pub alt_text_max: Option<u32>,
    /// The most hashtags in a text.
    pub hashtags_max: Option<u32>,
    /// The most mentions in a text.
    pub mentions_max: Option<u32>,
    /// Whether `thread_posts` become replies to the first part. Elsewhere only part 1 goes out.
    pub threads: bool,
    /// Feature words of the platform rules endpoint.
    pub features: &'static [&'static str],
}

/// How long a text may be.
#[derive(Clone, Copy, Debug)]
pub struct TextRules {
    /// The limit for every account, in the unit of `counting`.
    pub limit: u32,
    /// The limit for premium accounts, where they have one of their own.
    pub premium_limit: Option<u32>,
    /// How the platform counts.
    pub counting: CountingRule,
    /// A second limit, in UTF-8 bytes.
    pub max_bytes: Option<u32>,
    /// Characters that the text must not hold.
    pub forbidden: &'static [char],
}

/// How long a title may be, and whether there must be one.
#[derive(Clone, Copy, Debug)]
pub struct TitleRules {
    /// The limit in characters.
    pub limit: u32,
    /// Whether a post without a title is refused.
    pub required: bool,
    /// Whether a first line or heading of the text stands in for a missing title.
    pub from_text: bool,
    /// Characters that the title must not hold.
    pub forbidden: &'static [char],
}

/// What images must be like.
#[derive(Clone, Copy, Debug)]
pub struct ImageRules {
    /// The most images in one post.
    pub max_count: u32,
    /// MIME types taken as they are.
    pub formats: &'static [&'static str],
    /// The largest file.
    pub max_bytes: Option<u64>,
    /// The smallest width in pixels.
    pub min_width: Option<u32>,
    /// The largest width in pixels.
    pub max_width: Option<u32>,
    /// The smallest height in pixels.
    pub min_height: Option<u32>,
    /// The largest height in pixels.
    pub max_height: Option<u32>,
    /// The narrowest aspect.
    pub min_aspect: Option<f64>,
    /// The widest aspect.
    pub max_aspect: Option<f64>,
}

/// What videos must be like.
#[derive(Clone, Copy, Debug)]
pub struct VideoRules {
    /// The most videos in one post.
    pub max_count: u32,
    /// MIME types taken as they are.
    pub formats: &'static [&'static str],
    /// The largest file.
    pub max_bytes: Option<u64>,
    /// The shortest video in seconds.
    pub min_seconds: Option<f64>,
    /// The longest video in seconds.
    pub max_seconds: Option<f64>,
    /// The narrowest aspect.
    pub min_aspect: Option<f64>,
    /// The widest aspect.
    pub max_aspect: Option<f64>,
}

/// What documents must be like.
#[derive(Clone, Copy, Debug)]
pub struct DocumentRules {
    /// The most documents in one post.
    pub max_count: u32,
    /// MIME types taken; `*/*` for any.
    pub formats: &'static [&'static str],
    /// The largest file.
    pub max_bytes: u64,
}

/// Whether a post needs media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaNeed {
    /// Text alone is a post.
    Optional,
    /// There must be an image or a video.
    ImageOrVideo,
    /// There must be exactly one video.
    OneVideo,
}
