//! The lexicon of `app.bsky.feed.post`, as far as the data server checks it, in its own words.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use super::BAD;
use super::errors::{XrpcError, invalid, plain};
use super::state::Bluesky;

const TEXT_GRAPHEMES: usize = 300;
const TEXT_BYTES: usize = 3000;
const IMAGES: usize = 4;
const IMAGE_BYTES: u64 = 2_000_000;
const VIDEO_BYTES: u64 = 300_000_000;
const THUMB_BYTES: u64 = 1_000_000;

fn wrong(what: &str, path: &str) -> XrpcError {
    invalid(format!("Invalid app.bsky.feed.post record: {what} at {path}"))
}

/// Refuses a post that breaks the lexicon, or that refers to a file that was not uploaded.
pub(super) fn post(bluesky: &Bluesky, did: &str, record: &Value) -> Result<(), XrpcError> {
    let Some(text) = record.get("text") else {
        return Err(wrong("Missing required key \"text\"", "$.record"));
    };
    let text = text.as_str().ok_or_else(|| wrong("Expected string", "$.record.text"))?;
    if text.len() > TEXT_BYTES {
        let what = format!("string too big (maximum {TEXT_BYTES}, got {})", text.len());
        return Err(wrong(&what, "$.record.text"));
    }
    let graphemes = text.graphemes(true).count();
    if graphemes > TEXT_GRAPHEMES {
        let what = format!("grapheme too big (maximum {TEXT_GRAPHEMES}, got {graphemes})");
        return Err(wrong(&what, "$.record.text"));
    }
    let Some(created) = record.get("createdAt") else {
        return Err(wrong("Missing required key \"createdAt\"", "$.record"));
    };
    let is_moment =
        created.as_str().is_some_and(|text| text.contains('T') && domain::Timestamp::parse(text).is_ok());
    if !is_moment {
        return Err(wrong("Invalid datetime", "$.record.createdAt"));
    }
    if let Some(embed) = record.get("embed") {
        check_embed(bluesky, did, embed)?;
    }
    Ok(())
}

fn check_embed(bluesky: &Bluesky, did: &str, embed: &Value) -> Result<(), XrpcError> {
    match embed["$type"].as_str().unwrap_or_default() {
        "app.bsky.embed.images" => {
            let images =
                embed["images"].as_array().ok_or_else(|| wrong("Expected array", "$.record.embed.images"))?;
            if images.len() > IMAGES {
                let what = format!("array too big (maximum {IMAGES}, got {})", images.len());
                return Err(wrong(&what, "$.record.embed.images"));
            }
            for (at, image) in images.iter().enumerate() {
                let path = format!("$.record.embed.images[{at}]");
                if image.get("alt").and_then(Value::as_str).is_none() {
                    return Err(wrong("Missing required key \"alt\"", &path));
                }
                check_blob(bluesky, did, &image["image"], IMAGE_BYTES, &format!("{path}.image"))?;
            }
            Ok(())
        }
        "app.bsky.embed.video" => {
            let video = &embed["video"];
            let mime = video["mimeType"].as_str().unwrap_or_default();
            if video["$type"] == "blob" && mime != "video/mp4" {
                let what = format!("Expected \"video/mp4\" (got \"{mime}\")");
                return Err(wrong(&what, "$.record.embed.video.mimeType"));
            }
            check_blob(bluesky, did, video, VIDEO_BYTES, "$.record.embed.video")
        }
        "app.bsky.embed.external" => {
            let external = &embed["external"];
            for key in ["uri", "title", "description"] {
                if external.get(key).and_then(Value::as_str).is_none() {
                    let what = format!("Missing required key \"{key}\"");
                    return Err(wrong(&what, "$.record.embed.external"));
                }
            }
            match external.get("thumb") {
                Some(thumb) => check_blob(bluesky, did, thumb, THUMB_BYTES, "$.record.embed.external.thumb"),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

fn check_blob(bluesky: &Bluesky, did: &str, blob: &Value, most: u64, path: &str) -> Result<(), XrpcError> {
    let Some(link) = blob["ref"]["$link"].as_str().filter(|_| blob["$type"] == "blob") else {
        return Err(wrong("Expected blob", path));
    };
    let size = blob["size"].as_u64().unwrap_or(u64::MAX);
    if size > most {
        return Err(wrong(&format!("blob too big (maximum {most}, got {size})"), path));
    }
    if bluesky.blobs.get(&format!("{did}/{link}")).is_none() {
        return Err(plain(BAD, "BlobNotFound", &format!("Could not find blob: {link}")));
    }
    Ok(())
}
