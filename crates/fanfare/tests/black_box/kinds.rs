//! What can be posted: every kind of content on every platform.

use serde_json::{Value, json};

use crate::files::File::{self, Gif, Pdf, Photo, Picture, Tall, Video};

/// A kind of content.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) platform: &'static str,
    pub(crate) name: &'static str,
    pub(crate) text: bool,
    pub(crate) thread: usize,
    pub(crate) files: &'static [File],
    pub(crate) content_type: Option<&'static str>,
    pub(crate) settings: fn() -> Value,
}

impl Kind {
    /// Whether it has a video.
    pub(crate) fn is_film(&self) -> bool {
        self.files.contains(&Video)
    }
}

const NOTHING: fn() -> Value = || json!({});

const fn kind(platform: &'static str, name: &'static str, files: &'static [File]) -> Kind {
    Kind { platform, name, text: true, thread: 0, files, content_type: None, settings: NOTHING }
}

const fn typed(kind: Kind, content_type: &'static str) -> Kind {
    Kind { content_type: Some(content_type), ..kind }
}

const fn threaded(platform: &'static str) -> Kind {
    Kind { thread: 2, ..kind(platform, "thread", &[]) }
}

const fn silent(kind: Kind) -> Kind {
    Kind { text: false, ..kind }
}

const fn set(kind: Kind, settings: fn() -> Value) -> Kind {
    Kind { settings, ..kind }
}

/// Every kind of content on every platform.
pub(crate) const KINDS: &[Kind] = &[
    kind("x", "text", &[]),
    threaded("x"),
    kind("x", "image", &[Photo]),
    kind("x", "images", &[Photo, Picture, Tall]),
    kind("x", "GIF", &[Gif]),
    kind("x", "video", &[Video]),
    kind("linkedin", "text", &[]),
    kind("linkedin", "image", &[Photo]),
    kind("linkedin", "images", &[Photo, Picture]),
    kind("linkedin", "video", &[Video]),
    kind("linkedin", "document", &[Pdf]),
    kind("facebook", "text", &[]),
    kind("facebook", "photo", &[Photo]),
    kind("facebook", "photos", &[Photo, Picture]),
    kind("facebook", "video", &[Video]),
    typed(kind("facebook", "reel", &[Video]), "Reels"),
    typed(silent(kind("facebook", "photo story", &[Tall])), "Story"),
    typed(silent(kind("facebook", "video story", &[Video])), "Story"),
    kind("instagram", "image", &[Photo]),
    kind("instagram", "carousel", &[Photo, Video]),
    typed(kind("instagram", "reel", &[Video]), "Reels"),
    typed(silent(kind("instagram", "photo story", &[Tall])), "Story"),
    kind("threads", "text", &[]),
    threaded("threads"),
    kind("threads", "image", &[Photo]),
    kind("threads", "video", &[Video]),
    kind("threads", "carousel", &[Photo, Video]),
    set(kind("youtube", "video", &[Video]), || json!({ "title": "A film of bread" })),
    kind("tiktok", "video", &[Video]),
    kind("tiktok", "photos", &[Tall, Photo]),
    kind("pinterest", "image", &[Photo]),
    kind("pinterest", "video", &[Video]),
    kind("bluesky", "text", &[]),
    threaded("bluesky"),
    kind("bluesky", "images", &[Photo, Picture]),
    kind("bluesky", "video", &[Video]),
    kind("telegram", "text", &[]),
    kind("telegram", "photo", &[Photo]),
    kind("telegram", "video", &[Video]),
    kind("telegram", "album", &[Photo, Video]),
    kind("telegram", "document", &[Pdf]),
    kind("discord", "text", &[]),
    kind("discord", "images", &[Photo, Picture]),
    kind("discord", "video", &[Video]),
    kind("wordpress", "text", &[]),
    kind("wordpress", "images", &[Photo, Picture]),
    kind("mastodon", "text", &[]),
    threaded("mastodon"),
    kind("mastodon", "images", &[Photo, Picture]),
    kind("mastodon", "video", &[Video]),
];
