//! Files: what a message takes, and how they travel.

use bytes::Bytes;
use connector::{Cx, Failure, MediaItem, MediaKind};
use domain::Class;
use net::Part;

use crate::file_name;

const ALBUM_MAX: usize = 10;
/// Whether Telegram counts in thousands or in 1,024 is not said; the smaller is safe.
const PHOTO_MAX_BYTES: u64 = 10_000_000;
const OTHER_MAX_BYTES: u64 = 50_000_000;
const PHOTO_SIDES_MAX: u32 = 10_000;
const PHOTO_RATIO_MAX: u32 = 20;

/// What a file is to Telegram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Photo,
    Animation,
    Video,
    Document,
}

impl Kind {
    pub(super) fn of(item: &MediaItem) -> Self {
        match item.kind {
            MediaKind::Image if item.content_type == "image/gif" => Self::Animation,
            MediaKind::Image => Self::Photo,
            MediaKind::Video => Self::Video,
            MediaKind::Document => Self::Document,
        }
    }

    /// The method that sends one by itself.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Photo => "sendPhoto",
            Self::Animation => "sendAnimation",
            Self::Video => "sendVideo",
            Self::Document => "sendDocument",
        }
    }

    /// The name of its field, and of its type in an album.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Animation => "animation",
            Self::Video => "video",
            Self::Document => "document",
        }
    }
}

/// Refuses what a message cannot take, before anything is sent.
pub(super) fn check(media: &[MediaItem]) -> Result<(), Failure> {
    let refused = |public: String| Err(Failure::before_sending(Class::ContentRejected, public));
    if media.len() > ALBUM_MAX {
        let count = media.len();
        return refused(format!("A Telegram album takes at most {ALBUM_MAX} files; this one has {count}."));
    }
    let kinds: Vec<Kind> = media.iter().map(Kind::of).collect();
    if media.len() > 1 {
        if kinds.contains(&Kind::Animation) {
            return refused("A GIF cannot be part of a Telegram album; post it by itself.".to_owned());
        }
        let documents = kinds.iter().filter(|kind| **kind == Kind::Document).count();
        if documents > 0 && documents < media.len() {
            return refused("A Telegram album has documents, or photos and videos.".to_owned());
        }
    }
    media.iter().zip(kinds).try_for_each(|(item, kind)| check_file(item, kind))
}

fn check_file(item: &MediaItem, kind: Kind) -> Result<(), Failure> {
    let refused = |public: String| Err(Failure::before_sending(Class::MediaFailed, public));
    let name = &item.filename;
    let max_bytes = if kind == Kind::Photo { PHOTO_MAX_BYTES } else { OTHER_MAX_BYTES };
    if item.size_bytes > max_bytes {
        let size_bytes = item.size_bytes;
        return refused(format!(
            "{name} has {size_bytes} bytes and Telegram takes up to {max_bytes}; make it smaller."
        ));
    }
    if kind != Kind::Photo {
        return Ok(());
    }
    let (width, height) = (item.width.unwrap_or(1), item.height.unwrap_or(1));
    let has_shape = item.width.is_some() && item.height.is_some();
    if width.saturating_add(height) > PHOTO_SIDES_MAX {
        return refused(format!(
            "{name} is {width} by {height} pixels; Telegram takes photos whose sides add up to {PHOTO_SIDES_MAX}."
        ));
    }
    let (long, short) = (width.max(height), width.min(height));
    if has_shape && long > short.saturating_mul(PHOTO_RATIO_MAX) {
        return refused(format!(
            "{name} is {width} by {height} pixels; Telegram takes photos up to {PHOTO_RATIO_MAX} times as long as wide."
        ));
    }
    Ok(())
}

/// The file as a part of a form.
pub(super) async fn part(cx: &Cx<'_>, item: &MediaItem, field: String) -> Result<Part, Failure> {
    let bytes: Bytes = cx.media.read(item.id, 0, item.size_bytes).await?;
    Ok(Part {
        name: field,
        // Telegram goes by its ending.
        file_name: Some(file_name::of(item)),
        content_type: Some(item.content_type.clone()),
        bytes,
    })
}
