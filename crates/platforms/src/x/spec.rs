//! X: rules and hosts (docs.x.com: OpenAPI, media, rate limits; twitter-text configuration v3).

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of X.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("x"),
    display_name: "X",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "api", url: "https://api.x.com" },
        Host { key: "authorize", url: "https://x.com" },
        Host { key: "permalink", url: "https://x.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 280,
        premium_limit: Some(25_000),
        counting: CountingRule::TwitterWeighted,
        max_bytes: None,
        forbidden: &['\u{fffe}', '\u{feff}', '\u{ffff}'],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 4,
        formats: &["image/jpeg", "image/png", "image/webp", "image/gif"],
        max_bytes: Some(5_242_880),
        min_width: None,
        max_width: None,
        min_height: None,
        max_height: None,
        min_aspect: None,
        max_aspect: None,
    }),
    video: Some(VideoRules {
        max_count: 1,
        formats: &["video/mp4", "video/quicktime"],
        max_bytes: Some(536_870_912),
        min_seconds: Some(0.5),
        max_seconds: Some(140.0),
        min_aspect: Some(0.3333),
        max_aspect: Some(3.0),
    }),
    document: None,
    media: MediaNeed::Optional,
    alt_text_max: Some(1_000),
    hashtags_max: None,
    mentions_max: None,
    threads: true,
    features: &["threads", "alt_text", "first_comment"],
};
