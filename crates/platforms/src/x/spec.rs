//! X: rules and hosts (docs.x.com: OpenAPI, media, rate limits; twitter-text configuration v3).

use connector::{Host, PlatformSpec, SignIn};
use domain::rules::{
    ArticleRules, ImageRules, PlatformRules, SettingRule, SettingTakes, TextRules, TitleRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of X.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("x"),
    display_name: "X",
    sign_in: SignIn::OAuth,
    hosts: &[
        Host { key: "api", url: "https://api.x.com" },
        Host { key: "authorize", url: "https://x.com" },
        Host { key: "permalink", url: "https://x.com" },
    ],
    rules: RULES,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        premium_limit: Some(25_000),
        forbidden: &['\u{fffe}', '\u{feff}', '\u{ffff}'],
        ..TextRules::up_to(280, CountingRule::TwitterWeighted)
    },
    image: Some(ImageRules {
        max_bytes: Some(5_242_880),
        ..ImageRules::up_to(4, &["image/jpeg", "image/png", "image/webp", "image/gif"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(536_870_912),
        min_seconds: Some(0.5),
        max_seconds: Some(140.0),
        // Subscribers post up to four hours (X help, "How to share videos").
        premium_max_seconds: Some(14_400.0),
        min_aspect: Some(0.3333),
        max_aspect: Some(3.0),
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime"])
    }),
    alt_text_max: Some(1_000),
    threads: true,
    settings: &[
        SettingRule {
            keys: &["replySettings"],
            takes: SettingTakes::OneOf(&["everyone", "following", "mentionedUsers"]),
        },
        SettingRule { keys: &["mediaAltText"], takes: SettingTakes::AltText },
        SettingRule { keys: &["firstComment"], takes: SettingTakes::Post },
        SettingRule { keys: &["community_id"], takes: SettingTakes::Digits },
    ],
    article: Some(ArticleRules {
        key: "post_type",
        value: "article",
        text_max: 25_000,
        title: TitleRules { limit: 100, required: true, from_text: false, forbidden: &[] },
        images_max: 5,
    }),
    features: &["threads", "alt_text", "first_comment"],
    ..PlatformRules::OPEN
};
