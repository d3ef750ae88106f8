//! Facebook Pages: rules and hosts (Pages API, Video API).

use connector::{ApiVersion, Host, OAuthLogin, PlatformLimits, PlatformSpec, SignIn};
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
    logins: &[OAuthLogin {
        name: "facebook",
        host: "authorize",
        path: "/{version}/dialog/oauth",
        scopes: &["pages_show_list", "pages_read_engagement", "pages_manage_posts"],
        optional_scopes: &["pages_manage_engagement", "read_insights"],
        scope_separator: ",",
        pkce: false,
        client_id_key: "client_id",
        // Without it, what was declined once is never asked for again.
        extra: &[("auth_type", "rerequest")],
    }],
    versions: &VERSIONS,
    hosts: &[
        Host { key: "graph", url: "https://graph.facebook.com" },
        Host { key: "video", url: "https://graph-video.facebook.com" },
        Host { key: "upload", url: "https://rupload.facebook.com" },
        Host { key: "authorize", url: "https://www.facebook.com" },
        Host { key: "permalink", url: "https://www.facebook.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

/// Graph API changelog: each version is served for about two years.
pub(crate) const VERSIONS: [ApiVersion; 6] = [
    ApiVersion { name: "v26.0", ends: None },
    ApiVersion { name: "v25.0", ends: Some("2028-07-29") },
    ApiVersion { name: "v24.0", ends: Some("2028-02-18") },
    ApiVersion { name: "v23.0", ends: Some("2027-10-08") },
    ApiVersion { name: "v22.0", ends: Some("2027-05-20") },
    ApiVersion { name: "v21.0", ends: Some("2027-01-21") },
];

/// The only published limit on posts is one on reels, 30 a day, and posts of other kinds must not
/// be held back by it. What is left of calls is told in percent.
const LIMITS: PlatformLimits = PlatformLimits { caps: &[], at_once_per_app: Some(64), budgets: &[] };

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
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
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
    settings: &[
        SettingRule { keys: &["videoType"], takes: SettingTakes::OneOf(&["reel", "video"]) },
        SettingRule { keys: &["firstComment"], takes: SettingTakes::Units(8_000) },
        SettingRule { keys: &["link"], takes: SettingTakes::CardAddress },
    ],
    features: &["reels", "stories", "carousels", "link_cards", "first_comment"],
    ..PlatformRules::OPEN
};
