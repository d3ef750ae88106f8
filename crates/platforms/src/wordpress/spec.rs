//! WordPress: rules (REST API, posts). A post is an article with a title; the site is the account's own
//! host.

use connector::{PlatformLimits, PlatformSpec, SignIn};
use domain::rules::{
    ImageRules, MediaMix, PlatformRules, SettingRule, SettingTakes, TextRules, TitleRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of WordPress.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("wordpress"),
    display_name: "WordPress",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    hosts: &[],
    rules: RULES,
    limits: PlatformLimits::UNKNOWN,
    settle: Span::from_seconds(60),
    refresh_margin: Span::ZERO,
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules::up_to(200_000, CountingRule::CodePoints),
    title: Some(TitleRules {
        limit: 200,
        counting: CountingRule::CodePoints,
        required: true,
        from_text: true,
        forbidden: &[],
    }),
    image: Some(ImageRules::up_to(20, &["image/jpeg", "image/png", "image/gif", "image/webp"])),
    video: Some(VideoRules::up_to(1, &["video/mp4"])),
    mix: MediaMix::ImagesAndVideos(21),
    settings: &[
        SettingRule {
            keys: &["status"],
            takes: SettingTakes::OneOf(&["publish", "draft", "pending", "private"]),
        },
        SettingRule { keys: &["excerpt"], takes: SettingTakes::Text(1_000) },
        SettingRule { keys: &["featuredImage"], takes: SettingTakes::OneOf(&["first", "none"]) },
    ],
    features: &["blog_posts"],
    ..PlatformRules::OPEN
};
