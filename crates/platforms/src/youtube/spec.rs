//! YouTube: rules and hosts. A post is one video; text is its description.

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{MediaNeed, PlatformRules, TextRules, TitleRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of YouTube.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("youtube"),
    display_name: "YouTube",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "api", url: "https://www.googleapis.com" },
        Host { key: "oauth", url: "https://oauth2.googleapis.com" },
        Host { key: "authorize", url: "https://accounts.google.com" },
        Host { key: "permalink", url: "https://www.youtube.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        limit: 5_000,
        premium_limit: None,
        counting: CountingRule::Utf8Bytes,
        max_bytes: None,
        forbidden: &['<', '>'],
    },
    title: Some(TitleRules { limit: 100, required: true, from_text: false, forbidden: &['<', '>'] }),
    image: None,
    video: Some(VideoRules {
        max_count: 1,
        formats: &[
            "video/mp4",
            "video/quicktime",
            "video/webm",
            "video/x-msvideo",
            "video/mpeg",
            "video/3gpp",
            "video/x-flv",
            "video/x-ms-wmv",
        ],
        max_bytes: Some(274_877_906_944),
        min_seconds: Some(1.0),
        max_seconds: Some(43200.0),
        min_aspect: None,
        max_aspect: None,
    }),
    document: None,
    media: MediaNeed::OneVideo,
    alt_text_max: None,
    hashtags_max: Some(60),
    mentions_max: None,
    threads: false,
    features: &["shorts"],
};
