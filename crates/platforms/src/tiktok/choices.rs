//! The author's choices: how the post goes over, and what its settings say.

use connector::{MediaKind, Publication};
use serde_json::Value;

/// The frame that becomes the cover where none is named, in milliseconds.
const COVER_MS: u64 = 1_000;

/// Whether the post is photos.
pub(super) fn is_photos(to: &Publication) -> bool {
    to.media.iter().all(|item| item.kind == MediaKind::Image)
}

/// Whether the post only goes to the owner's inbox, to be finished in the app.
pub(super) fn is_draft(to: &Publication) -> bool {
    to.settings.text("postMode") == Some("MEDIA_UPLOAD")
}

/// Whether TikTok fetches the media: photos always, a video where that was asked for.
pub(super) fn is_fetched(to: &Publication) -> bool {
    is_photos(to) || to.settings.text("videoSource") == Some("PULL_FROM_URL")
}

/// Whether the post is marked as a paid partnership.
pub(super) fn is_paid(to: &Publication) -> bool {
    is_set(to, &["brandContentToggle"])
}

/// Whether it is marked as promoting the author's own business.
pub(super) fn is_own_brand(to: &Publication) -> bool {
    is_set(to, &["brandOrganicToggle"])
}

/// Whether it is marked as made by AI.
pub(super) fn is_made_by_ai(to: &Publication) -> bool {
    is_set(to, &["isAigc", "aiGenerated"])
}

/// Whether TikTok adds music to photos.
pub(super) fn adds_music(to: &Publication) -> bool {
    is_set(to, &["autoAddMusic"])
}

/// The moment of the video that becomes its cover, in milliseconds.
pub(super) fn cover_ms(to: &Publication) -> u64 {
    number(to, "videoCoverTimestamp").unwrap_or(COVER_MS)
}

/// The photo that becomes the cover; the first one where none, or one that is not there, is named.
pub(super) fn cover_photo(to: &Publication) -> usize {
    let named = number(to, "photoCoverIndex").and_then(|index| usize::try_from(index).ok());
    named.filter(|index| *index < to.media.len()).unwrap_or(0)
}

fn is_set(to: &Publication, keys: &[&str]) -> bool {
    keys.iter().any(|key| to.settings.flag(key) == Some(true))
}

fn number(to: &Publication, key: &str) -> Option<u64> {
    match to.settings.0.get(key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
