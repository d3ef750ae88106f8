//! TikTok: rules and hosts. Every post needs media.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of TikTok.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("tiktok"),
    display_name: "TikTok",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "api", url: "https://open.tiktokapis.com" },
        Host { key: "authorize", url: "https://www.tiktok.com" },
        Host { key: "permalink", url: "https://www.tiktok.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(30),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 4_000,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 35,
        formats: &["image/jpeg", "image/webp"],
        max_bytes: Some(20_000_000),
        min_width: None,
        max_width: Some(1_080),
        min_height: None,
        max_height: Some(1_920),
        min_aspect: None,
        max_aspect: None,
    }),
    video: Some(VideoRules {
        max_count: 1,
        formats: &["video/mp4", "video/quicktime", "video/webm"],
        max_bytes: Some(4_000_000_000),
        min_seconds: Some(1.0),
        max_seconds: Some(600.0),
        min_aspect: None,
        max_aspect: None,
    }),
    document: None,
    media: MediaNeed::ImageOrVideo,
    alt_text_max: None,
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["carousels"],
};
