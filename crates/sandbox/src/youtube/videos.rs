//! Videos that are there: list, change, delete, and the playlist of a channel's uploads.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::account::uploads_of;
use super::errors::{ApiError, invalid, refusal, video_not_found};
use super::query::Params;
use super::state::{Channel, Video, YouTube};
use super::video_json::{PARTS, checked_details, describe, thumbnails};
use super::{PAGE_HOST, PLATFORM, comments};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;

const READ: [&str; 3] = ["youtube.readonly", "youtube", "youtube.force-ssl"];
/// `youtube.upload` alone neither changes nor deletes.
const MANAGE: [&str; 2] = ["youtube", "youtube.force-ssl"];

fn parameter(reason: &str, message: &str) -> ApiError {
    refusal(StatusCode::BAD_REQUEST, "youtube.parameter", reason, message)
}

/// `GET /youtube/v3/videos`
pub(super) async fn list(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &READ)?;
    let parts = params.parts(&PARTS)?;
    youtube.count_units(&caller, 1)?;
    let ids = params.list("id");
    if ids.is_empty() {
        return Err(parameter(
            "missingRequiredParameter",
            "No filter selected. Expected one of: id, chart, myRating",
        ));
    }
    if ids.len() > 50 {
        return Err(parameter("invalidFilters", "Up to 50 ids are taken."));
    }
    let of_owner = ["fileDetails", "processingDetails", "suggestions"];
    let mut items = Vec::new();
    for video in ids.iter().filter_map(|id| youtube.live_video(id)) {
        let is_own = video.channel == caller.id;
        if !is_own && parts.iter().any(|part| of_owner.contains(&part.as_str())) {
            let message = "The request cannot access parts that only the owner may see.";
            return Err(refusal(StatusCode::FORBIDDEN, "youtube.video", "forbidden", message));
        }
        if is_own || video.is_open() {
            items.push(describe(&youtube, &video, &parts, &origin));
        }
    }
    let count = items.len();
    Ok(Json(json!({
        "kind": "youtube#videoListResponse",
        "etag": "videos",
        "items": items,
        "pageInfo": {"totalResults": count, "resultsPerPage": count},
    })))
}

/// `PUT /youtube/v3/videos`: what a named part leaves out is erased.
pub(super) async fn update(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &MANAGE)?;
    let parts = params.parts(&PARTS)?;
    youtube.count_units(&caller, 50)?;
    let wanted: Value = serde_json::from_slice(&body)
        .map_err(|_| refusal(StatusCode::BAD_REQUEST, "global", "parseError", "Parse Error"))?;
    let _one_at_a_time = lock(&youtube.gate);
    let id = wanted["id"].as_str().unwrap_or_default();
    let mut video = youtube.live_video(id).ok_or_else(video_not_found)?;
    if video.channel != caller.id {
        return Err(refusal(StatusCode::FORBIDDEN, "youtube.common", "forbidden", "Forbidden"));
    }
    let named = |part: &str| parts.iter().any(|one| one == part);
    if named("snippet") && wanted["snippet"]["categoryId"].as_str().is_none() {
        return Err(invalid(
            "invalidCategoryId",
            "The snippet.categoryId property specifies an invalid category ID.",
        ));
    }
    let was_open = video.is_open();
    let written = checked_details(&wanted, &parts, youtube.world.now())?;
    if named("snippet") {
        video.snippet = written["snippet"].clone();
    }
    if named("status") {
        if video.privacy() != "private" && written["status"].get("publishAt").is_some() {
            let message = "A video that was published cannot be scheduled.";
            return Err(invalid("invalidPublishAt", message));
        }
        video.status = written["status"].clone();
    }
    if let Some(more) = written["more"].as_object() {
        for (part, value) in more {
            video.more[part.as_str()] = value.clone();
        }
    }
    youtube.keep_change(&video, &caller, was_open, &origin)?;
    Ok(Json(describe(&youtube, &video, &parts, &origin)))
}

/// `DELETE /youtube/v3/videos`
pub(super) async fn delete(
    State(youtube): State<Arc<YouTube>>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &MANAGE)?;
    youtube.count_units(&caller, 50)?;
    let _one_at_a_time = lock(&youtube.gate);
    let id = params.get("id").unwrap_or_default();
    let mut video = youtube.live_video(id).ok_or_else(video_not_found)?;
    if video.channel != caller.id {
        return Err(refusal(StatusCode::FORBIDDEN, "youtube.common", "forbidden", "Forbidden"));
    }
    video.deleted = true;
    let mut batch = youtube.world.journal.batch();
    batch.put(&youtube.videos, id, &video)?;
    let now = youtube.world.now();
    youtube.world.ledger.take_down(&mut batch, PLATFORM, id, now)?;
    comments::take_down(&youtube, &mut batch, id, now)?;
    batch.commit()?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /youtube/v3/playlistItems`: the uploads of a channel, newest first.
pub(super) async fn playlist_items(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &READ)?;
    let parts = params.parts(&["id", "snippet", "contentDetails", "status"])?;
    youtube.count_units(&caller, 1)?;
    let playlist = params.get("playlistId").unwrap_or_default();
    let channel = youtube.channels.find(|channel| uploads_of(&channel.id) == playlist);
    let Some((_, channel)) = channel else {
        let message = "The playlist identified with the request's playlistId parameter cannot be found.";
        return Err(refusal(StatusCode::NOT_FOUND, "youtube.playlistItem", "playlistNotFound", message));
    };
    let per_page = params.get("maxResults").and_then(|text| text.parse().ok()).unwrap_or(5_usize);
    if per_page > 50 {
        return Err(parameter("invalidValue", "Values must be within the range: [0, 50]"));
    }
    let from: usize = params
        .get("pageToken")
        .map_or(Ok(0), |token| token.trim_start_matches("CAU").parse())
        .map_err(|_| parameter("invalidPageToken", "The request specifies an invalid page token."))?;
    let mut all: Vec<Video> = youtube.videos.read(|rows| {
        let is_listed = |video: &&Video| {
            video.channel == channel.id
                && !video.deleted
                && (channel.id == caller.id || video.is_open() && video.privacy() == "public")
        };
        rows.values().filter(is_listed).cloned().collect()
    });
    all.sort_by(|a, b| b.uploaded_at.cmp(&a.uploaded_at).then_with(|| a.id.cmp(&b.id)));
    let total = all.len();
    let shown = all.iter().skip(from).take(per_page).enumerate();
    let items: Vec<Value> =
        shown.map(|(at, video)| item(video, &channel, playlist, from + at, &parts, &origin)).collect();
    let mut answer = json!({
        "kind": "youtube#playlistItemListResponse",
        "etag": "items",
        "items": items,
        "pageInfo": {"totalResults": total, "resultsPerPage": per_page},
    });
    if from + per_page < total {
        answer["nextPageToken"] = json!(format!("CAU{}", from + per_page));
    }
    Ok(Json(answer))
}

fn item(
    video: &Video,
    channel: &Channel,
    playlist: &str,
    position: usize,
    parts: &[String],
    origin: &Origin,
) -> Value {
    let mut item =
        json!({"kind": "youtube#playlistItem", "etag": video.id, "id": format!("{playlist}.{}", video.id)});
    for part in parts {
        let value = match part.as_str() {
            "snippet" => json!({
                "publishedAt": video.uploaded_at.to_iso_millis(),
                "channelId": channel.id,
                "channelTitle": channel.title,
                "title": video.snippet["title"],
                "description": video.snippet["description"],
                "thumbnails": thumbnails(video, origin),
                "playlistId": playlist,
                "position": position,
                "resourceId": {"kind": "youtube#video", "videoId": video.id},
            }),
            "contentDetails" => {
                json!({"videoId": video.id, "videoPublishedAt": video.uploaded_at.to_iso_millis()})
            }
            "status" => json!({"privacyStatus": video.privacy()}),
            _ => continue,
        };
        item[part.as_str()] = value;
    }
    item
}

impl YouTube {
    /// Stores a changed video, and shows, hides or changes what people see of it.
    fn keep_change(
        &self,
        video: &Video,
        channel: &Channel,
        was_open: bool,
        origin: &Origin,
    ) -> Result<(), ApiError> {
        let mut batch = self.world.journal.batch();
        batch.put(&self.videos, &video.id, video)?;
        let now = self.world.now();
        let public = public_post(video, channel, origin, now);
        match (was_open, video.is_open()) {
            (false, true) => self.world.ledger.publish(&mut batch, &public)?,
            (true, false) => self.world.ledger.take_down(&mut batch, PLATFORM, &video.id, now)?,
            (true, true) => self.world.ledger.change(&mut batch, PLATFORM, &video.id, |post| {
                post.text = public.text;
                post.extra = public.extra;
            })?,
            (false, false) => {}
        }
        batch.commit()?;
        Ok(())
    }
}

/// A video as people see it.
pub(super) fn public_post(video: &Video, channel: &Channel, origin: &Origin, now: Timestamp) -> PublicPost {
    let path = format!("/watch?v={}", video.id);
    let mut extra = json!({
        "title": video.snippet["title"],
        "privacy": video.privacy(),
        "category": video.snippet["categoryId"],
        "made_for_kids": video.status["selfDeclaredMadeForKids"],
        "card": {"title": video.snippet["title"]},
    });
    for (name, value) in [
        ("tags", video.snippet.get("tags").cloned()),
        ("thumbnail", video.thumbnail.as_ref().map(|sha256| json!(sha256))),
    ] {
        if let Some(value) = value {
            extra[name] = value;
        }
    }
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: channel.handle.clone(),
        account_id: channel.id.clone(),
        id: video.id.clone(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: video.snippet["description"].as_str().unwrap_or_default().to_owned(),
        media: vec![PublicMedia {
            media_type: video.content_type.clone(),
            sha256: video.sha256.clone(),
            size_bytes: video.size_bytes,
            alt: None,
        }],
        reply_to: None,
        extra,
        created_at: now.to_iso_millis(),
        deleted_at: None,
    }
}
