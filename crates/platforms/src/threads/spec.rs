//! Threads: rules and hosts (Threads API, posts).

use connector::{ApiVersion, Host, PlatformLimits, PlatformSpec, SignIn};
use domain::caps::Cap;
use domain::rules::{ImageRules, MediaMix, PlatformRules, SettingRule, SettingTakes, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Threads.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("threads"),
    display_name: "Threads",
    sign_in: SignIn::OAuth,
    logins: super::sign_in::LOGINS,
    versions: &[ApiVersion { name: "v1.0", ends: None }],
    hosts: &[
        Host { key: "graph", url: "https://graph.threads.net" },
        Host { key: "authorize", url: "https://threads.net" },
        Host { key: "permalink", url: "https://www.threads.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

/// Page "Rate limiting": 250 posts a profile; the parts of a thread after the first are replies,
/// which have a larger quota of their own.
const LIMITS: PlatformLimits =
    PlatformLimits { caps: &[Cap::posts_in(250, Span::from_hours(24))], ..PlatformLimits::UNKNOWN };

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(500, CountingRule::EmojiAsUtf8Bytes),
    image: Some(ImageRules {
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_aspect: Some(0.1),
        max_aspect: Some(10.0),
        ..ImageRules::up_to(20, &["image/jpeg", "image/png"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(104_857_600),
        min_seconds: Some(1.0),
        max_seconds: Some(300.0),
        max_width: Some(1_920),
        min_aspect: Some(0.01),
        max_aspect: Some(10.0),
        min_fps: Some(23),
        max_fps: Some(60),
        max_bitrate: Some(100_000_000),
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime"])
    }),
    mix: MediaMix::ImagesAndVideos(20),
    alt_text_max: Some(1_000),
    links_max: Some(5),
    threads: true,
    settings: &[
        SettingRule {
            keys: &["replyControl"],
            takes: SettingTakes::OneOf(&["everyone", "following", "mentioned"]),
        },
        SettingRule { keys: &["firstComment"], takes: SettingTakes::Post },
        SettingRule { keys: &["link"], takes: SettingTakes::CardAddress },
        SettingRule { keys: &["topicTag"], takes: SettingTakes::Text(50) },
        SettingRule { keys: &["altText"], takes: SettingTakes::AltText },
    ],
    features: &["threads", "carousels", "alt_text", "link_cards", "first_comment"],
    ..PlatformRules::OPEN
};
