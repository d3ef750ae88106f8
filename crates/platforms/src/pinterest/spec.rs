//! Pinterest: rules and hosts (API v5, pins). Every pin needs media and a board.

use connector::{BudgetHeaders, Calls, Holder, Host, PlatformLimits, PlatformSpec, ResetForm, SignIn};
use domain::rules::{
    ImageRules, MediaNeed, PlatformRules, SettingRule, SettingTakes, TextRules, TitleRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Pinterest.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("pinterest"),
    display_name: "Pinterest",
    sign_in: SignIn::OAuth,
    logins: super::sign_in::LOGINS,
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://api.pinterest.com" },
        Host { key: "authorize", url: "https://www.pinterest.com" },
        Host { key: "permalink", url: "https://www.pinterest.com" },
        Host { key: "upload", url: "https://pinterest-media-upload.s3-accelerate.amazonaws.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(3),
};

/// Page "Rate limits": no cap on pins, but on calls of a user through an app, told on every answer.
const LIMITS: PlatformLimits = PlatformLimits {
    budgets: &[BudgetHeaders {
        name: "calls",
        holder: Holder::Account,
        calls: Calls::PostTo("/v5/pins"),
        each: 1,
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        reset_is: ResetForm::SecondsFromNow,
    }],
    ..PlatformLimits::UNKNOWN
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(500, CountingRule::CodePoints),
    title: Some(TitleRules {
        limit: 100,
        counting: CountingRule::CodePoints,
        required: false,
        from_text: false,
        forbidden: &[],
    }),
    image: Some(ImageRules {
        max_bytes: Some(20_000_000),
        min_width: Some(200),
        ..ImageRules::up_to(5, &["image/jpeg", "image/png"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(2_000_000_000),
        min_seconds: Some(4.0),
        max_seconds: Some(900.0),
        min_aspect: Some(0.5),
        max_aspect: Some(1.91),
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime", "video/x-m4v"])
    }),
    media: MediaNeed::ImageOrVideo,
    alt_text_max: Some(500),
    settings: &[
        SettingRule { keys: &["boardId", "board_id"], takes: SettingTakes::Digits },
        SettingRule { keys: &["boardSectionId", "board_section_id"], takes: SettingTakes::Digits },
        SettingRule { keys: &["link"], takes: SettingTakes::Address(2_048) },
        SettingRule { keys: &["altText"], takes: SettingTakes::AltText },
        SettingRule { keys: &["coverTime"], takes: SettingTakes::Digits },
        SettingRule { keys: &["coverUrl"], takes: SettingTakes::Address(2_048) },
        SettingRule { keys: &["dominantColor", "dominant_color"], takes: SettingTakes::Colour },
    ],
    features: &["carousels", "alt_text"],
    ..PlatformRules::OPEN
};
