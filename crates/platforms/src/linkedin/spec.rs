//! LinkedIn: rules and hosts (Posts API, Images API, little text format).

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{DocumentRules, ImageRules, MediaNeed, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of LinkedIn.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("linkedin"),
    display_name: "LinkedIn",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "api", url: "https://api.linkedin.com" },
        Host { key: "oauth", url: "https://www.linkedin.com" },
        Host { key: "permalink", url: "https://www.linkedin.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(45),
    refresh_margin: Span::from_days(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 3_000,
        premium_limit: None,
        counting: CountingRule::Utf16Units,
        max_bytes: None,
        forbidden: &[],
    },
    title: None,
    image: Some(ImageRules {
        max_count: 20,
        formats: &["image/jpeg", "image/png", "image/gif"],
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
        max_bytes: Some(524_288_000),
        min_seconds: Some(3.0),
        max_seconds: Some(1800.0),
        min_aspect: Some(0.4167),
        max_aspect: Some(2.4),
    }),
    document: Some(DocumentRules {
        max_count: 1,
        formats: &[
            "application/pdf",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ],
        max_bytes: 104_857_600,
    }),
    media: MediaNeed::Optional,
    alt_text_max: Some(4_086),
    hashtags_max: None,
    mentions_max: None,
    threads: false,
    features: &["carousels", "alt_text", "documents", "link_cards", "first_comment"],
};
