//! Discord: rules and hosts.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{DocumentRules, ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Discord.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("discord"),
    display_name: "Discord",
    sign_in: SignIn::Credential,
    hosts: &[
        Host { key: "api", url: "https://discord.com" },
        Host { key: "permalink", url: "https://discord.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 2_000,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 10,
        formats: &["image/jpeg", "image/png", "image/gif", "image/webp"],
        max_bytes: Some(10_485_760),
        min_width: None,
        max_width: None,
        min_height: None,
        max_height: None,
        min_aspect: None,
        max_aspect: None,
    }),
    video: Some(VideoRules {
        max_count: 1,
        formats: &["video/mp4", "video/webm", "video/quicktime"],
        max_bytes: Some(10_485_760),
        min_seconds: None,
        max_seconds: None,
        min_aspect: None,
        max_aspect: None,
    }),
    document: Some(DocumentRules { max_count: 10, formats: &["*/*"], max_bytes: 10_485_760 }),
    media: MediaNeed::Optional,
    alt_text_max: Some(1_024),
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["link_cards", "documents"],
};
