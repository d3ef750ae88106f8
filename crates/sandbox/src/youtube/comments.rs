//! Comments below videos: `commentThreads.insert` and `commentThreads.list`.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::account::avatar_url;
use super::errors::{ApiError, refusal, video_not_found};
use super::query::Params;
use super::state::{Channel, Comment, Video, YouTube};
use super::{PAGE_HOST, PLATFORM};
use crate::core::journal::Batch;
use crate::core::ledger::PublicPost;
use crate::core::lock;
use crate::core::origin::Origin;

/// No other scope opens comments.
const SCOPES: [&str; 1] = ["youtube.force-ssl"];
const PARTS: [&str; 3] = ["id", "replies", "snippet"];
const MAX_LETTERS: usize = 10_000;

fn wrong(status: StatusCode, reason: &str, message: &str) -> ApiError {
    refusal(status, "youtube.commentThread", reason, message)
}

/// The video, if `caller` may see it and it takes comments.
fn open_video(youtube: &YouTube, caller: &Channel, id: &str) -> Result<Video, ApiError> {
    let video = youtube.live_video(id).ok_or_else(video_not_found)?;
    if video.privacy() == "private" {
        if video.channel != caller.id {
            return Err(video_not_found());
        }
        let message = "One or more of the requested comment threads cannot be retrieved due to insufficient permissions.";
        return Err(wrong(StatusCode::FORBIDDEN, "forbidden", message));
    }
    if video.status["selfDeclaredMadeForKids"] == true {
        let message = "The video identified by the videoId parameter has disabled comments.";
        return Err(wrong(StatusCode::FORBIDDEN, "commentsDisabled", message));
    }
    Ok(video)
}

/// `POST /youtube/v3/commentThreads`
pub(super) async fn create(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &SCOPES)?;
    let parts = params.parts(&PARTS)?;
    youtube.count_units(&caller, 50)?;
    let body: Value = serde_json::from_slice(&body)
        .map_err(|_| refusal(StatusCode::BAD_REQUEST, "global", "parseError", "Parse Error"))?;
    let bad = |reason: &str, message: &str| wrong(StatusCode::BAD_REQUEST, reason, message);
    let snippet = &body["snippet"];
    let named = |name: &str| snippet[name].as_str().filter(|text| !text.is_empty());
    let (Some(channel), Some(video)) = (named("channelId"), named("videoId")) else {
        let message = "Each comment thread has to be linked to a channel or video.";
        return Err(bad("channelOrVideoIdMissing", message));
    };
    let text = snippet["topLevelComment"]["snippet"]["textOriginal"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(bad("commentTextRequired", "The comment has to have a text."));
    }
    if text.chars().count() > MAX_LETTERS {
        return Err(bad("commentTextTooLong", "The comment has too many characters."));
    }
    let _one_at_a_time = lock(&youtube.gate);
    if youtube.channels.get(channel).is_none() {
        let message = "The channel identified by the channelId cannot be found.";
        return Err(wrong(StatusCode::NOT_FOUND, "channelNotFound", message));
    }
    let video = open_video(&youtube, &caller, video)?;
    if video.channel != channel {
        return Err(bad("invalidCommentThreadMetadata", "The video is not of the channel."));
    }
    let comment = Comment {
        id: format!("Ug{}4AaABAg", youtube.world.entropy.token(16)),
        video: video.id,
        channel: caller.id.clone(),
        text: text.to_owned(),
        written_at: youtube.world.now(),
        deleted: false,
    };
    let mut batch = youtube.world.journal.batch();
    batch.put(&youtube.comments, &comment.id, &comment)?;
    youtube.world.ledger.publish(&mut batch, &public_comment(&comment, &caller, &origin))?;
    batch.commit()?;
    Ok(Json(describe(&youtube, &comment, &caller, &parts, &origin)))
}

fn public_comment(comment: &Comment, author: &Channel, origin: &Origin) -> PublicPost {
    let path = format!("/watch?v={}&lc={}", comment.video, comment.id);
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: author.handle.clone(),
        account_id: author.id.clone(),
        id: comment.id.clone(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: comment.text.clone(),
        media: Vec::new(),
        reply_to: Some(comment.video.clone()),
        extra: Value::Null,
        created_at: comment.written_at.to_iso_millis(),
        deleted_at: None,
    }
}

/// `GET /youtube/v3/commentThreads`, newest first.
pub(super) async fn list(
    State(youtube): State<Arc<YouTube>>,
    Extension(origin): Extension<Origin>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Json<Value>, ApiError> {
    let params = Params::of(raw.as_deref());
    let caller = youtube.caller(&headers, &SCOPES)?;
    let parts = params.parts(&PARTS)?;
    youtube.count_units(&caller, 1)?;
    let parameter =
        |reason: &str, message: &str| refusal(StatusCode::BAD_REQUEST, "youtube.parameter", reason, message);
    let Some(id) = params.get("videoId") else {
        let message = "No filter selected. Expected one of: videoId";
        return Err(parameter("missingRequiredParameter", message));
    };
    let per_page = params.get("maxResults").map_or(Ok(20_usize), str::parse);
    let per_page = per_page
        .ok()
        .filter(|count| (1..=100).contains(count))
        .ok_or_else(|| parameter("invalidValue", "Values must be within the range: [1, 100]"))?;
    let video = open_video(&youtube, &caller, id)?;
    let mut all: Vec<Comment> = youtube.comments.read(|rows| {
        rows.values().filter(|comment| comment.video == video.id && !comment.deleted).cloned().collect()
    });
    all.sort_by(|a, b| b.written_at.cmp(&a.written_at).then_with(|| b.id.cmp(&a.id)));
    let items: Vec<Value> = all
        .iter()
        .take(per_page)
        .filter_map(|comment| Some((comment, youtube.channels.get(&comment.channel)?)))
        .map(|(comment, author)| {
            let mut item = describe(&youtube, comment, &author, &parts, &origin);
            if comment.channel != caller.id
                && let Some(snippet) = item.pointer_mut("/snippet/topLevelComment/snippet")
                && let Some(snippet) = snippet.as_object_mut()
            {
                snippet.remove("textOriginal");
            }
            item
        })
        .collect();
    Ok(Json(json!({
        "kind": "youtube#commentThreadListResponse",
        "etag": "comments",
        "pageInfo": {"totalResults": items.len(), "resultsPerPage": per_page},
        "items": items,
    })))
}

fn describe(
    youtube: &YouTube,
    comment: &Comment,
    author: &Channel,
    parts: &[String],
    origin: &Origin,
) -> Value {
    let mut thread = json!({"kind": "youtube#commentThread", "etag": comment.id, "id": comment.id});
    if parts.iter().any(|part| part == "snippet") {
        let owner = youtube.videos.get(&comment.video).map(|video| video.channel);
        let written_at = comment.written_at.to_iso_millis();
        let top = json!({
            "kind": "youtube#comment",
            "etag": comment.id,
            "id": comment.id,
            "snippet": {
                "channelId": owner,
                "videoId": comment.video,
                "textDisplay": comment.text,
                "textOriginal": comment.text,
                "authorDisplayName": format!("@{}", author.handle),
                "authorProfileImageUrl": avatar_url(author, origin),
                "authorChannelUrl": origin.url(PAGE_HOST, &format!("/@{}", author.handle)),
                "authorChannelId": {"value": author.id},
                "canRate": true,
                "viewerRating": "none",
                "likeCount": 0,
                "publishedAt": written_at,
                "updatedAt": written_at,
            },
        });
        thread["snippet"] = json!({
            "channelId": owner,
            "videoId": comment.video,
            "topLevelComment": top,
            "canReply": true,
            "totalReplyCount": 0,
            "isPublic": true,
        });
    }
    thread
}

/// Takes down what stands below a video that is deleted.
pub(super) fn take_down(
    youtube: &YouTube,
    batch: &mut Batch<'_>,
    video: &str,
    now: Timestamp,
) -> Result<(), ApiError> {
    let below: Vec<Comment> = youtube.comments.read(|rows| {
        rows.values().filter(|comment| comment.video == video && !comment.deleted).cloned().collect()
    });
    for comment in below {
        let deleted = Comment { deleted: true, ..comment };
        batch.put(&youtube.comments, &deleted.id, &deleted)?;
        youtube.world.ledger.take_down(batch, PLATFORM, &deleted.id, now)?;
    }
    Ok(())
}
