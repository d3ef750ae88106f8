//! Facebook Pages: rules and hosts.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Facebook.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("facebook"),
    display_name: "Facebook",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "graph", url: "https://graph.facebook.com" },
        Host { key: "video", url: "https://graph-video.facebook.com" },
        Host { key: "authorize", url: "https://www.facebook.com" },
        Host { key: "permalink", url: "https://www.facebook.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 63_206,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 10,
        formats: &["image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"],
        max_bytes: Some(4_194_304),
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
        max_bytes: Some(10_737_418_240),
        min_seconds: Some(1.0),
        max_seconds: Some(14400.0),
        min_aspect: None,
        max_aspect: None,
    }),
    document: None,
    media: MediaNeed::Optional,
    alt_text_max: None,
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["reels", "stories", "carousels", "link_cards", "first_comment"],
};
