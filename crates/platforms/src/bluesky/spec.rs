//! Bluesky: rules and hosts (docs.bsky.app; app.bsky.feed.post lexicon).

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Bluesky.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("bluesky"),
    display_name: "Bluesky",
    sign_in: SignIn::Credential,
    hosts: &[
        Host { key: "entryway", url: "https://bsky.social" },
        Host { key: "appview", url: "https://public.api.bsky.app" },
        Host { key: "plc", url: "https://plc.directory" },
        Host { key: "permalink", url: "https://bsky.app" },
        Host { key: "video", url: "https://video.bsky.app" },
    ],
    rules: RULES,
    settle: Span::from_seconds(5),
    refresh_margin: Span::from_minutes(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 300,
        premium_limit: None,
        counting: CountingRule::Graphemes,
        max_bytes: Some(3_000),
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 4,
        formats: &["image/jpeg", "image/png", "image/webp", "image/gif"],
        max_bytes: Some(1_000_000),
        min_width: None,
        max_width: None,
        min_height: None,
        max_height: None,
        min_aspect: None,
        max_aspect: None,
    }),
    video: Some(VideoRules {
        max_count: 1,
        formats: &["video/mp4"],
        max_bytes: Some(100_000_000),
        min_seconds: None,
        max_seconds: Some(180.0),
        min_aspect: None,
        max_aspect: None,
    }),
    document: None,
    media: MediaNeed::Optional,
    alt_text_max: Some(2_000),
    hashtags_max: None,
    mentions_max: None,
    threads: true,
    features: &["threads", "quotes", "link_cards"],
};
