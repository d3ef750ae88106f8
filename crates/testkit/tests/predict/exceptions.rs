//! Refusals of ours that the emulated platform does not confirm, and why they are there all the same.

use crate::cases::Case;
use crate::stage::Fate;

/// What becomes of such a post when it is sent past our rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum There {
    /// The platform takes it.
    Taken,
    /// The connector does not send it.
    Unsent,
}

use There::{Taken, Unsent};

const CONTRACT: &str = "the number is the API contract's, which is smaller than the platform's";
const OUR_WORD: &str = "the word is one of ours: the connector knows no request for another one";
const NO_REQUEST: &str = "no request of the platform has a place for it";
const STOPPED: &str =
    "the connector stops it by the platform's own number; the emulator's is tested in crates/sandbox/tests";

/// Platforms (none for all), codes, what happens, and the reason.
const ALL: &[(&[&str], &[&str], There, &str)] = &[
    (&[], &["invalid_content_type"], Taken, OUR_WORD),
    (&[], &["invalid_content_type"], Unsent, OUR_WORD),
    (&[], &["validation_error", "content_required"], Unsent, NO_REQUEST),
    (&[], &["invalid_setting"], Taken, OUR_WORD),
    (&["pinterest"], &["invalid_setting"], Unsent, "a board has a number, and others cannot be asked for"),
    (&[], &["media_not_supported", "mixed_media"], Unsent, NO_REQUEST),
    (&[], &["media_required", "too_many_media", "too_many_videos"], Unsent, NO_REQUEST),
    (&["telegram", "discord", "bluesky", "tiktok"], &["too_many_images"], Unsent, STOPPED),
    (&["instagram", "pinterest", "mastodon"], &["too_many_images"], Unsent, STOPPED),
    (&["telegram", "discord", "tiktok", "mastodon"], &["content_too_long"], Unsent, STOPPED),
    (&["mastodon"], &["alt_text_too_long", "invalid_poll"], Unsent, STOPPED),
    (&["tiktok"], &["setting_too_long"], Unsent, STOPPED),
    (&["threads"], &["too_many_links"], Unsent, STOPPED),
    (
        &["tiktok"],
        &["video_too_long"],
        Unsent,
        "the account's own number is asked for before anything is sent",
    ),
    (&["discord", "telegram", "instagram", "threads", "wordpress"], &["too_many_videos"], Taken, CONTRACT),
    (&["instagram"], &["alt_text_too_long"], Taken, CONTRACT),
    (&["wordpress"], &["too_many_images"], Taken, CONTRACT),
    (&["facebook"], &["too_many_images"], Taken, "the platform publishes no number, and ten are known to go"),
    (&["linkedin"], &["alt_text_too_long"], Taken, "only images are described there"),
    (&["pinterest"], &["content_too_long"], Taken, CONTRACT),
    (&["wordpress"], &["content_too_long", "title_too_long", "setting_too_long"], Taken, CONTRACT),
    (&["threads", "youtube", "x"], &["video_too_short"], Taken, CONTRACT),
    (&["bluesky"], &["video_too_long"], Taken, CONTRACT),
    (&["bluesky"], &["validation_error", "content_required"], Taken, "an empty post is nobody's wish"),
    (&["facebook"], &["media_required"], Taken, "a reel without a video would go out as another post"),
    (&["youtube"], &["too_many_media"], Taken, "the image beside the video would be lost"),
    (&["tiktok"], &["setting_too_long"], Taken, "a title goes with photos only"),
    (&["mastodon"], &["setting_too_long"], Taken, "what is no language is left out"),
];

/// Whether a refusal is one of these.
pub(crate) fn explains(case: &Case, code: &str, fate: &Fate) -> bool {
    let there = if matches!(fate, Fate::Unsent(_)) { Unsent } else { Taken };
    ALL.iter().any(|(platforms, codes, wanted, _)| {
        *wanted == there
            && codes.contains(&code)
            && (platforms.is_empty() || platforms.contains(&case.platform))
    })
}
