//! What a platform takes: one table per platform, and the check of a post against it.

mod check;
pub mod fit;
mod setting;
mod title;

pub use check::{Draft, DraftMedia, Field, Violation, check, measure};
pub use setting::{PollRules, SettingRule, SettingTakes};
pub use title::title_from_text;

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
    /// Which kinds of media one post can have together.
    pub mix: MediaMix,
    /// The longest alternative text of an image.
    pub alt_text_max: Option<u32>,
    /// How the platform counts alternative texts.
    pub alt_text_counting: CountingRule,
    /// The most hashtags in a text.
    pub hashtags_max: Option<u32>,
    /// The most mentions in a text.
    pub mentions_max: Option<u32>,
    /// The most cashtags in one text, such as `$RYE`.
    pub cashtags_max: Option<u32>,
    /// The most different links in one text.
    pub links_max: Option<u32>,
    /// Whether `thread_posts` become replies to the first part. Elsewhere only part 1 goes out.
    pub threads: bool,
    /// Whether the platform refuses a text that the account has just posted, so that no two parts of
    /// a thread can be the same.
    pub parts_differ: bool,
    /// The kinds of post that a caller may name; empty where there is only one.
    pub content_types: &'static [ContentTypeRule],
    /// The settings that the platform refuses when they are wrong. Others are ignored here.
    pub settings: &'static [SettingRule],
    /// Long posts with limits of their own, where the platform has them.
    pub article: Option<ArticleRules>,
    /// Feature words of the platform rules endpoint.
    pub features: &'static [&'static str],
}

impl PlatformRules {
    /// Rules that forbid nothing but an empty post: what a table leaves out.
    pub const OPEN: Self = Self {
        text: TextRules::up_to(u32::MAX, CountingRule::CodePoints),
        title: None,
        image: None,
        video: None,
        document: None,
        media: MediaNeed::Optional,
        mix: MediaMix::OneKind,
        alt_text_max: None,
        alt_text_counting: CountingRule::CodePoints,
        hashtags_max: None,
        mentions_max: None,
        cashtags_max: None,
        links_max: None,
        threads: false,
        parts_differ: false,
        content_types: &[],
        settings: &[],
        article: None,
        features: &[],
    };

    /// What images must be like in a post of this content type.
    pub fn image_for(&self, content_type: Option<&str>) -> Option<ImageRules> {
        let image = self.image?;
        let own = content_type.and_then(|name| self.content_type(name)).and_then(|rule| rule.image_aspects);
        Some(match own {
            Some((min, max)) => ImageRules { min_aspect: Some(min), max_aspect: Some(max), ..image },
            None => image,
        })
    }

    /// The rule of the content type `name`, as a caller names it.
    pub fn content_type(&self, name: &str) -> Option<&'static ContentTypeRule> {
        self.content_types.iter().find(|rule| rule.name == name)
    }
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
    /// The limit beside a video, where it differs.
    pub limit_with_video: Option<u32>,
    /// The setting whose text counts with every part, by its graphemes: Mastodon's content warning,
    /// in which links have their full length.
    pub counts_with: Option<&'static str>,
    /// Characters that the text must not hold.
    pub forbidden: &'static [char],
}

impl TextRules {
    /// A text of up to `limit` units of `counting`, for every account.
    pub const fn up_to(limit: u32, counting: CountingRule) -> Self {
        Self {
            limit,
            premium_limit: None,
            counting,
            max_bytes: None,
            limit_with_video: None,
            counts_with: None,
            forbidden: &[],
        }
    }
}

/// How long a title may be, and whether there must be one.
#[derive(Clone, Copy, Debug)]
pub struct TitleRules {
    /// The limit, in the unit of `counting`.
    pub limit: u32,
    /// How the platform counts it.
    pub counting: CountingRule,
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
    /// The most that width and height add up to.
    pub max_sides: Option<u32>,
    /// Whether a GIF can stand beside other files.
    pub gifs: Gifs,
    /// A size above which an image is refused; the other numbers are met by conversion.
    pub ceiling: Option<PixelCeiling>,
}

impl ImageRules {
    /// Up to `max_count` images of these MIME types and of any size.
    pub const fn up_to(max_count: u32, formats: &'static [&'static str]) -> Self {
        Self {
            max_count,
            formats,
            max_bytes: None,
            min_width: None,
            max_width: None,
            min_height: None,
            max_height: None,
            min_aspect: None,
            max_aspect: None,
            max_sides: None,
            gifs: Gifs::BesideOthers,
            ceiling: None,
        }
    }
}

/// What a platform does with a GIF beside other files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gifs {
    /// Takes it as an image.
    BesideOthers,
    /// Takes it as an image unless it moves; a moving one is posted alone.
    AloneIfAnimated,
    /// Takes it for a film, which is posted alone.
    Alone,
}

/// The largest picture that a platform takes, whichever way it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelCeiling {
    /// The most pixels of the shorter side.
    pub short: u32,
    /// The most pixels of the longer side.
    pub long: u32,
}

/// What videos must be like.
#[derive(Clone, Copy, Debug)]
pub struct VideoRules {
    /// The most videos in one post.
    pub max_count: u32,
    /// MIME types taken as they are.
    pub formats: &'static [&'static str],
    /// The smallest file. Nothing makes a video larger.
    pub min_bytes: Option<u64>,
    /// The largest file.
    pub max_bytes: Option<u64>,
    /// The shortest video in seconds.
    pub min_seconds: Option<f64>,
    /// The longest video in seconds.
    pub max_seconds: Option<f64>,
    /// The longest video of a premium account in seconds, where it differs.
    pub premium_max_seconds: Option<f64>,
    /// The longest video in seconds beside other files, where it differs.
    pub max_seconds_among: Option<f64>,
    /// The smallest width in pixels.
    pub min_width: Option<u32>,
    /// The largest width in pixels.
    pub max_width: Option<u32>,
    /// The smallest height in pixels.
    pub min_height: Option<u32>,
    /// The narrowest aspect.
    pub min_aspect: Option<f64>,
    /// The widest aspect.
    pub max_aspect: Option<f64>,
    /// The fewest pictures a second.
    pub min_fps: Option<u32>,
    /// The most pictures a second.
    pub max_fps: Option<u32>,
    /// The most bits a second, sound included.
    pub max_bitrate: Option<u64>,
    /// The codecs of pictures that are taken as they are; empty for any.
    pub video_codecs: &'static [&'static str],
    /// The codecs of sound that are taken as they are; empty for any.
    pub audio_codecs: &'static [&'static str],
    /// A size above which a video is refused; the other numbers but the lengths are met by
    /// conversion.
    pub ceiling: Option<PixelCeiling>,
}

impl VideoRules {
    /// Up to `max_count` videos of these MIME types, of any size and length.
    pub const fn up_to(max_count: u32, formats: &'static [&'static str]) -> Self {
        Self {
            max_count,
            formats,
            min_bytes: None,
            max_bytes: None,
            min_seconds: None,
            max_seconds: None,
            premium_max_seconds: None,
            max_seconds_among: None,
            min_width: None,
            max_width: None,
            min_height: None,
            min_aspect: None,
            max_aspect: None,
            min_fps: None,
            max_fps: None,
            max_bitrate: None,
            video_codecs: &[],
            audio_codecs: &[],
            ceiling: None,
        }
    }
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

/// Which kinds of media one post can have together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaMix {
    /// Images, or videos, or documents.
    OneKind,
    /// Images and videos, at most so many files; or documents.
    ImagesAndVideos(u32),
    /// Any files, at most so many.
    Anything(u32),
}

/// A kind of post that a caller may name.
#[derive(Clone, Copy, Debug)]
pub struct ContentTypeRule {
    /// Its name, such as `Reels`.
    pub name: &'static str,
    /// What media it needs.
    pub media: ContentTypeMedia,
    /// The shortest video in seconds, where it differs from other posts.
    pub min_seconds: Option<f64>,
    /// The longest video in seconds, where it differs from other posts.
    pub max_seconds: Option<f64>,
    /// The narrowest and the widest aspect of its images, where they differ from other posts.
    pub image_aspects: Option<(f64, f64)>,
}

impl ContentTypeRule {
    /// A kind of post with no rules of its own.
    pub const fn plain(name: &'static str) -> Self {
        Self {
            name,
            media: ContentTypeMedia::AsAny,
            min_seconds: None,
            max_seconds: None,
            image_aspects: None,
        }
    }
}

/// What media a kind of post needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentTypeMedia {
    /// What every post on the platform needs.
    AsAny,
    /// One video and nothing else.
    OneVideo,
    /// One image or one video.
    OneImageOrVideo,
}

/// Long posts with limits of their own.
#[derive(Clone, Copy, Debug)]
pub struct ArticleRules {
    /// The setting that asks for one.
    pub key: &'static str,
    /// The value of that setting.
    pub value: &'static str,
    /// The most characters.
    pub text_max: u32,
    /// Its title.
    pub title: TitleRules,
    /// The most images. It takes no videos.
    pub images_max: u32,
}
