//! `thumbnails.set`.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::errors::{ApiError, refusal, video_not_found};
use super::query::Params;
use super::simple_upload::media_of;
use super::state::YouTube;
use super::video_json::thumbnails;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::sniff;

const MAX_BYTES: usize = 52_428_800;

/// `POST /upload/youtube/v3/thumbnails/set`
pub(super) async fn set(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &["youtube.upload", "youtube", "youtube.force-ssl"])?;
    youtube.count_units(&caller, 50)?;
    let wrong = |status: StatusCode, reason: &str, message: &str| {
        refusal(status, "youtube.thumbnail", reason, message)
    };
    let _one_at_a_time = lock(&youtube.gate);
    let id = params.get("videoId").unwrap_or_default();
    let mut video =
        youtube.live_video(id).filter(|video| video.channel == caller.id).ok_or_else(video_not_found)?;
    if !caller.verified {
        let message =
            "The authenticated user doesn't have permissions to upload and set custom video thumbnails.";
        return Err(wrong(StatusCode::FORBIDDEN, "forbidden", message));
    }
    let (_, _, bytes) = media_of(&headers, &body)?;
    if bytes.is_empty() {
        let message = "The request does not include the image content.";
        return Err(wrong(StatusCode::BAD_REQUEST, "mediaBodyRequired", message));
    }
    if !matches!(sniff(&bytes), "image/png" | "image/jpeg") || bytes.len() > MAX_BYTES {
        return Err(wrong(StatusCode::BAD_REQUEST, "invalidImage", "The provided image content is invalid."));
    }
    let sha256 = youtube.world.blobs.put(&bytes)?;
    video.thumbnail = Some(sha256.clone());
    let mut batch = youtube.world.journal.batch();
    batch.put(&youtube.videos, &video.id, &video)?;
    youtube.world.ledger.change(&mut batch, super::PLATFORM, &video.id, |post| {
        post.extra["thumbnail"] = json!(sha256);
    })?;
    batch.commit()?;
    let sizes = thumbnails(&video, &origin);
    Ok(Json(json!({"kind": "youtube#thumbnailSetResponse", "etag": video.id, "items": [sizes]})))
}
