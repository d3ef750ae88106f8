//! Mastodon: rules and hosts (docs.joinmastodon.org: statuses, media, instance, rate limits).

use connector::{BudgetHeaders, Calls, Holder, Host, PlatformLimits, PlatformSpec, ResetForm, SignIn};
use domain::caps::Cap;
use domain::rules::{
    Gifs, ImageRules, MediaMix, PlatformRules, PollRules, SettingRule, SettingTakes, TextRules, VideoRules,
};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The key of the host below.
pub(super) const USUAL: &str = "usual";

/// The facts of Mastodon.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("mastodon"),
    display_name: "Mastodon",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    // Accounts live on any server; this one is the largest. Its entry is how a sandbox is told from
    // the real network.
    hosts: &[Host { key: USUAL, url: "https://mastodon.social" }],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(15),
    refresh_margin: Span::from_minutes(5),
};

/// Page "Rate limits", and the server's source for new statuses. Each part of a thread is a status.
const LIMITS: PlatformLimits = PlatformLimits {
    caps: &[Cap::parts_in(300, Span::from_hours(3))],
    // An app belongs to one server.
    at_once_per_app: None,
    budgets: &[BudgetHeaders {
        name: "statuses",
        holder: Holder::Account,
        calls: Calls::PostTo("/api/v1/statuses"),
        each: 1,
        limit: "x-ratelimit-limit",
        remaining: "x-ratelimit-remaining",
        reset: "x-ratelimit-reset",
        reset_is: ResetForm::Iso8601,
    }],
};

/// A server's own limits are read before anything is sent, and they count.
const RULES: PlatformRules = PlatformRules {
    text: TextRules {
        // An account on a server that takes longer texts is marked as premium; how long, its server
        // says.
        premium_limit: Some(100_000),
        counts_with: Some("spoilerText"),
        ..TextRules::up_to(500, CountingRule::MastodonUrl23)
    },
    image: Some(ImageRules {
        max_bytes: Some(16_777_216),
        gifs: Gifs::Alone,
        ..ImageRules::up_to(
            4,
            &["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/avif"],
        )
    }),
    video: Some(VideoRules {
        max_bytes: Some(103_809_024),
        ..VideoRules::up_to(1, &["video/mp4", "video/webm", "video/quicktime"])
    }),
    mix: MediaMix::OneKind,
    alt_text_max: Some(1_500),
    threads: true,
    settings: &[
        SettingRule {
            keys: &["visibility"],
            takes: SettingTakes::OneOf(&["public", "unlisted", "private", "direct"]),
        },
        SettingRule {
            keys: &["quotePolicy"],
            takes: SettingTakes::OneOf(&["public", "followers", "nobody"]),
        },
        SettingRule { keys: &["spoilerText"], takes: SettingTakes::Text(100_000) },
        SettingRule {
            keys: &["poll"],
            takes: SettingTakes::Poll(PollRules {
                options_max: 4,
                option_max: 50,
                seconds: (300, 2_629_746),
            }),
        },
        SettingRule { keys: &["language"], takes: SettingTakes::Text(16) },
        SettingRule { keys: &["altText"], takes: SettingTakes::AltText },
    ],
    features: &["threads", "alt_text", "polls", "content_warning", "visibility", "link_cards"],
    ..PlatformRules::OPEN
};
