//! Videos as the API takes them and shows them: the checks of what is written, the parts of what is read.

use domain::Timestamp;
use serde_json::{Value, json};

use super::PICTURE_HOST;
use super::errors::{ApiError, invalid, refusal};
use super::state::{Video, YouTube};
use super::upload::no_details;
use crate::core::figures::Figures;
use crate::core::origin::Origin;
use http::StatusCode;

/// Every part of a video.
pub(super) const PARTS: [&str; 15] = [
    "id",
    "snippet",
    "status",
    "contentDetails",
    "statistics",
    "player",
    "topicDetails",
    "recordingDetails",
    "fileDetails",
    "processingDetails",
    "suggestions",
    "liveStreamingDetails",
    "localizations",
    "paidProductPlacementDetails",
    "monetizationDetails",
];
const WRITABLE: [&str; 3] = ["recordingDetails", "localizations", "paidProductPlacementDetails"];
/// The assignable categories of `videoCategories.list` for the United States.
const CATEGORIES: [&str; 15] =
    ["1", "2", "10", "15", "17", "19", "20", "22", "23", "24", "25", "26", "27", "28", "29"];

/// What of `details` is written: the named parts, checked, with what YouTube adds by itself.
pub(super) fn checked_details(details: &Value, parts: &[String], now: Timestamp) -> Result<Value, ApiError> {
    let mut written = no_details();
    let named = |part: &str| parts.iter().any(|one| one == part);
    if named("snippet") {
        written["snippet"] = checked_snippet(&details["snippet"])?;
    } else {
        written["snippet"] = json!({"title": "unknown", "description": "", "categoryId": "22"});
    }
    let status = if named("status") { &details["status"] } else { &Value::Null };
    written["status"] = checked_status(status, now)?;
    for part in WRITABLE.into_iter().filter(|part| named(part)) {
        written["more"][part] = details[part].clone();
    }
    Ok(written)
}

fn checked_snippet(snippet: &Value) -> Result<Value, ApiError> {
    let text = |name: &str| snippet[name].as_str().unwrap_or_default();
    let has_brackets = |text: &str| text.contains(['<', '>']);
    let title = text("title");
    let units = title.encode_utf16().count();
    if title.trim().is_empty() || units > 100 || has_brackets(title) {
        return Err(invalid(
            "invalidTitle",
            "The request metadata specifies an invalid or empty video title.",
        ));
    }
    let description = text("description");
    if description.len() > 5_000 || has_brackets(description) {
        return Err(invalid(
            "invalidDescription",
            "The request metadata specifies an invalid video description.",
        ));
    }
    let tags: Vec<&str> =
        snippet["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let spaced = |tag: &&str| tag.chars().count() + if tag.contains(' ') { 2 } else { 0 };
    let total: usize = tags.iter().map(spaced).sum::<usize>() + tags.len().saturating_sub(1);
    if total > 500 || tags.iter().any(|tag| has_brackets(tag)) {
        return Err(invalid("invalidTags", "The request metadata specifies invalid video keywords."));
    }
    let category = snippet["categoryId"].as_str().unwrap_or("22");
    if !CATEGORIES.contains(&category) {
        return Err(invalid(
            "invalidCategoryId",
            "The snippet.categoryId property specifies an invalid category ID.",
        ));
    }
    let mut kept = json!({"title": title, "description": description, "categoryId": category});
    if !tags.is_empty() {
        kept["tags"] = json!(tags);
    }
    for name in ["defaultLanguage", "defaultAudioLanguage"] {
        if let Some(language) = snippet[name].as_str() {
            kept[name] = json!(language);
        }
    }
    Ok(kept)
}

fn checked_status(given: &Value, now: Timestamp) -> Result<Value, ApiError> {
    let mut status = json!({
        "privacyStatus": "public", "license": "youtube", "embeddable": true, "publicStatsViewable": true,
    });
    let text = |name: &str| given[name].as_str();
    if let Some(privacy) = text("privacyStatus") {
        if !["public", "unlisted", "private"].contains(&privacy) {
            let message = format!("Invalid value at 'resource.status.privacy_status': \"{privacy}\"");
            return Err(refusal(StatusCode::BAD_REQUEST, "global", "invalid", &message));
        }
        status["privacyStatus"] = json!(privacy);
    }
    if let Some(license) = text("license") {
        if !["youtube", "creativeCommon"].contains(&license) {
            return Err(refusal(
                StatusCode::FORBIDDEN,
                "youtube.video",
                "forbiddenLicenseSetting",
                "The request attempts to set an invalid license for the video.",
            ));
        }
        status["license"] = json!(license);
    }
    for flag in ["embeddable", "publicStatsViewable", "selfDeclaredMadeForKids", "containsSyntheticMedia"] {
        if let Some(value) = given[flag].as_bool() {
            status[flag] = json!(value);
        }
    }
    if let Some(time) = text("publishAt") {
        let time = Timestamp::parse(time).ok().filter(|_| status["privacyStatus"] == "private");
        let Some(time) = time else {
            let message = "The request metadata specifies an invalid scheduled publishing time.";
            return Err(invalid("invalidPublishAt", message));
        };
        // A time that is past publishes at once.
        if time > now {
            status["publishAt"] = json!(time.to_iso_millis());
        } else {
            status["privacyStatus"] = json!("public");
        }
    }
    Ok(status)
}

/// The pictures of a video.
pub(super) fn thumbnails(video: &Video, origin: &Origin) -> Value {
    let picture = |name: &str, width: u32, height: u32| {
        let url = origin.url(PICTURE_HOST, &format!("/vi/{}/{name}.jpg", video.id));
        json!({"url": url, "width": width, "height": height})
    };
    json!({
        "default": picture("default", 120, 90),
        "medium": picture("mqdefault", 320, 180),
        "high": picture("hqdefault", 480, 360),
    })
}

/// A video with the asked parts.
pub(super) fn describe(youtube: &YouTube, video: &Video, parts: &[String], origin: &Origin) -> Value {
    let mut item = json!({"kind": "youtube#video", "etag": video.id, "id": video.id});
    let title = youtube.channels.get(&video.channel).map(|channel| channel.title).unwrap_or_default();
    let is_processed = video.is_processed(youtube.world.now());
    for part in parts {
        let value = match part.as_str() {
            "snippet" => {
                let mut snippet = video.snippet.clone();
                snippet["publishedAt"] = json!(video.uploaded_at.to_iso_millis());
                snippet["channelId"] = json!(video.channel);
                snippet["channelTitle"] = json!(title);
                snippet["thumbnails"] = thumbnails(video, origin);
                snippet["liveBroadcastContent"] = json!("none");
                snippet["localized"] =
                    json!({"title": snippet["title"], "description": snippet["description"]});
                snippet
            }
            "status" => status_of(video, is_processed),
            "processingDetails" => processing_of(video, is_processed),
            "contentDetails" => json!({
                "duration": if is_processed { "PT30S" } else { "P0D" },
                "dimension": "2d", "definition": "hd", "caption": "false", "licensedContent": false,
                "contentRating": {}, "projection": "rectangular",
            }),
            "statistics" => {
                let figures = Figures::of(&video.id, youtube.world.now().since(video.uploaded_at));
                json!({
                    "viewCount": figures.seen.to_string(),
                    "likeCount": figures.likes.to_string(),
                    "dislikeCount": "0",
                    "favoriteCount": "0",
                    "commentCount": figures.comments.to_string(),
                })
            }
            "fileDetails" => {
                json!({"fileName": "unknown", "fileSize": video.size_bytes.to_string(), "fileType": "video"})
            }
            "player" => json!({"embedHtml": ""}),
            other if video.more.get(other).is_some() => video.more[other].clone(),
            _ => continue,
        };
        item[part.as_str()] = value;
    }
    item
}

fn status_of(video: &Video, is_processed: bool) -> Value {
    let mut status = video.status.clone();
    status["madeForKids"] = json!(status["selfDeclaredMadeForKids"].as_bool().unwrap_or(false));
    let word = match (is_processed, &video.failure, &video.rejection) {
        (false, ..) => "uploaded",
        (true, Some(reason), _) => {
            status["failureReason"] = json!(reason);
            "failed"
        }
        (true, None, Some(reason)) => {
            status["rejectionReason"] = json!(reason);
            "rejected"
        }
        (true, None, None) => "processed",
    };
    status["uploadStatus"] = json!(word);
    status
}

fn processing_of(video: &Video, is_processed: bool) -> Value {
    match (is_processed, &video.failure) {
        (false, _) => json!({
            "processingStatus": "processing",
            "processingProgress": {"partsTotal": "1000", "partsProcessed": "400", "timeLeftMs": "20000"},
        }),
        (true, Some(_)) => {
            json!({"processingStatus": "failed", "processingFailureReason": "transcodeFailed"})
        }
        (true, None) => json!({"processingStatus": "succeeded"}),
    }
}
