//! What TikTok would refuse whatever the account is, found before anything is sent.

use connector::{Failure, MediaKind, Publication};
use domain::Class;
use domain::text::{CountingRule, length};

use super::NAME;
use super::choices::{is_draft, is_photos};

const CAPTION_MAX: u32 = 2_200;
const DESCRIPTION_MAX: u32 = 4_000;
const TITLE_MAX: u32 = 90;
const PHOTOS_MAX: usize = 35;

/// Refuses what can never go out.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    let videos = to.media.iter().filter(|item| item.kind == MediaKind::Video).count();
    if to.media.is_empty() {
        return Err(media(format!("{NAME} needs a video or photos.")));
    }
    if to.media.iter().any(|item| item.kind == MediaKind::Document) {
        return Err(media(format!("{NAME} takes photos and videos, not documents.")));
    }
    if videos > 0 && to.media.len() > 1 {
        return Err(media(format!("{NAME} takes one video, or photos, in a post.")));
    }
    if to.media.len() > PHOTOS_MAX {
        return Err(media(format!("{NAME} takes at most {PHOTOS_MAX} photos in a post.")));
    }
    if is_photos(to) {
        at_most(DESCRIPTION_MAX, "text of photos", &to.text)?;
        return at_most(TITLE_MAX, "title", to.settings.text("title").unwrap_or_default());
    }
    // The caption of a draft is written in the app.
    if is_draft(to) { Ok(()) } else { at_most(CAPTION_MAX, "caption of a video", &to.text) }
}

fn media(public: String) -> Failure {
    Failure::before_sending(Class::MediaFailed, public)
}

fn at_most(max: u32, what: &str, text: &str) -> Result<(), Failure> {
    let length = length(CountingRule::Utf16Units, text);
    if length <= max {
        return Ok(());
    }
    let public = format!("The {what} has {length} characters, {NAME} allows {max}.");
    Err(Failure::before_sending(Class::ContentRejected, public))
}
