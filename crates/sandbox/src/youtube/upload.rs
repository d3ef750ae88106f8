//! `videos.insert`: resumable uploads in pieces (guide "Resumable uploads"), and whole ones.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Span;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};

use super::PLATFORM;
use super::errors::{ApiError, invalid, refusal, signup_required};
use super::query::Params;
use super::simple_upload::media_of;
use super::state::{Channel, Upload, Video, YouTube};
use super::video_json::{PARTS, checked_details, describe};
use super::videos::public_post;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::sniff;

/// Pieces are a multiple of this, but for the last one.
const GRAIN_BYTES: u64 = 262_144;
const MAX_BYTES: u64 = 274_877_906_944;
const SESSION_LIFE: Span = Span::from_days(7);
/// A video with this and a reason after it in its title is rejected for it.
const REJECTION_MARK: &str = "sandbox:reject=";
/// The same for a video that cannot be processed.
const FAILURE_MARK: &str = "sandbox:fail=";

/// What stands after a mark in a title.
fn marked(title: &str, mark: &str) -> Option<String> {
    title.split_once(mark)?.1.split_whitespace().next().map(str::to_owned)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a POST opens an upload in place of bringing the bytes.
pub(super) fn is_resumable(query: Option<&str>, headers: &HeaderMap) -> bool {
    Params::of(query).get("uploadType") == Some("resumable")
        || text(headers, "x-goog-upload-protocol") == Some("resumable")
}

/// The name of a PUT to an upload.
pub(super) fn operation(headers: &HeaderMap) -> &'static str {
    match Range::of(headers) {
        Some(Range { bytes: None, .. }) => "upload_status",
        Some(Range { bytes: Some((_, last)), total: Some(total) }) if last + 1 < total => "upload_chunk",
        Some(Range { total: None, .. }) => "upload_chunk",
        _ => "create_post",
    }
}

/// `bytes FIRST-LAST/TOTAL` or `bytes */TOTAL`.
#[derive(Clone, Copy)]
struct Range {
    bytes: Option<(u64, u64)>,
    total: Option<u64>,
}

impl Range {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let (bytes, total) = text(headers, "content-range")?.strip_prefix("bytes ")?.split_once('/')?;
        let total = if total == "*" { None } else { Some(total.parse().ok()?) };
        if bytes == "*" {
            return Some(Self { bytes: None, total });
        }
        let (first, last) = bytes.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last).then_some(Self { bytes: Some((first, last)), total })
    }
}

/// `POST /upload/youtube/v3/videos`
pub(super) async fn begin(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &["youtube.upload", "youtube", "youtube.force-ssl"])?;
    let parts = params.parts(&PARTS)?;
    youtube.count_insert(&caller)?;
    if !caller.has_channel {
        return Err(signup_required());
    }
    let _one_at_a_time = lock(&youtube.gate);
    youtube.check_upload_limit(&caller)?;
    let is_resumable = is_resumable(raw.as_deref(), &headers);
    let (details, content_type, media) = if is_resumable {
        let details = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
        let wrong = |_| refusal(StatusCode::BAD_REQUEST, "global", "parseError", "Parse Error");
        let content_type = text(&headers, "x-upload-content-type").unwrap_or("application/octet-stream");
        (details.map_err(wrong)?, content_type.to_owned(), Bytes::new())
    } else {
        media_of(&headers, &body)?
    };
    if !content_type.starts_with("video/") && content_type != "application/octet-stream" {
        return Err(refusal(
            StatusCode::BAD_REQUEST,
            "global",
            "badContent",
            &format!(
                "Media type '{content_type}' is not supported. Valid media types: [video/*, application/octet-stream]"
            ),
        ));
    }
    let details = checked_details(&details, &parts, youtube.world.now())?;
    let mut upload = Upload {
        channel: caller.id.clone(),
        parts,
        meta: details,
        content_type,
        total_bytes: None,
        pieces: Vec::new(),
        stored_bytes: 0,
        video: None,
        expires_at: youtube.world.now() + SESSION_LIFE,
    };
    if !is_resumable {
        if media.is_empty() {
            return Err(invalid("mediaBodyRequired", "The request does not include the video content."));
        }
        youtube.store(&mut upload, &media)?;
        let video = youtube.finish(&mut upload, &caller, &origin, None)?;
        return Ok(answer_with(&youtube, &video, &upload, &origin));
    }
    upload.total_bytes = text(&headers, "x-upload-content-length").and_then(|text| text.parse().ok());
    if upload.total_bytes.is_some_and(|total| total > MAX_BYTES) {
        return Err(invalid("invalidVideoMetadata", "The video is too large."));
    }
    let id = format!("ABPtcP{}", youtube.world.entropy.token(60));
    youtube.uploads.put(&id, &upload)?;
    let path = format!(
        "/upload/youtube/v3/videos?uploadType=resumable&part={}&upload_id={id}",
        upload.parts.join(",")
    );
    let place = origin.url(&origin.host, &path);
    let headers = [("location", place), ("x-guploader-uploadid", id)];
    Ok((StatusCode::OK, headers).into_response())
}

/// `PUT` to the address of an upload: a piece, the rest, or the question how far it is.
pub(super) async fn put(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let bad = |what: &'static str| ApiError::Text(StatusCode::BAD_REQUEST, what);
    // The address opens the upload by itself; a token that came along has to be good all the same.
    if headers.contains_key(header::AUTHORIZATION) {
        youtube.caller(&headers, &["youtube.upload", "youtube", "youtube.force-ssl"])?;
    }
    let params = Params::of(raw.as_deref());
    let id = params.get("upload_id").unwrap_or_default().to_owned();
    let _one_at_a_time = lock(&youtube.gate);
    let known = youtube.uploads.get(&id);
    let mut upload = known.ok_or(ApiError::Text(StatusCode::NOT_FOUND, "Not Found"))?;
    if upload.expires_at <= youtube.world.now() {
        return Err(ApiError::Text(StatusCode::GONE, "Gone"));
    }
    let caller = youtube.channels.get(&upload.channel).ok_or_else(signup_required)?;
    if let Some(video) = &upload.video {
        let video = youtube.videos.get(video).ok_or(ApiError::Text(StatusCode::GONE, "Gone"))?;
        return Ok(answer_with(&youtube, &video, &upload, &origin));
    }
    let size = body.len() as u64;
    let range = match Range::of(&headers) {
        Some(range) => range,
        None if headers.contains_key(header::CONTENT_RANGE) => {
            return Err(bad("Failed to parse Content-Range header."));
        }
        None if size == 0 => return Err(bad("Empty body")),
        None => Range { bytes: Some((0, size - 1)), total: Some(size) },
    };
    if range.total.is_some() && upload.total_bytes.is_some() && range.total != upload.total_bytes {
        return Err(bad("Invalid request. The number of bytes uploaded is not the announced one."));
    }
    upload.total_bytes = upload.total_bytes.or(range.total);
    let Some((first, last)) = range.bytes else { return Ok(incomplete(&upload)) };
    if last - first + 1 != size {
        return Err(bad("Invalid request. The Content-Range does not fit the body."));
    }
    if first != upload.stored_bytes {
        return Err(bad("Invalid request. The range does not begin where the upload stands."));
    }
    if upload.total_bytes.is_some_and(|total| last >= total) {
        return Err(bad("Invalid request. The range goes beyond the file."));
    }
    let is_last = upload.total_bytes == Some(last + 1);
    if !is_last && !size.is_multiple_of(GRAIN_BYTES) {
        return Err(bad("Invalid request. Pieces have to be a multiple of 262144 bytes."));
    }
    let half = size / 2 / GRAIN_BYTES * GRAIN_BYTES;
    if caller.partial && half > 0 {
        let half = usize::try_from(half).unwrap_or(usize::MAX).min(body.len());
        youtube.store(&mut upload, &body.slice(..half))?;
        youtube.uploads.put(&id, &upload)?;
        return Ok(incomplete(&upload));
    }
    youtube.store(&mut upload, &body)?;
    if !is_last {
        youtube.uploads.put(&id, &upload)?;
        return Ok(incomplete(&upload));
    }
    let video = youtube.finish(&mut upload, &caller, &origin, Some(&id))?;
    Ok(answer_with(&youtube, &video, &upload, &origin))
}

fn incomplete(upload: &Upload) -> Response {
    let mut answer = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Some(last) = upload.stored_bytes.checked_sub(1)
        && let Ok(range) = format!("bytes=0-{last}").parse()
    {
        answer.headers_mut().insert(header::RANGE, range);
    }
    answer
}

fn answer_with(youtube: &YouTube, video: &Video, upload: &Upload, origin: &Origin) -> Response {
    Json(describe(youtube, video, &upload.parts, origin)).into_response()
}

impl YouTube {
    /// A channel uploads only so many videos in 24 hours.
    fn check_upload_limit(&self, channel: &Channel) -> Result<(), ApiError> {
        let Some(limit) = channel.upload_limit else { return Ok(()) };
        let since = self.world.now() - Span::from_hours(24);
        let count = self.videos.read(|rows| {
            rows.values().filter(|video| video.channel == channel.id && video.uploaded_at > since).count()
        });
        if (count as u64) < limit {
            return Ok(());
        }
        Err(invalid("uploadLimitExceeded", "The user has exceeded the number of videos they may upload."))
    }

    fn store(&self, upload: &mut Upload, piece: &Bytes) -> Result<(), ApiError> {
        upload.pieces.push(self.world.blobs.put(piece)?);
        upload.stored_bytes += piece.len() as u64;
        Ok(())
    }

    /// Makes the video of an upload whose last byte has arrived.
    fn finish(
        &self,
        upload: &mut Upload,
        channel: &Channel,
        origin: &Origin,
        upload_id: Option<&str>,
    ) -> Result<Video, ApiError> {
        // The beginning says what it is; all of it is never in memory.
        let beginning = upload.pieces.first().and_then(|piece| self.world.blobs.get(piece));
        let seen = sniff(&beginning.unwrap_or_default());
        let is_film = seen.starts_with("video/");
        let meta = &upload.meta;
        let title = meta["snippet"]["title"].as_str().unwrap_or_default();
        let failure = if !is_film {
            Some("invalidFile".to_owned())
        } else if self.world.faults.take_processing_failure(PLATFORM) {
            Some("conversion".to_owned())
        } else {
            marked(title, FAILURE_MARK)
        };
        let rejection = marked(title, REJECTION_MARK);
        let video = Video {
            id: self.world.entropy.token(11),
            channel: channel.id.clone(),
            snippet: meta["snippet"].clone(),
            status: meta["status"].clone(),
            more: meta["more"].clone(),
            content_type: match upload.content_type.as_str() {
                "application/octet-stream" => seen.to_owned(),
                other => other.to_owned(),
            },
            sha256: self.world.blobs.join(&upload.pieces)?,
            size_bytes: upload.stored_bytes,
            uploaded_at: self.world.now(),
            failure,
            rejection,
            thumbnail: None,
            deleted: false,
        };
        upload.video = Some(video.id.clone());
        let mut batch = self.world.journal.batch();
        batch.put(&self.videos, &video.id, &video)?;
        if let Some(id) = upload_id {
            batch.put(&self.uploads, id, upload)?;
        }
        if video.is_open() {
            let post = public_post(&video, channel, origin, self.world.now());
            self.world.ledger.publish(&mut batch, &post)?;
        }
        batch.commit()?;
        Ok(video)
    }
}

/// The details that a video starts with where none came.
pub(super) fn no_details() -> Value {
    json!({"snippet": {}, "status": {}, "more": {}})
}
