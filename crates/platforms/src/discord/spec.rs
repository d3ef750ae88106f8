//! Discord: rules and hosts (webhooks, execute webhook).

use connector::{BudgetHeaders, Calls, Holder, Host, PlatformLimits, PlatformSpec, ResetForm, SignIn};
use domain::rules::{
    DocumentRules, ImageRules, MediaMix, PlatformRules, SettingRule, SettingTakes, TextRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Discord.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("discord"),
    display_name: "Discord",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://discord.com" },
        Host { key: "permalink", url: "https://discord.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

/// Page "Rate limits": a bucket for each webhook, told on every answer.
const LIMITS: PlatformLimits = PlatformLimits {
    budgets: &[BudgetHeaders {
        name: "webhook",
        holder: Holder::Account,
        calls: Calls::All,
        each: 1,
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset-after",
        reset_is: ResetForm::SecondsFromNow,
    }],
    ..PlatformLimits::UNKNOWN
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(2_000, CountingRule::Utf16Units),
    image: Some(ImageRules {
        max_bytes: Some(10_485_760),
        ..ImageRules::up_to(10, &["image/jpeg", "image/png", "image/gif", "image/webp"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(10_485_760),
        video_codecs: &["h264", "vp8", "vp9", "av1"],
        audio_codecs: &["aac", "opus"],
        ..VideoRules::up_to(1, &["video/mp4", "video/webm", "video/quicktime"])
    }),
    document: Some(DocumentRules { max_count: 10, formats: &["*/*"], max_bytes: 10_485_760 }),
    mix: MediaMix::Anything(10),
    alt_text_max: Some(1_024),
    settings: &[
        SettingRule {
            keys: &["username"],
            takes: SettingTakes::Name {
                max: 80,
                without: &["clyde", "discord"],
                never: &["everyone", "here"],
            },
        },
        SettingRule { keys: &["avatar_url"], takes: SettingTakes::Address(2_048) },
    ],
    features: &["link_cards", "documents"],
    ..PlatformRules::OPEN
};
