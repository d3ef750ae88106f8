//! Threads: rules and hosts.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Threads.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("threads"),
    display_name: "Threads",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "graph", url: "https://graph.threads.net" },
        Host { key: "authorize", url: "https://threads.net" },
        Host { key: "permalink", url: "https://www.threads.net" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 500,
        premium_limit: None,
        counting: CountingRule::EmojiAsUtf8Bytes,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 20,
        formats: &["image/jpeg", "image/png"],
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_height: None,
        max_height: None,
        min_aspect: Some(0.1),
        max_aspect: Some(10.0),
    }),
    video: Some(VideoRules {
        max_count: 20,
        formats: &["video/mp4", "video/quicktime"],
        max_bytes: Some(1_073_741_824),
        min_seconds: Some(1.0),
        max_seconds: Some(300.0),
        min_aspect: Some(0.01),
        max_aspect: Some(10.0),
    }),
    document: None,
    media: MediaNeed::Optional,
    alt_text_max: Some(1_000),
    hashtags_max: None,
    mentions_max: None,
    threads: true,
    features: &["threads", "carousels", "alt_text", "link_cards", "first_comment"],
};
