//! Telegram: rules and hosts (Bot API). A text over the caption limit goes out as its own message.

use connector::{Host, PlatformLimits, PlatformSpec, SignIn};
use domain::caps::Cap;
use domain::rules::{
    DocumentRules, Gifs, ImageRules, MediaMix, PlatformRules, SettingRule, SettingTakes, TextRules,
    VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Telegram.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("telegram"),
    display_name: "Telegram",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://api.telegram.org" },
        Host { key: "permalink", url: "https://t.me" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

/// Bots FAQ: 20 messages a minute in one group; channels are treated alike.
const LIMITS: PlatformLimits =
    PlatformLimits { caps: &[Cap::posts_in(20, Span::from_minutes(1))], ..PlatformLimits::UNKNOWN };

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(4_096, CountingRule::Utf16Units),
    image: Some(ImageRules {
        max_bytes: Some(10_000_000),
        gifs: Gifs::Alone,
        min_aspect: Some(0.05),
        max_aspect: Some(20.0),
        max_sides: Some(10_000),
        ..ImageRules::up_to(10, &["image/jpeg", "image/png", "image/webp", "image/gif"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(50_000_000),
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4"])
    }),
    document: Some(DocumentRules { max_count: 1, formats: &["*/*"], max_bytes: 50_000_000 }),
    mix: MediaMix::ImagesAndVideos(10),
    settings: &[
        SettingRule { keys: &["parse_mode"], takes: SettingTakes::OneOf(&["HTML", "MarkdownV2"]) },
        SettingRule { keys: &["message_thread_id"], takes: SettingTakes::Digits },
    ],
    features: &["documents", "link_cards"],
    ..PlatformRules::OPEN
};
