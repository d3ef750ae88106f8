//! Files: uploaded, processed (films take a while), described, attached to one status (methods:
//! media).

use axum::Json;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::Span;
use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{MastodonError, invalid, not_found, plain};
use super::instance::{DESCRIPTION_MAX, FILM_MAX_BYTES, IMAGE_MAX_BYTES, MIME_TYPES};
use super::request::Ask;
use super::state::{Mastodon, Media};
use super::{PLATFORM, USUAL_HOST};
use crate::core::origin::Origin;
use crate::core::page::sniff;

const PROCESSING: Span = Span::from_seconds(3);

impl Mastodon {
    /// `POST /api/v2/media`
    pub(super) fn upload(&self, ask: &Ask, origin: &Origin) -> Result<Response, MastodonError> {
        let caller = self.caller(ask, origin, &["write:media"])?;
        let file = ask.file("file").ok_or_else(|| invalid("File can't be blank"))?;
        let mime = kind_of(file);
        if !MIME_TYPES.contains(&mime) {
            return Err(invalid("File content type is invalid, File is invalid"));
        }
        let kind = match mime {
            "image/gif" => "gifv",
            _ if mime.starts_with("image/") => "image",
            _ if mime.starts_with("audio/") => "audio",
            _ => "video",
        };
        let max_bytes = if mime.starts_with("image/") { IMAGE_MAX_BYTES } else { FILM_MAX_BYTES };
        if file.len() > max_bytes {
            let most = max_bytes / 1_048_576;
            return Err(invalid(&format!("File file size must be less than {most} MB")));
        }
        let alt = description(ask)?;
        let focus = ask
            .text("focus")
            .map(|text| point(text).ok_or_else(|| invalid("Focus is invalid")))
            .transpose()?;
        let fails = self.world.faults.take_processing_failure(PLATFORM);
        let is_ready = kind == "image";
        if fails && is_ready {
            let why = "Error processing thumbnail for uploaded media";
            return Err(plain(StatusCode::INTERNAL_SERVER_ERROR, why));
        }
        let media = Media {
            id: self.new_id(),
            user: caller.user.key(),
            kind: kind.to_owned(),
            mime: mime.to_owned(),
            sha256: self.world.blobs.put(file)?,
            size_bytes: file.len() as u64,
            alt,
            focus,
            ready_at: self.world.now() + if is_ready { Span::ZERO } else { PROCESSING },
            fails,
            status: None,
        };
        self.media.put(&media.id, &media)?;
        let status = if is_ready { StatusCode::OK } else { StatusCode::ACCEPTED };
        Ok((status, Json(self.shown_media(&media, origin))).into_response())
    }

    /// The caller's own file that is attached to nothing yet.
    fn own_media(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Media, MastodonError> {
        let caller = self.caller(ask, origin, &["write:media"])?;
        let media =
            self.media.get(id).filter(|media| media.user == caller.user.key() && media.status.is_none());
        media.ok_or_else(not_found)
    }

    /// `GET /api/v1/media/{id}`
    pub(super) fn media_state(
        &self,
        ask: &Ask,
        id: &str,
        origin: &Origin,
    ) -> Result<Response, MastodonError> {
        let media = self.own_media(ask, id, origin)?;
        let is_over = media.ready_at <= self.world.now();
        if is_over && media.fails {
            let why = "Error processing thumbnail for uploaded media";
            return Err(plain(StatusCode::UNPROCESSABLE_ENTITY, why));
        }
        let status = if is_over { StatusCode::OK } else { StatusCode::PARTIAL_CONTENT };
        Ok((status, Json(self.shown_media(&media, origin))).into_response())
    }

    /// `PUT /api/v1/media/{id}`
    pub(super) fn describe(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let mut media = self.own_media(ask, id, origin)?;
        if ask.names("description") {
            media.alt = description(ask)?;
        }
        self.media.put(id, &media)?;
        Ok(self.shown_media(&media, origin))
    }

    /// A file as the API shows it; its address is missing until it is processed.
    pub(super) fn shown_media(&self, media: &Media, origin: &Origin) -> Value {
        let host = media.user.split_once('@').map_or(USUAL_HOST, |(_, host)| host);
        let is_ready = media.ready_at <= self.world.now();
        let url = is_ready.then(|| origin.url(host, &format!("/media_attachments/{}", media.sha256)));
        let focus = media.focus.map_or_else(|| json!({}), |(x, y)| json!({"focus": {"x": x, "y": y}}));
        json!({
            "id": media.id,
            "type": media.kind,
            "url": url,
            "preview_url": url,
            "remote_url": null,
            "preview_remote_url": null,
            "text_url": null,
            "meta": focus,
            "description": media.alt,
            "blurhash": null,
        })
    }
}

/// The type of a file by its first bytes.
fn kind_of(file: &Bytes) -> &'static str {
    match file.as_ref() {
        [b'I', b'D', b'3', ..] | [0xff, 0xfb, ..] => "audio/mpeg",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [b'f', b'L', b'a', b'C', ..] => "audio/flac",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', b'i', b'c', ..] => "image/heic",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => "image/avif",
        other => sniff(other),
    }
}

fn description(ask: &Ask) -> Result<Option<String>, MastodonError> {
    let text = ask.text("description").map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_MAX) {
        return Err(invalid(&format!("Description is too long (maximum is {DESCRIPTION_MAX} characters)")));
    }
    Ok(text)
}

/// A point such as `-0.5,1.0`.
fn point(text: &str) -> Option<(f64, f64)> {
    let (x, y) = text.split_once(',')?;
    let part = |text: &str| text.trim().parse::<f64>().ok().filter(|part| (-1.0..=1.0).contains(part));
    Some((part(x)?, part(y)?))
}
