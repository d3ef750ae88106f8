//! TikTok: rules and hosts (Content Posting API). Every post needs media.

use connector::{Host, PlatformLimits, PlatformSpec, SignIn};
use domain::caps::Cap;
use domain::rules::{
    ImageRules, MediaNeed, PixelCeiling, PlatformRules, SettingRule, SettingTakes, TextRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of TikTok.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("tiktok"),
    display_name: "TikTok",
    sign_in: SignIn::OAuth,
    logins: super::sign_in::LOGINS,
    versions: &[],
    hosts: &[
        Host { key: "api", url: "https://open.tiktokapis.com" },
        Host { key: "upload", url: "https://open-upload.tiktokapis.com" },
        Host { key: "authorize", url: "https://www.tiktok.com" },
        Host { key: "permalink", url: "https://www.tiktok.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(30),
};

/// Page "Content sharing guidelines": about 15 posts a creator and day, over all apps.
const LIMITS: PlatformLimits =
    PlatformLimits { caps: &[Cap::posts_in(15, Span::from_hours(24))], ..PlatformLimits::UNKNOWN };

/// The longest text is that of photos; the caption of a video is shorter.
const RULES: PlatformRules = PlatformRules {
    text: TextRules { limit_with_video: Some(2_200), ..TextRules::up_to(4_000, CountingRule::Utf16Units) },
    image: Some(ImageRules {
        max_bytes: Some(2_000_000),
        max_width: Some(CEILING.short),
        max_height: Some(CEILING.long),
        ceiling: Some(CEILING),
        ..ImageRules::up_to(35, &["image/jpeg", "image/webp"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(500_000_000),
        min_seconds: Some(1.0),
        max_seconds: Some(600.0),
        min_width: Some(360),
        min_height: Some(360),
        min_fps: Some(23),
        max_fps: Some(60),
        video_codecs: &["h264", "hevc", "vp8", "vp9"],
        ceiling: Some(CEILING),
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime", "video/webm"])
    }),
    media: MediaNeed::ImageOrVideo,
    settings: &[
        SettingRule {
            keys: &["privacyLevel"],
            takes: SettingTakes::OneOf(&[
                "PUBLIC_TO_EVERYONE",
                "MUTUAL_FOLLOW_FRIENDS",
                "FOLLOWER_OF_CREATOR",
                "SELF_ONLY",
            ]),
        },
        SettingRule { keys: &["title"], takes: SettingTakes::Text(90) },
        SettingRule { keys: &["videoCoverTimestamp"], takes: SettingTakes::Digits },
        SettingRule { keys: &["photoCoverIndex"], takes: SettingTakes::Digits },
        SettingRule { keys: &["postMode"], takes: SettingTakes::OneOf(&["DIRECT_POST", "MEDIA_UPLOAD"]) },
        SettingRule { keys: &["videoSource"], takes: SettingTakes::OneOf(&["FILE_UPLOAD", "PULL_FROM_URL"]) },
    ],
    features: &["carousels"],
    ..PlatformRules::OPEN
};

/// 1080p, upright or lying (Content Posting API, media transfer guide).
const CEILING: PixelCeiling = PixelCeiling { short: 1_080, long: 1_920 };
