//! What a new pin shows: pictures inside the request or at addresses, or a film that was uploaded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::errors::{PinterestError, bad_image, invalid};
use super::state::Pinterest;
use super::validate::{digits, needed, text};
use crate::core::fetch::fetch;
use crate::core::ledger::PublicMedia;
use crate::core::page::sniff;

const IMAGE_MAX_BYTES: usize = 20_000_000;
const USER_AGENT: &str = "Pinterestbot/1.0";

/// What a pin shows.
pub(super) struct Shown {
    pub(super) kind: &'static str,
    pub(super) files: Vec<PublicMedia>,
    pub(super) cover: Option<String>,
    /// The film that is used up by it.
    pub(super) media_id: Option<String>,
}

impl Pinterest {
    /// Reads `media_source`, and fetches what lies elsewhere.
    pub(super) async fn read_source(
        &self,
        fields: &Map<String, Value>,
        user: &str,
    ) -> Result<Shown, PinterestError> {
        let source = needed(fields.get("media_source").and_then(Value::as_object), "media_source")?;
        let kind = needed(text(source, "source_type", 64)?, "source_type")?;
        match kind.as_str() {
            "image_base64" => {
                let file = self.given(source)?;
                Ok(Shown { kind: "image", files: vec![file], cover: None, media_id: None })
            }
            "image_url" => {
                let file = self.fetched(source, "url").await?;
                Ok(Shown { kind: "image", files: vec![file], cover: None, media_id: None })
            }
            "multiple_image_base64" | "multiple_image_urls" => {
                let items = needed(source.get("items").and_then(Value::as_array), "items")?;
                if !(2..=5).contains(&items.len()) {
                    let limit = if items.len() < 2 { "minItems=2" } else { "maxItems=5" };
                    return Err(invalid(&format!("items, constraint: {limit}")));
                }
                let mut files = Vec::new();
                for item in items {
                    let item = needed(item.as_object(), "items")?;
                    slot(item)?;
                    let is_given = kind == "multiple_image_base64";
                    files.push(if is_given { self.given(item)? } else { self.fetched(item, "url").await? });
                }
                Ok(Shown { kind: "multiple_images", files, cover: None, media_id: None })
            }
            "video_id" => self.film(source, user).await,
            other => Err(invalid(&format!("source_type: '{other}' is not a known source type"))),
        }
    }

    /// A picture inside the request.
    fn given(&self, source: &Map<String, Value>) -> Result<PublicMedia, PinterestError> {
        let named = needed(text(source, "content_type", 64)?, "content_type")?;
        if !matches!(named.as_str(), "image/jpeg" | "image/png") {
            return Err(invalid(&format!(
                "content_type: '{named}' is not one of ['image/jpeg', 'image/png']"
            )));
        }
        let data = needed(text(source, "data", usize::MAX)?, "data")?;
        let bytes = STANDARD.decode(data).map_err(|_| invalid("data is not base64"))?;
        self.keep(&bytes.into())
    }

    /// A picture at an address.
    async fn fetched(&self, source: &Map<String, Value>, name: &str) -> Result<PublicMedia, PinterestError> {
        let url = needed(text(source, name, 2_048)?, name)?;
        let fetched = fetch(&url, USER_AGENT, IMAGE_MAX_BYTES as u64).await;
        let refused = |_| bad_image("Unable to reach the URL. Please check the URL and try again.");
        self.keep(&fetched.map_err(refused)?)
    }

    fn keep(&self, bytes: &Bytes) -> Result<PublicMedia, PinterestError> {
        let mime = sniff(bytes);
        if !matches!(mime, "image/jpeg" | "image/png" | "image/gif") {
            return Err(bad_image("The format of the image is not supported."));
        }
        if bytes.len() > IMAGE_MAX_BYTES {
            return Err(bad_image(
                "Your image is too large. Please upload an image that is less than 20 MB.",
            ));
        }
        Ok(PublicMedia {
            media_type: mime.to_owned(),
            sha256: self.world.blobs.put(bytes)?,
            size_bytes: bytes.len() as u64,
            alt: None,
        })
    }

    /// A film that was uploaded, with its cover.
    async fn film(&self, source: &Map<String, Value>, user: &str) -> Result<Shown, PinterestError> {
        let id = needed(digits(source, "media_id")?, "media_id")?;
        let second = source.get("cover_image_key_frame_time").filter(|second| !second.is_null());
        if second.is_some_and(|second| !second.is_number()) {
            return Err(invalid("cover_image_key_frame_time is not of type 'number'"));
        }
        let cover = if source.get("cover_image_url").is_some_and(Value::is_string) {
            Some(self.fetched(source, "cover_image_url").await?.sha256)
        } else if source.get("cover_image_data").is_some_and(Value::is_string) {
            let mut inner = Map::new();
            for (name, from) in [("content_type", "cover_image_content_type"), ("data", "cover_image_data")] {
                inner.insert(name.to_owned(), source.get(from).cloned().unwrap_or_default());
            }
            Some(self.given(&inner)?.sha256)
        } else {
            second.map(|second| format!("second {second}"))
        };
        let Some(cover) = cover else {
            return Err(invalid("cover_image_url or cover_image_content_type is required in media_source"));
        };
        let media = self.media.get(&id).filter(|media| media.user == user && !media.used);
        let media = media.ok_or_else(|| invalid(&format!("Media {id} was not found")))?;
        let status = media.status(self.world.now());
        let Some(file) = media.file.filter(|_| status == "succeeded") else {
            return Err(invalid(&format!("Media {id} is not ready: {status}")));
        };
        Ok(Shown { kind: "video", files: vec![file], cover: Some(cover), media_id: Some(id) })
    }
}

/// The words of a carousel's picture.
fn slot(item: &Map<String, Value>) -> Result<(), PinterestError> {
    text(item, "title", 100)?;
    text(item, "description", 500)?;
    text(item, "link", 2_048)?;
    Ok(())
}
