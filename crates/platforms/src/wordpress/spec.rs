//! WordPress: rules. A post is an article with a title; the site is the account's own host.

use connector::{PlatformSpec, SignIn};
use domain::rules::{ImageRules, MediaNeed, PlatformRules, TextRules, TitleRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of WordPress.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("wordpress"),
    display_name: "WordPress",
    sign_in: SignIn::Credential,
    hosts: &[],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 200_000,
        premium_limit: None,
        counting: CountingRule::CodePoints,
        max_bytes: None,
        forbidden: &[],
    },
    title: Some(TitleRules { limit: 200, required: true, from_text: true, forbidden: &[] }),
    image: Some(ImageRules {
        max_count: 20,
        formats: &["image/jpeg", "image/png", "image/gif", "image/webp"],
        max_bytes: None,
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
        max_bytes: None,
        min_seconds: None,
        max_seconds: None,
        min_aspect: None,
        max_aspect: None,
    }),
    document: None,
    media: MediaNeed::Optional,
    alt_text_max: None,
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["blog_posts"],
};
