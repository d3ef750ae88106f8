//! Instagram: rules and hosts (content publishing). Every post needs media; text is its caption.

use connector::{Host, OAuthLogin, PlatformLimits, PlatformSpec, SignIn};
use domain::caps::Cap;
use domain::rules::{
    ContentTypeMedia, ContentTypeRule, ImageRules, MediaMix, MediaNeed, PlatformRules, SettingRule,
    SettingTakes, TextRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Instagram.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("instagram"),
    display_name: "Instagram",
    sign_in: SignIn::OAuth,
    logins: &LOGINS,
    // Both hosts serve the versions of the Graph API.
    versions: &crate::facebook::spec::VERSIONS,
    hosts: &[
        Host { key: "graph", url: "https://graph.facebook.com" },
        Host { key: "login", url: "https://graph.instagram.com" },
        Host { key: "oauth", url: "https://api.instagram.com" },
        Host { key: "upload", url: "https://rupload.facebook.com" },
        Host { key: "authorize", url: "https://www.instagram.com" },
        Host { key: "dialog", url: "https://www.facebook.com" },
        Host { key: "permalink", url: "https://www.instagram.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_days(7),
};

/// Pages "Business Login for Instagram" and "Facebook Login". An account came by the one whose scopes
/// it has.
const LOGINS: [OAuthLogin; 2] = [
    OAuthLogin {
        name: "instagram",
        host: "authorize",
        path: "/oauth/authorize",
        scopes: &["instagram_business_basic", "instagram_business_content_publish"],
        optional_scopes: &["instagram_business_manage_comments", "instagram_business_manage_insights"],
        scope_separator: ",",
        pkce: false,
        client_id_key: "client_id",
        // Whoever connects several accounts is asked each time which one it is.
        extra: &[("enable_fb_login", "0"), ("force_reauth", "true")],
    },
    OAuthLogin {
        name: "facebook",
        host: "dialog",
        path: "/{version}/dialog/oauth",
        scopes: &["instagram_basic", "instagram_content_publish", "pages_show_list", "pages_read_engagement"],
        optional_scopes: &["instagram_manage_comments", "instagram_manage_insights", "business_management"],
        scope_separator: ",",
        pkce: false,
        client_id_key: "client_id",
        // Without it, what was declined once is never asked for again.
        extra: &[("auth_type", "rerequest")],
    },
];

/// Page "Content publishing": 100 published posts a day, of any kind. An account whose own quota is
/// smaller is told so by the platform.
const LIMITS: PlatformLimits =
    PlatformLimits { caps: &[Cap::posts_in(100, Span::from_hours(24))], ..PlatformLimits::UNKNOWN };

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(2_200, CountingRule::Utf16Units),
    image: Some(ImageRules {
        max_bytes: Some(8_388_608),
        min_width: Some(320),
        max_width: Some(1_440),
        min_aspect: Some(0.8),
        max_aspect: Some(1.91),
        ..ImageRules::up_to(10, &["image/jpeg"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(104_857_600),
        min_seconds: Some(3.0),
        max_seconds: Some(900.0),
        max_seconds_among: Some(60.0),
        max_width: Some(1_920),
        min_aspect: Some(0.01),
        max_aspect: Some(10.0),
        min_fps: Some(23),
        max_fps: Some(60),
        max_bitrate: Some(25_000_000),
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime"])
    }),
    media: MediaNeed::ImageOrVideo,
    mix: MediaMix::ImagesAndVideos(10),
    alt_text_max: Some(100),
    hashtags_max: Some(30),
    mentions_max: Some(20),
    content_types: &[
        ContentTypeRule::plain("Post"),
        ContentTypeRule::plain("Carousel"),
        ContentTypeRule { media: ContentTypeMedia::OneVideo, ..ContentTypeRule::plain("Reels") },
        ContentTypeRule {
            media: ContentTypeMedia::OneImageOrVideo,
            max_seconds: Some(60.0),
            // It fills an upright screen, which the shapes of the feed do not.
            image_aspects: Some((0.1, 10.0)),
            ..ContentTypeRule::plain("Story")
        },
        ContentTypeRule { media: ContentTypeMedia::OneVideo, ..ContentTypeRule::plain("Trial Reel") },
    ],
    settings: &[
        SettingRule { keys: &["altText"], takes: SettingTakes::AltText },
        SettingRule {
            keys: &["graduationStrategy"],
            takes: SettingTakes::OneOf(&["MANUAL", "SS_PERFORMANCE"]),
        },
        SettingRule { keys: &["locationId"], takes: SettingTakes::Digits },
    ],
    features: &["carousels", "reels", "stories", "alt_text", "first_comment"],
    ..PlatformRules::OPEN
};
