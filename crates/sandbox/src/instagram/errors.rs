//! Instagram's own refusals, in the Graph envelope: content publishing has numbers of its own.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

use crate::meta::error::GraphError;

/// What a subcode is refused with: code, title and text for people.
const TABLE: [(i64, i64, &str, &str); 18] = [
    (2_207_001, -1, "Server error", "Instagram server error. Try again."),
    (2_207_003, -2, "Timeout", "It takes too long to download the media."),
    (
        2_207_004,
        36_000,
        "Image too large",
        "The image is too large to download. It should be less than 8 MB.",
    ),
    (
        2_207_005,
        36_001,
        "Image format not supported",
        "The image format is not supported. Supported format is JPEG.",
    ),
    (
        2_207_006,
        24,
        "Media not found",
        "The media with this ID cannot be found: the ID is wrong or belongs to another account.",
    ),
    (2_207_008, 24, "Media builder expired", "The media container has expired. Create a new one."),
    (
        2_207_009,
        36_003,
        "Aspect ratio not supported",
        "The aspect ratio of the image is not supported: it has to be between 4:5 and 1.91:1.",
    ),
    (2_207_010, 36_004, "Caption too long", "The caption is too long: 2,200 characters, 30 hashtags."),
    (2_207_023, 100, "Unknown media type", "The media type is unknown."),
    (2_207_026, 352, "Unsupported video format", "The video file format is not supported."),
    (2_207_027, 9_007, "Media not ready", "The media is not ready to be published. Please wait a moment."),
    (2_207_028, 100, "Carousel validation failed", "A carousel needs between 2 and 10 media."),
    (
        2_207_042,
        9,
        "Limit reached",
        "You reached the maximum number of posts that is allowed to be published.",
    ),
    (2_207_050, 25, "Account restricted", "The Instagram account is restricted."),
    (2_207_051, 4, "Action blocked", "We restrict certain activity to protect our community."),
    (2_207_052, 9_004, "Media download failed", "The media could not be fetched from this URI."),
    (2_207_057, 1, "Thumbnail offset invalid", "The thumbnail offset is outside of the video."),
    (2_207_081, 100, "Trial reels", "The account cannot publish trial reels."),
];

/// The refusal with this subcode.
pub(super) fn refusal(subcode: i64) -> GraphError {
    let entry = TABLE.iter().find(|entry| entry.0 == subcode);
    let (_, code, title, text) = entry.copied().unwrap_or((subcode, -1, "Error", "Create media failed."));
    let message = match subcode {
        2_207_027 => "Media ID is not available",
        2_207_042 => "Application request limit reached",
        _ => text,
    };
    GraphError::new(code, message).subcode(subcode).user(title, text)
}

/// The shape of the code exchange, which is another one.
pub(super) fn of_exchange(status: StatusCode, message: &str) -> Response {
    let kind = "OAuthException";
    let body = json!({"error_type": kind, "code": status.as_u16(), "error_message": message});
    (status, axum::Json(body)).into_response()
}
