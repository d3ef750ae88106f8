//! Finding a post among the account's own public ones, by its caption (page "List videos"). What
//! not everybody sees, and what is still looked over, is not among them: not finding proves nothing.

use connector::{Cx, Failure, Publication};
use domain::{Class, Span, Timestamp};
use unicode_normalization::UnicodeNormalization as _;

use super::api::call;
use super::choices::{is_draft, is_photos};
use super::state::{PUBLIC, State};
use super::wire::{Page, Video, Videos};

/// Clocks differ: posts from this long before are looked at too.
const BEFORE: Span = Span::from_seconds(60);
const PAGE: u32 = 20;
const PAGES_MAX: usize = 20;
const PATH: &str = "/v2/video/list/?fields=id,create_time,title,video_description";

/// What looking through the account's posts came to.
#[derive(Debug)]
pub(super) enum Look {
    Found(String),
    /// Not among those that everybody sees now.
    Missing,
    /// It would not be among them, or they may not be read.
    InVain,
}

/// Looks for the post among what was published since.
pub(super) async fn find(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    since: Timestamp,
) -> Result<Look, Failure> {
    let privacy = at.creator.as_ref().map(|creator| creator.privacy.as_str());
    let privacy = privacy.or(to.settings.text("privacyLevel")).unwrap_or(PUBLIC);
    if is_draft(to) || privacy != PUBLIC || caption(to).is_empty() {
        return Ok(Look::InVain);
    }
    let earliest = (since - BEFORE).as_seconds();
    let mut cursor = None;
    for _ in 0..PAGES_MAX {
        let page: Videos = match call(cx, PATH, &Page { max_count: PAGE, cursor }).await {
            Ok(page) => page,
            Err(failure) if failure.class == Class::PermissionMissing => return Ok(Look::InVain),
            Err(failure) => return Err(failure),
        };
        // Newest first, but for posts that the owner has pinned.
        let recent = || page.videos.iter().filter(|video| video.create_time >= earliest);
        if let Some(video) = recent().find(|video| is_it(video, to)) {
            return Ok(Look::Found(video.id.clone()));
        }
        cursor = page.cursor.filter(|_| page.has_more && recent().next().is_some());
        if cursor.is_none() {
            return Ok(Look::Missing);
        }
    }
    Ok(Look::InVain)
}

/// Whether `video` has the post's caption.
pub(super) fn is_it(video: &Video, to: &Publication) -> bool {
    let theirs = [&video.video_description, &video.title].map(|text| comparable(text));
    theirs.contains(&caption(to))
}

/// The caption, or what stands in for it on photos without one.
fn caption(to: &Publication) -> String {
    let text = comparable(&to.text);
    let title = to.settings.text("title").filter(|_| is_photos(to)).unwrap_or_default();
    if text.is_empty() { comparable(title) } else { text }
}

/// What is left without white space, which is said to change on the way.
fn comparable(text: &str) -> String {
    let plain: String = text.nfc().collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}
