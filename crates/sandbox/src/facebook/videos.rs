//! Videos in the feed: in one request, or opened, transferred in pieces and finished.

use bytes::Bytes;
use serde_json::{Value, json};

use super::photos::FETCHER;
use super::state::{Facebook, Kind, Video};
use crate::core::fetch::fetch;
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::logins::Page;

const PIECE_BYTES: u64 = 1_048_576;
const MAX_BYTES: u64 = 10_737_418_240;
const MAX_SINGLE_BYTES: u64 = 1_073_741_824;

/// `POST /{page}/videos`
pub(super) async fn act(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let page = facebook.publishing(request, id, "pages_manage_posts")?;
    match request.get("upload_phase").map(str::to_lowercase).as_deref() {
        None => single(facebook, asked, &page).await,
        Some("start") => start(facebook, asked, &page),
        Some("transfer") => transfer(facebook, asked, &page),
        Some("finish") => {
            let _one_at_a_time = lock(&facebook.logins.gate);
            let video = session(facebook, asked, &page)?;
            if request.flag("published") == Some(false) {
                return Ok(json!({"success": true}));
            }
            facebook.finish(asked, &page, video)?;
            Ok(json!({"success": true}))
        }
        Some("cancel") => {
            let mut video = session(facebook, asked, &page)?;
            video.deleted = true;
            facebook.videos.put(&video.id, &video)?;
            Ok(json!({"success": true}))
        }
        Some(_) => {
            Err(GraphError::invalid("Param upload_phase must be one of {start, transfer, finish, cancel}"))
        }
    }
}

async fn single(facebook: &Facebook, asked: &Asked, page: &Page) -> Result<Value, GraphError> {
    let request = &asked.request;
    let file = match (request.file("source"), request.text("file_url")) {
        (Some(file), _) => file.clone(),
        (None, Some(url)) => fetch(url, FETCHER, MAX_SINGLE_BYTES).await.map_err(|why| {
            let error = GraphError::new(389, "(#389) Unable to fetch video file from URL.");
            error.user("Unable to fetch the file", &format!("The file could not be fetched: {why}."))
        })?,
        (None, None) => return Err(GraphError::new(352, "(#352) Missing or invalid video file")),
    };
    if file.is_empty() || file.len() as u64 > MAX_SINGLE_BYTES {
        return Err(GraphError::new(352, "(#352) Missing or invalid video file"));
    }
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut video = facebook.new_video(page, Kind::Video, file.len() as u64);
    facebook.take_piece(&mut video, &file)?;
    let id = video.id.clone();
    if request.flag("published") != Some(false) {
        facebook.finish(asked, page, video)?;
    }
    Ok(json!({"id": id}))
}

/// Where the next piece begins and ends, as text.
fn range(video: &Video) -> Value {
    let end = (video.received_bytes + PIECE_BYTES).min(video.size_bytes);
    json!({"start_offset": video.received_bytes.to_string(), "end_offset": end.to_string()})
}

fn start(facebook: &Facebook, asked: &Asked, page: &Page) -> Result<Value, GraphError> {
    let size_bytes = asked.request.text("file_size").and_then(|text| text.parse().ok()).unwrap_or(0);
    if size_bytes == 0 || size_bytes > MAX_BYTES {
        return Err(GraphError::new(
            382,
            "(#382) The video file you tried to upload is too small or too large.",
        ));
    }
    let video = facebook.new_video(page, Kind::Video, size_bytes);
    facebook.videos.put(&video.id, &video)?;
    let mut answer = range(&video);
    answer["video_id"] = json!(video.id);
    // A number of its own; it names the same upload.
    answer["upload_session_id"] = json!(format!("9{}", video.id));
    Ok(answer)
}

fn session(facebook: &Facebook, asked: &Asked, page: &Page) -> Result<Video, GraphError> {
    let session = asked.request.text("upload_session_id").unwrap_or_default();
    let video = session.strip_prefix('9').unwrap_or_default();
    facebook.open_video(&page.id, video).map_err(|_| {
        let error = GraphError::new(6_000, "(#6000) There was a problem uploading your video file.");
        error
            .subcode(1_363_030)
            .user("Video Upload Time Out", "The upload session is not known or has ended.")
    })
}

fn transfer(facebook: &Facebook, asked: &Asked, page: &Page) -> Result<Value, GraphError> {
    let request = &asked.request;
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut video = session(facebook, asked, page)?;
    let piece = request.file("video_file_chunk").cloned().unwrap_or_else(Bytes::new);
    let start: Option<u64> = request.text("start_offset").and_then(|text| text.parse().ok());
    let expected = (video.size_bytes - video.received_bytes).min(PIECE_BYTES);
    if start != Some(video.received_bytes) || piece.len() as u64 != expected {
        let error = GraphError::new(6_001, "(#6001) There was a problem uploading your video file.");
        let error = error.subcode(1_363_037).user("Wrong offset", "The upload goes on at another offset.");
        return Err(GraphError { is_transient: true, data: Some(Box::new(range(&video))), ..error });
    }
    if !piece.is_empty() {
        facebook.take_piece(&mut video, &piece)?;
    }
    Ok(range(&video))
}
