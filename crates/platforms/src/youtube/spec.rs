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
    logins: super::sign_in::LOGINS,
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://www.googleapis.com" },
        Host { key: "oauth", url: "https://oauth2.googleapis.com" },
        Host { key: "authorize", url: "https://accounts.google.com" },
        Host { key: "analytics", url: "https://youtubeanalytics.googleapis.com" },
        Host { key: "permalink", url: "https://www.youtube.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

/// Quota is counted by project and told in no header, and projects are granted more: a refusal comes
/// before a byte is sent and names its end, so nothing is held back here (page "Quota costs"). The
/// bound is of memory: each upload holds one piece of its file.
const LIMITS: PlatformLimits = PlatformLimits { caps: &[], at_once_per_app: Some(16), budgets: &[] };

const RULES: PlatformRules = PlatformRules {
    text: TextRules { forbidden: &['<', '>'], ..TextRules::up_to(5_000, CountingRule::Utf8Bytes) },
    title: Some(TitleRules {
        limit: 100,
        counting: CountingRule::Utf16Units,
        required: true,
        from_text: false,
        forbidden: &['<', '>'],
    }),
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
        SettingRule { keys: &["categoryId", "category_id", "category"], takes: SettingTakes::Digits },
        SettingRule { keys: &["tags"], takes: SettingTakes::Words(500) },
        SettingRule { keys: &["firstComment"], takes: SettingTakes::Text(10_000) },
    ],
    features: &["shorts", "thumbnails", "first_comment"],
    ..PlatformRules::OPEN
};
