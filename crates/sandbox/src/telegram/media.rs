//! Files: uploaded with the call, named by a `file_id`, or fetched from an address; and why one is
//! refused.

use bytes::Bytes;
use serde_json::Value;

use super::PLATFORM;
use super::errors::{BotError, bad, too_large};
use super::state::{File, Telegram};
use crate::core::fetch::fetch;
use crate::core::form::Form;
use crate::core::page::sniff;
use crate::core::picture;

const AGENT: &str = "TelegramBot (like TwitterBot)";
const PHOTO_MAX_BYTES: usize = 10 << 20;
const OTHER_MAX_BYTES: usize = 50 << 20;
const PHOTO_BY_URL_MAX_BYTES: u64 = 5 << 20;
const OTHER_BY_URL_MAX_BYTES: u64 = 20 << 20;
const PHOTO_SIDES_MAX: u32 = 10_000;
const PHOTO_RATIO_MAX: u32 = 20;

/// What a call says about a film besides its bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) duration: i64,
}

impl Told {
    pub(super) fn of(fields: &Form) -> Self {
        let side = |name| fields.number(name).and_then(|side| u32::try_from(side).ok()).unwrap_or(0);
        Self {
            width: side("width"),
            height: side("height"),
            duration: fields.number("duration").unwrap_or(0),
        }
    }
}

impl Telegram {
    /// The file of a call: `value` is the parameter (or an entry's `media`), unless the file stands
    /// under its own name in the form.
    pub(super) async fn file_of(
        &self,
        form: &Form,
        kind: &str,
        value: Option<&Value>,
        told: Told,
    ) -> Result<File, BotError> {
        if let Some(part) = form.file(kind).filter(|_| value.is_none()) {
            return self.take(kind, &part.bytes, &part.file_name, told);
        }
        let named = value.and_then(Value::as_str).unwrap_or_default();
        if named.is_empty() {
            return Err(bad(&format!("there is no {kind} in the request")));
        }
        if let Some(field) = named.strip_prefix("attach://") {
            let part = form.file(field).ok_or_else(wrong_file)?;
            return self.take(kind, &part.bytes, &part.file_name, told);
        }
        if named.starts_with("http://") || named.starts_with("https://") {
            return self.fetched(kind, named, told).await;
        }
        let known = self.files.get(named).ok_or_else(wrong_file)?;
        if known.kind != kind {
            let (is, wanted) = (titled(&known.kind), titled(kind));
            return Err(bad(&format!("can't use file of type {is} as {wanted}")));
        }
        Ok(known)
    }

    async fn fetched(&self, kind: &str, url: &str, told: Told) -> Result<File, BotError> {
        let most = if kind == "photo" { PHOTO_BY_URL_MAX_BYTES } else { OTHER_BY_URL_MAX_BYTES };
        let bytes = fetch(url, AGENT, most).await.map_err(|_| bad("failed to get HTTP URL content"))?;
        let is_archive = bytes.starts_with(b"PK\x03\x04");
        let is_right = match (kind, sniff(&bytes)) {
            ("photo", found) => found.starts_with("image/"),
            ("document", "image/gif" | "application/pdf") => true,
            ("document", _) => is_archive,
            (_, found) => found.starts_with("video/") || found == "image/gif",
        };
        if !is_right {
            return Err(bad("wrong type of the web page content"));
        }
        let name = url.rsplit('/').next().unwrap_or_default();
        self.take(kind, &bytes, name, told)
    }

    /// Keeps the bytes as a file of this kind. What is no film becomes a document.
    fn take(&self, kind: &str, bytes: &Bytes, name: &str, told: Told) -> Result<File, BotError> {
        if bytes.is_empty() {
            return Err(bad("file must be non-empty"));
        }
        if bytes.len() > OTHER_MAX_BYTES {
            return Err(too_large());
        }
        let media_type = sniff(bytes);
        let size = picture::size(bytes);
        let kind = match (kind, media_type) {
            ("photo", _) => {
                check_photo(bytes, media_type, size)?;
                "photo"
            }
            ("video", "video/mp4") => "video",
            ("animation", "video/mp4" | "image/gif") => "animation",
            _ => "document",
        };
        if kind != "document" && self.world.faults.take_processing_failure(PLATFORM) {
            let is_photo = kind == "photo";
            return Err(bad(if is_photo { "IMAGE_PROCESS_FAILED" } else { "VIDEO_CONTENT_TYPE_INVALID" }));
        }
        let (width, height) = size.unwrap_or((told.width.max(1), told.height.max(1)));
        let letter = match kind {
            "photo" => "A",
            "video" => "B",
            "animation" => "C",
            _ => "D",
        };
        let file = File {
            id: format!("{letter}gACAgI{}", self.world.entropy.token(48)),
            unique: format!("AQAD{}", self.world.entropy.token(12)),
            kind: kind.to_owned(),
            sha256: self.world.blobs.put(bytes)?,
            size_bytes: bytes.len() as u64,
            media_type: media_type.to_owned(),
            name: name.to_owned(),
            width,
            height,
            duration: told.duration,
        };
        self.files.put(&file.id, &file)?;
        Ok(file)
    }
}

fn check_photo(bytes: &Bytes, media_type: &str, size: Option<(u32, u32)>) -> Result<(), BotError> {
    if bytes.len() > PHOTO_MAX_BYTES {
        return Err(bad("file is too big"));
    }
    let Some((width, height)) = size.filter(|_| media_type.starts_with("image/")) else {
        return Err(bad("IMAGE_PROCESS_FAILED"));
    };
    let (long, short) = (width.max(height), width.min(height));
    if short == 0 || width.saturating_add(height) > PHOTO_SIDES_MAX || long > short * PHOTO_RATIO_MAX {
        return Err(bad("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

fn wrong_file() -> BotError {
    bad("wrong file identifier/HTTP URL specified")
}

fn titled(kind: &str) -> String {
    let mut letters = kind.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
