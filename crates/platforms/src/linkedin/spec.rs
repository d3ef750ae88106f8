//! LinkedIn: rules and hosts (Posts API, Images API, little text format).

use connector::{ApiVersion, Host, PlatformLimits, PlatformSpec, SignIn};
use domain::caps::{Cap, CapWindow, Counts};
use domain::rules::{
    DocumentRules, ImageRules, PlatformRules, SettingRule, SettingTakes, TextRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of LinkedIn.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("linkedin"),
    display_name: "LinkedIn",
    sign_in: SignIn::OAuth,
    logins: super::sign_in::LOGINS,
    versions: VERSIONS,
    hosts: &[
        Host { key: "api", url: "https://api.linkedin.com" },
        Host { key: "oauth", url: "https://www.linkedin.com" },
        Host { key: "permalink", url: "https://www.linkedin.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(45),
    refresh_margin: Span::from_days(5),
};

/// Page "Versioning" and its table of sunsets. The newest one is served for a year at least from the
/// day of its release, 16 September 2026.
const VERSIONS: &[ApiVersion] = &[
    ApiVersion { name: "202609", ends: Some("2027-09-15") },
    ApiVersion { name: "202603", ends: Some("2027-03-16") },
    ApiVersion { name: "202601", ends: Some("2027-01-15") },
];

/// Page "Rate limits": 150 requests a member and day; a post is one request at least. No headers
/// tell what is left.
const LIMITS: PlatformLimits = PlatformLimits {
    caps: &[Cap { count: 150, window: CapWindow::Day("UTC"), counts: Counts::Parts }],
    at_once_per_app: Some(64),
    budgets: &[],
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(3_000, CountingRule::Utf16Units),
    image: Some(ImageRules {
        max_bytes: Some(20_000_000),
        ..ImageRules::up_to(20, &["image/jpeg", "image/png", "image/gif"])
    }),
    video: Some(VideoRules {
        // Videos API: 75 kB to 500 MB; only some partners may send more.
        min_bytes: Some(75_000),
        max_bytes: Some(524_288_000),
        min_seconds: Some(3.0),
        max_seconds: Some(600.0),
        min_aspect: Some(0.4167),
        max_aspect: Some(2.4),
        max_fps: Some(60),
        video_codecs: &["h264"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4"])
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
    alt_text_max: Some(4_086),
    alt_text_counting: CountingRule::Utf16Units,
    settings: &[
        SettingRule {
            keys: &["visibility"],
            takes: SettingTakes::OneOf(&["PUBLIC", "CONNECTIONS", "LOGGED_IN"]),
        },
        SettingRule { keys: &["altText"], takes: SettingTakes::AltText },
    ],
    features: &["carousels", "alt_text", "documents", "link_cards", "first_comment"],
    ..PlatformRules::OPEN
};
