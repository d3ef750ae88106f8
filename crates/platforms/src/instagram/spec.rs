//! Instagram: rules and hosts. Every post needs media; text is its caption.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Instagram.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("instagram"),
    display_name: "Instagram",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "graph", url: "https://graph.facebook.com" },
        Host { key: "login", url: "https://graph.instagram.com" },
        Host { key: "authorize", url: "https://www.instagram.com" },
        Host { key: "permalink", url: "https://www.instagram.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 2_200,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 10,
        formats: &["image/jpeg"],
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_height: None,
        max_height: None,
        min_aspect: Some(0.8),
        max_aspect: Some(1.91),
    }),
    video: Some(VideoRules {
        max_count: 1,
        formats: &["video/mp4", "video/quicktime"],
        max_bytes: Some(314_572_800),
        min_seconds: Some(3.0),
        max_seconds: Some(900.0),
        min_aspect: Some(0.01),
        max_aspect: Some(10.0),
    }),
    document: None,
    media: MediaNeed::ImageOrVideo,
    alt_text_max: Some(1_000),
    hashtags_max: Some(30),
    mentions_max: Some(20),
    threads: false,
    features: &["carousels", "reels", "stories", "alt_text", "first_comment"],
};
