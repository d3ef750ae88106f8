//! The messages that a post becomes, and the request of each. A text that fits under the media is
//! their caption; a longer one is a message of its own before them.

use std::time::Duration;

use bytes::Bytes;
use connector::{Cx, Failure, MediaItem, Publication};
use domain::Class;
use domain::text::{CountingRule, length};
use net::{Part, Request};
use serde::Serialize;
use serde_json::Value;

use super::api::address;
use super::media::{self, Kind};
use super::wire::{Delivery, InAlbum, Shown, Text};

const TEXT_MAX: u32 = 4_096;
const CAPTION_MAX: u32 = 1_024;
/// Files travel with the request that publishes them.
const FILES_TIMEOUT: Duration = Duration::from_mins(5);

/// One message, or one album.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Text.
    Text(&'a str),
    /// Files, with a caption that may be empty.
    Files(&'a [MediaItem], &'a str),
}

/// The messages of a post, in order.
pub(super) fn pieces(to: &Publication) -> Vec<Piece<'_>> {
    let text = to.text.as_str();
    match to.media.as_slice() {
        [] => vec![Piece::Text(text)],
        // Markup is counted too: whether the text fits without it is for Telegram to say.
        files if length(CountingRule::Utf16Units, text) <= CAPTION_MAX => vec![Piece::Files(files, text)],
        files => vec![Piece::Text(text), Piece::Files(files, "")],
    }
}

/// Refuses what cannot go out as a whole, before the first message is sent.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    let refused = |public: &str| Err(Failure::before_sending(Class::ContentRejected, public));
    if to.media.is_empty() && to.text.trim().is_empty() {
        return refused("Telegram takes no message without text or media.");
    }
    if parse_mode(to).is_none() && length(CountingRule::Utf16Units, &to.text) > TEXT_MAX {
        return refused("The text is longer than Telegram takes (4,096).");
    }
    media::check(&to.media)
}

/// The request that makes a piece public in `chat`.
pub(super) async fn request(
    cx: &Cx<'_>,
    to: &Publication,
    piece: Piece<'_>,
    chat: &str,
) -> Result<Request, Failure> {
    let delivery = delivery(to, chat);
    let post = |method: &str| Ok(Request::post(address(cx.hosts, &cx.credentials.access_token, method)?));
    match piece {
        Piece::Text(text) => {
            let preview = to.settings.0.get("link_preview_options").filter(|options| options.is_object());
            let body = Text { delivery, text, parse_mode: parse_mode(to), link_preview_options: preview };
            Ok(post("sendMessage")?.json(&body))
        }
        Piece::Files([item], caption) => {
            let kind = Kind::of(item);
            let mut parts = fields(&delivery);
            parts.extend(fields(&shown(to, item, caption)));
            parts.push(media::part(cx, item, kind.name().to_owned()).await?);
            Ok(post(kind.method())?.multipart(parts).timeout(FILES_TIMEOUT))
        }
        Piece::Files(items, caption) => {
            let mut album = Vec::new();
            let mut files = Vec::new();
            for (at, item) in items.iter().enumerate() {
                // The caption of the first is shown as the album's.
                let caption = if at == 0 { caption } else { "" };
                let media = format!("attach://file{at}");
                album.push(InAlbum { kind: Kind::of(item).name(), media, shown: shown(to, item, caption) });
                files.push(media::part(cx, item, format!("file{at}")).await?);
            }
            let mut parts = fields(&delivery);
            parts.extend(fields(&Album { media: album }));
            parts.extend(files);
            Ok(post("sendMediaGroup")?.multipart(parts).timeout(FILES_TIMEOUT))
        }
    }
}

#[derive(Serialize)]
struct Album {
    media: Vec<InAlbum>,
}

fn delivery(to: &Publication, chat: &str) -> Delivery {
    let flag = |key: &str| to.settings.flag(key).unwrap_or(false);
    let topic = to.settings.0.get("message_thread_id");
    Delivery {
        chat_id: chat.to_owned(),
        message_thread_id: topic.and_then(|id| id.as_i64().or_else(|| id.as_str()?.trim().parse().ok())),
        disable_notification: flag("disable_notification"),
        protect_content: flag("protect_content"),
    }
}

fn shown(to: &Publication, item: &MediaItem, caption: &str) -> Shown {
    let flag = |key: &str| to.settings.flag(key).unwrap_or(false);
    let kind = Kind::of(item);
    let is_video = kind == Kind::Video;
    let is_film = matches!(kind, Kind::Video | Kind::Animation);
    let has_caption = !caption.trim().is_empty();
    Shown {
        caption: has_caption.then(|| caption.to_owned()),
        parse_mode: parse_mode(to).filter(|_| has_caption).map(str::to_owned),
        show_caption_above_media: has_caption && kind != Kind::Document && flag("show_caption_above_media"),
        has_spoiler: kind != Kind::Document && flag("has_spoiler"),
        // Without them a film may be shown as a square.
        width: item.width.filter(|_| is_film),
        height: item.height.filter(|_| is_film),
        supports_streaming: is_video,
        // Otherwise a picture that was to be a file becomes a picture.
        disable_content_type_detection: kind == Kind::Document,
    }
}

fn parse_mode(to: &Publication) -> Option<&str> {
    to.settings.text("parse_mode").filter(|mode| matches!(*mode, "HTML" | "MarkdownV2"))
}

/// The fields of a form: texts as they are, everything else as JSON.
fn fields(value: &impl Serialize) -> Vec<Part> {
    // Only maps with non-text keys fail to serialise, and no wire type has them.
    let Ok(Value::Object(members)) = serde_json::to_value(value) else { return Vec::new() };
    let field = |(name, value): (String, Value)| {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Part { name, file_name: None, content_type: None, bytes: Bytes::from(text) }
    };
    members.into_iter().map(field).collect()
}
