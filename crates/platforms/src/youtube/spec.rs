//! YouTube: rules and hosts (Data API, `videos.insert`). A post is one video; text is its description.

use connector::{Host, PlatformLimits, PlatformSpec, SignIn};
use domain::rules::{
    ContentTypeRule, MediaNeed, PlatformRules, SettingRule, SettingTakes, TextRules, TitleRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of YouTube.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("youtube"),
    display_name: "YouTube",
    sign_in: SignIn::OAuth,
    logins: &[],
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://www.googleapis.com" },
        Host { key: "oauth", url: "https://oauth2.googleapis.com" },
        Host { key: "authorize", url: "https://accounts.google.com" },
        Host { key: "analytics", url: "https://youtubeanalytics.googleapis.com" },
        Host { key: "permalink", url: "https://www.youtube.com" },
    ],
    rules: RULES,
    limits: PlatformLimits::UNKNOWN,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules { forbidden: &['<', '>'], ..TextRules::up_to(5_000, CountingRule::Utf8Bytes) },
    title: Some(TitleRules { limit: 100, required: true, from_text: false, forbidden: &['<', '>'] }),
    video: Some(VideoRules {
        max_bytes: Some(274_877_906_944),
        min_seconds: Some(1.0),
        max_seconds: Some(43_200.0),
        ..VideoRules::up_to(
            1,
            &[
                "video/mp4",
                "video/quicktime",
                "video/webm",
                "video/x-msvideo",
                "video/mpeg",
                "video/3gpp",
                "video/x-flv",
                "video/x-ms-wmv",
            ],
        )
    }),
    media: MediaNeed::OneVideo,
    content_types: &[
        ContentTypeRule::plain("Video"),
        ContentTypeRule { max_seconds: Some(180.0), ..ContentTypeRule::plain("Short") },
    ],
    settings: &[
        SettingRule {
            keys: &["privacy", "privacyStatus", "privacyLevel", "visibility"],
            takes: SettingTakes::OneOf(&["public", "unlisted", "private"]),
        },
        SettingRule { keys: &["tags"], takes: SettingTakes::Words(500) },
    ],
    ..PlatformRules::OPEN
};
