//! Facebook Pages: rules and hosts (Pages API, Video API).

use connector::{Host, PlatformLimits, PlatformSpec, SignIn};
use domain::rules::{
    ContentTypeMedia, ContentTypeRule, ImageRules, PlatformRules, SettingRule, SettingTakes, TextRules,
    VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Facebook.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("facebook"),
    display_name: "Facebook",
    sign_in: SignIn::OAuth,
    logins: &[],
    versions: &[],
    hosts: &[
        Host { key: "graph", url: "https://graph.facebook.com" },
        Host { key: "video", url: "https://graph-video.facebook.com" },
        Host { key: "upload", url: "https://rupload.facebook.com" },
        Host { key: "authorize", url: "https://www.facebook.com" },
        Host { key: "permalink", url: "https://www.facebook.com" },
    ],
    rules: RULES,
    limits: PlatformLimits::UNKNOWN,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(63_206, CountingRule::Utf16Units),
    image: Some(ImageRules {
        max_bytes: Some(4_194_304),
        ..ImageRules::up_to(10, &["image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(1_073_741_824),
        min_seconds: Some(1.0),
        max_seconds: Some(14_400.0),
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime"])
    }),
    content_types: &[
        ContentTypeRule::plain("Post"),
        ContentTypeRule {
            media: ContentTypeMedia::OneVideo,
            min_seconds: Some(3.0),
            max_seconds: Some(90.0),
            ..ContentTypeRule::plain("Reels")
        },
        ContentTypeRule {
            media: ContentTypeMedia::OneImageOrVideo,
            min_seconds: Some(3.0),
            max_seconds: Some(60.0),
            ..ContentTypeRule::plain("Story")
        },
    ],
    settings: &[SettingRule { keys: &["videoType"], takes: SettingTakes::OneOf(&["reel", "video"]) }],
    features: &["reels", "stories", "carousels", "link_cards", "first_comment"],
    ..PlatformRules::OPEN
};
