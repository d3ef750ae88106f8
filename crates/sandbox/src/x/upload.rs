//! Uploads to the emulated X: one shot for pictures; initialize, append, finalize, status.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use domain::Span;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::PLATFORM;
use super::errors::{XError, invalid, plain};
use super::state::{Media, User, X};
use crate::core::page::sniff;
use crate::core::picture;

const LIFE: Span = Span::from_days(1);
const CHUNK_LIMIT_BYTES: usize = 5 * 1024 * 1024;
const PROCESSING: Span = Span::from_seconds(1);
const MEDIA_TYPES: [&str; 15] = [
    "video/mp4",
    "video/webm",
    "video/mp2t",
    "video/quicktime",
    "text/srt",
    "text/vtt",
    "image/jpeg",
    "image/gif",
    "image/bmp",
    "image/png",
    "image/webp",
    "image/pjpeg",
    "image/tiff",
    "model/gltf-binary",
    "model/vnd.usdz+zip",
];

/// The largest upload of a category in bytes; `None` for a category X does not know.
fn limit_of(category: &str) -> Option<u64> {
    Some(match category {
        "tweet_image" | "dm_image" => 5 * 1024 * 1024,
        "tweet_gif" | "dm_gif" => 15 * 1024 * 1024,
        "tweet_video" | "dm_video" | "amplify_video" => 512 * 1024 * 1024,
        "subtitles" => 512 * 1024,
        _ => return None,
    })
}

/// The fields of an upload body, whichever way it was encoded.
#[derive(Default, Deserialize)]
struct Fields {
    media: Option<String>,
    media_category: Option<String>,
    segment_index: Option<Value>,
    #[serde(skip)]
    bytes: Option<Bytes>,
}

async fn fields(request: Request) -> Result<Fields, XError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.starts_with("multipart/form-data") {
        let unreadable = |error: &dyn std::fmt::Display| invalid("body", "", &error.to_string());
        let mut form = Multipart::from_request(request, &()).await.map_err(|error| unreadable(&error))?;
        let mut fields = Fields::default();
        while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match name.as_str() {
                "media" => fields.bytes = Some(bytes),
                "media_category" => fields.media_category = Some(text()),
                "segment_index" => fields.segment_index = Some(Value::String(text())),
                _ => {}
            }
        }
        return Ok(fields);
    }
    let body =
        Bytes::from_request(request, &()).await.map_err(|_| invalid("body", "", "The body is not whole."))?;
    let mut fields: Fields = serde_json::from_slice(&body)
        .map_err(|_| invalid("body", "", "Request body must be a JSON object or a form"))?;
    if let Some(text) = fields.media.take() {
        let decoded = STANDARD.decode(text).map_err(|_| invalid("media", "", "media is not base64."))?;
        fields.bytes = Some(decoded.into());
    }
    Ok(fields)
}

/// `POST /2/media/upload`
pub(super) async fn one_shot(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    let fields = fields(request).await?;
    let category = fields.media_category.unwrap_or_default();
    let bytes = fields.bytes.ok_or_else(|| invalid("media", "", "media is required."))?;
    if !["tweet_image", "dm_image", "subtitles"].contains(&category.as_str()) {
        let message = "This media_category is not known here; films and GIFs are uploaded in chunks.";
        return Err(invalid("media_category", &category, message));
    }
    let media_type = if category == "subtitles" { "text/srt" } else { sniff(&bytes) };
    let mut media = x.new_media(&user, &category, media_type, bytes.len() as u64)?;
    x.complete(&mut media, &bytes)?;
    x.media.put(&media.id, &media)?;
    let mut data = describe(&x, &media);
    if media.kind() == "photo" {
        data["image"] = json!({"image_type": media.media_type, "w": 0, "h": 0});
    }
    Ok(Json(json!({"data": data})))
}

#[derive(Deserialize)]
pub(super) struct Initialize {
    media_type: String,
    total_bytes: u64,
    media_category: Option<String>,
}

/// `POST /2/media/upload/initialize`
pub(super) async fn initialize(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    let wanted: Initialize =
        serde_json::from_slice(&body).map_err(|error| invalid("body", "", &error.to_string()))?;
    let category = wanted.media_category.unwrap_or_else(|| {
        let guess = if wanted.media_type.starts_with("video/") { "tweet_video" } else { "tweet_image" };
        guess.to_owned()
    });
    let media = x.new_media(&user, &category, &wanted.media_type, wanted.total_bytes)?;
    x.media.put(&media.id, &media)?;
    let data =
        json!({"id": media.id, "media_key": media.key(), "expires_after_secs": LIFE.as_seconds_ceil()});
    Ok(Json(json!({"data": data})))
}

/// `POST /2/media/upload/{id}/append`
pub(super) async fn append(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    let media = x.own_media(&user, &id)?;
    let fields = fields(request).await?;
    let index = fields.segment_index.unwrap_or_default();
    let number = index.as_u64().or_else(|| index.as_str().and_then(|text| text.trim().parse().ok()));
    let number = number.and_then(|number| u16::try_from(number).ok()).filter(|number| *number <= 999);
    let number = number.ok_or_else(|| {
        invalid("segment_index", &index.to_string(), "segment_index is a number from 0 to 999.")
    })?;
    let bytes = fields.bytes.ok_or_else(|| invalid("media", "", "media is required."))?;
    if bytes.len() > CHUNK_LIMIT_BYTES {
        return Err(plain(StatusCode::PAYLOAD_TOO_LARGE, "The chunk is too large."));
    }
    if media.sha256.is_some() {
        return Err(invalid("id", &id, "The upload is finalized already."));
    }
    let sha256 = x.world.blobs.put(&bytes)?;
    x.media.update(&id, |media| media.segments.insert(number, sha256))?;
    Ok(Json(json!({"data": {"expires_at": media.expires_at.as_seconds()}})))
}

/// `POST /2/media/upload/{id}/finalize`
pub(super) async fn finalize(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    let mut media = x.own_media(&user, &id)?;
    if media.sha256.is_none() {
        let mut whole = BytesMut::new();
        for (place, (number, sha256)) in media.segments.iter().enumerate() {
            if place != usize::from(*number) {
                return Err(invalid("id", &id, &format!("Segment {place} is missing.")));
            }
            whole.extend_from_slice(&x.world.blobs.get(sha256).unwrap_or_default());
        }
        if whole.len() as u64 != media.total_bytes {
            let message = format!("{} of {} bytes were uploaded.", whole.len(), media.total_bytes);
            return Err(invalid("id", &id, &message));
        }
        x.complete(&mut media, &whole.freeze())?;
        x.media.put(&id, &media)?;
    }
    Ok(Json(json!({"data": describe(&x, &media)})))
}

#[derive(Deserialize)]
pub(super) struct StatusQuery {
    media_id: String,
    #[serde(default)]
    command: String,
}

/// `GET /2/media/upload?media_id=…&command=STATUS`
pub(super) async fn status(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Query(query): Query<StatusQuery>,
) -> Result<Response, XError> {
    let user = x.caller(&headers, &["media.write"])?;
    if !matches!(query.command.as_str(), "" | "STATUS") {
        return Err(invalid("command", &query.command, "command is STATUS."));
    }
    let media = x.own_media(&user, &query.media_id)?;
    Ok(Json(json!({"data": describe(&x, &media)})).into_response())
}

impl X {
    /// The upload with this id, if it is the user's own and still there.
    pub(super) fn own_media(&self, user: &User, id: &str) -> Result<Media, XError> {
        let found = self.media.get(id).filter(|media| media.owner == user.id);
        let found = found.filter(|media| media.expires_at > self.world.now());
        found.ok_or_else(|| invalid("id", id, "Your media IDs are invalid."))
    }

    fn new_media(&self, user: &User, category: &str, media_type: &str, size: u64) -> Result<Media, XError> {
        let unknown = || invalid("media_category", category, "media_category has an unknown value.");
        let limit = limit_of(category).ok_or_else(unknown)?;
        if !MEDIA_TYPES.contains(&media_type) {
            return Err(invalid("media_type", media_type, "media_type has an unknown value."));
        }
        if size == 0 || size > limit {
            let message = format!("The file must have 1 to {limit} bytes.");
            return Err(invalid("total_bytes", &size.to_string(), &message));
        }
        Ok(Media {
            id: self.new_id(),
            owner: user.id.clone(),
            category: category.to_owned(),
            media_type: media_type.to_owned(),
            total_bytes: size,
            segments: std::collections::BTreeMap::new(),
            sha256: None,
            ready_at: None,
            fails: false,
            alt: None,
            expires_at: self.world.now() + LIFE,
        })
    }

    /// Takes the whole bytes; films and GIFs are processed for a while.
    fn complete(&self, media: &mut Media, whole: &Bytes) -> Result<(), XError> {
        let is_image = media.kind() == "photo";
        if is_image && !sniff(whole).starts_with("image/") {
            return Err(invalid("media", "", "The file is not a picture X can read."));
        }
        if is_image && picture::is_animated_gif(whole) {
            return Err(invalid("media", "", "A GIF that moves is uploaded as a GIF, not as an image."));
        }
        media.sha256 = Some(self.world.blobs.put(whole)?);
        if !is_image && media.category != "subtitles" {
            media.ready_at = Some(self.world.now() + PROCESSING);
            let is_film = sniff(whole).starts_with("video/") || sniff(whole) == "image/gif";
            media.fails = !is_film || self.world.faults.take_processing_failure(PLATFORM);
        }
        Ok(())
    }
}

fn describe(x: &X, media: &Media) -> Value {
    let now = x.world.now();
    let mut data = json!({
        "id": media.id,
        "media_key": media.key(),
        "size": media.total_bytes,
        "expires_after_secs": media.expires_at.since(now).as_seconds_ceil().max(0),
    });
    if let Some(ready_at) = media.ready_at {
        data["processing_info"] = match (ready_at > now, media.fails) {
            (true, _) if ready_at.since(now) > Span::from_millis(500) => {
                json!({"state": "pending", "check_after_secs": 1})
            }
            (true, _) => json!({"state": "in_progress", "check_after_secs": 1, "progress_percent": 50}),
            (false, false) => json!({"state": "succeeded", "progress_percent": 100}),
            (false, true) => json!({
                "state": "failed",
                "error": {"code": 1, "name": "InvalidMedia", "message": "The file could not be processed."},
            }),
        };
    }
    data
}
