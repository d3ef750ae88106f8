//! Telegram: rules and hosts. A text over the caption limit goes out as its own message.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{DocumentRules, ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Telegram.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("telegram"),
    display_name: "Telegram",
    sign_in: SignIn::Credential,
    hosts: &[
        Host { key: "api", url: "https://api.telegram.org" },
        Host { key: "permalink", url: "https://t.me" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 4_096,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 10,
        formats: &["image/jpeg", "image/png", "image/webp"],
        max_bytes: Some(10_000_000),
        min_width: None,
        max_width: None,
        min_height: None,
        max_height: None,
        min_aspect: Some(0.05),
        max_aspect: Some(20.0),
    }),
    video: Some(VideoRules {
        max_count: 10,
        formats: &["video/mp4"],
        max_bytes: Some(50_000_000),
        min_seconds: None,
        max_seconds: None,
        min_aspect: None,
        max_aspect: None,
    }),
    document: Some(DocumentRules { max_count: 10, formats: &["*/*"], max_bytes: 50_000_000 }),
    media: MediaNeed::Optional,
    alt_text_max: None,
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["documents", "link_cards"],
};
