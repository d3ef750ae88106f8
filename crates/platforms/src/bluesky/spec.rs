//! Bluesky: rules and hosts (docs.bsky.app; app.bsky.feed.post lexicon).

use connector::{BudgetHeaders, Calls, Holder, Host, PlatformLimits, PlatformSpec, ResetForm, SignIn};
use domain::caps::Cap;
use domain::rules::{ImageRules, PlatformRules, TextRules, VideoRules};
use domain::text::CountingRule;
use domain::{PlatformName, Span};

/// The facts of Bluesky.
pub(crate) static SPEC: PlatformSpec = PlatformSpec {
    name: PlatformName::from_static("bluesky"),
    display_name: "Bluesky",
    sign_in: SignIn::Credential,
    logins: &[],
    versions: &[],
    hosts: &[
        Host { key: "entryway", url: "https://bsky.social" },
        Host { key: "appview", url: "https://public.api.bsky.app" },
        Host { key: "plc", url: "https://plc.directory" },
        Host { key: "permalink", url: "https://bsky.app" },
        Host { key: "video", url: "https://video.bsky.app" },
    ],
    rules: RULES,
    limits: LIMITS,
    settle: Span::from_seconds(5),
    refresh_margin: Span::from_minutes(5),
};

/// Page "Rate limits": 5000 points an hour and 35000 a day and account; a record costs three at
/// most. The headers tell of whichever window is closest to its end.
const LIMITS: PlatformLimits = PlatformLimits {
    caps: &[Cap::parts_in(1_666, Span::from_hours(1)), Cap::parts_in(11_666, Span::from_hours(24))],
    // Accounts live on many hosts, and none knows of an app.
    at_once_per_app: None,
    budgets: &[BudgetHeaders {
        name: "writes",
        holder: Holder::Account,
        calls: Calls::PostTo("/xrpc/com.atproto.repo.putRecord"),
        each: 3,
        limit: "ratelimit-limit",
        remaining: "ratelimit-remaining",
        reset: "ratelimit-reset",
        reset_is: ResetForm::EpochSeconds,
    }],
};

const RULES: PlatformRules = PlatformRules {
    text: TextRules { max_bytes: Some(3_000), ..TextRules::up_to(300, CountingRule::Graphemes) },
    image: Some(ImageRules {
        max_bytes: Some(1_000_000),
        ..ImageRules::up_to(4, &["image/jpeg", "image/png", "image/webp", "image/gif"])
    }),
    video: Some(VideoRules {
        max_bytes: Some(100_000_000),
        max_seconds: Some(180.0),
        video_codecs: &["h264"],
        audio_codecs: &["aac"],
        ..VideoRules::up_to(1, &["video/mp4"])
    }),
    alt_text_max: Some(2_000),
    threads: true,
    features: &["threads", "quotes", "link_cards"],
    ..PlatformRules::OPEN
};
