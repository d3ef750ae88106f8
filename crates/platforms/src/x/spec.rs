//! X: rules and hosts (docs.x.com: OpenAPI, media, rate limits; twitter-text configuration v3).

use connector::{
    ApiVersion, BudgetHeaders, Calls, Holder, Host, PlatformLimits, PlatformSpec, ResetForm, SignIn,
};
use domain::caps::Cap;
use domain::rules::{
    ArticleRules, Gifs, ImageRules, PlatformRules, SettingRule, SettingTakes, TextRules, TitleRules,
    VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of X.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("x"),
    display_name: "X",
    sign_in: SignIn::OAuth,
    logins: super::sign_in::LOGINS,
    // The path's; dated versions there are none.
    versions: &[ApiVersion { name: "2", ends: None }],
    hosts: &[
        Host { key: "api", url: "https://api.x.com" },
        Host { key: "authorize", url: "https://x.com" },
        Host { key: "permalink", url: "https://x.com" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(60),
    refresh_margin: Span::from_minutes(5),
};

/// Page "Rate limits". The first is the endpoint's, the second holds for people and apps alike.
const LIMITS: PlatformLimits = PlatformLimits {
    caps: &[Cap::parts_in(100, Span::from_minutes(15)), Cap::parts_in(300, Span::from_hours(3))],
    at_once_per_app: Some(64),
    budgets: &[
        posting("user-15min", Holder::Account, FAMILY_15MIN),
        posting("user-24h", Holder::Account, FAMILY_USER),
        posting("app-24h", Holder::App, FAMILY_APP),
    ],
};

const FAMILY_15MIN: [&str; 3] = ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"];
const FAMILY_USER: [&str; 3] =
    ["x-user-limit-24hour-limit", "x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"];
const FAMILY_APP: [&str; 3] =
    ["x-app-limit-24hour-limit", "x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"];

/// Every endpoint has windows of its own; only the one that posts is counted on.
const fn posting(name: &'static str, holder: Holder, family: [&'static str; 3]) -> BudgetHeaders {
    let [limit, remaining, reset] = family;
    BudgetHeaders {
        name,
        holder,
        calls: Calls::PostTo("/2/tweets"),
        each: 1,
        limit,
        remaining,
        reset,
        reset_is: ResetForm::EpochSeconds,
    }
}

const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        premium_limit: Some(25_000),
        forbidden: &['\u{fffe}', '\u{feff}', '\u{ffff}'],
        ..TextRules::up_to(280, CountingRule::TwitterWeighted)
    },
    image: Some(ImageRules {
        max_bytes: Some(5_242_880),
        gifs: Gifs::AloneIfAnimated,
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
        max_fps: Some(60),
        video_codecs: &["h264"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4", "video/quicktime"])
    }),
    alt_text_max: Some(1_000),
    cashtags_max: Some(1),
    threads: true,
    parts_differ: true,
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
        title: TitleRules {
            limit: 100,
            counting: CountingRule::CodePoints,
            required: true,
            from_text: false,
            forbidden: &[],
        },
        images_max: 5,
    }),
    features: &["threads", "alt_text", "first_comment"],
    ..PlatformRules::OPEN
};
