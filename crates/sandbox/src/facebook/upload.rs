//! Reels and video stories: an upload is opened, the bytes go to rupload, a finish publishes.

use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use domain::Span;
use http::StatusCode;
use serde_json::{Value, json};

use super::PLATFORM;
use super::feed::check_text;
use super::photos::FETCHER;
use super::state::{Facebook, Kind, Video};
use super::stories::number_of;
use crate::core::error::SandboxError;
use crate::core::fetch::fetch;
use crate::core::film;
use crate::core::ledger::PublicMedia;
use crate::core::lock;
use crate::core::page::sniff;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::logins::Page;

const UPLOAD_HOST: &str = "rupload.facebook.com";
const MAX_BYTES: u64 = 10_737_418_240;
/// How long processing takes.
const PROCESSING: Span = Span::from_seconds(20);
/// How long an upload can be gone on with.
const SESSION_LIFE: Span = Span::from_days(1);
const REELS_A_DAY: usize = 30;

impl Facebook {
    /// A video whose upload begins now.
    pub(super) fn new_video(&self, page: &Page, kind: Kind, size_bytes: u64) -> Video {
        Video {
            id: self.logins.new_id(),
            page: page.id.clone(),
            kind,
            size_bytes,
            pieces: std::collections::BTreeMap::new(),
            received_bytes: 0,
            file: None,
            title: String::new(),
            description: String::new(),
            created_at: self.world.now(),
            finished_at: None,
            ready_at: None,
            fails: false,
            post: None,
            deleted: false,
        }
    }

    /// The video with this id of this Page, as long as its upload can be gone on with.
    pub(super) fn open_video(&self, page: &str, id: &str) -> Result<Video, GraphError> {
        let is_open = |video: &Video| {
            video.page == page && !video.deleted && video.created_at + SESSION_LIFE > self.world.now()
        };
        self.videos.get(id).filter(is_open).ok_or_else(|| GraphError::unsupported("post", id))
    }

    /// Takes the next piece; the last one makes the file whole.
    pub(super) fn take_piece(&self, video: &mut Video, piece: &Bytes) -> Result<(), SandboxError> {
        if !piece.is_empty() {
            video.pieces.insert(video.received_bytes, self.world.blobs.put(piece)?);
            video.received_bytes += piece.len() as u64;
        }
        if video.received_bytes >= video.size_bytes {
            let mut whole = BytesMut::new();
            for sha256 in video.pieces.values() {
                whole.extend_from_slice(&self.world.blobs.get(sha256).unwrap_or_default());
            }
            let whole = whole.freeze();
            video.file = Some(PublicMedia {
                media_type: sniff(&whole).to_owned(),
                sha256: self.world.blobs.put(&whole)?,
                size_bytes: whole.len() as u64,
                alt: None,
            });
        }
        self.videos.put(&video.id, video)
    }

    /// Publishes an uploaded video; people see it when its processing ends well.
    pub(super) fn finish(&self, asked: &Asked, page: &Page, mut video: Video) -> Result<Video, GraphError> {
        let Some(file) = video.file.clone() else {
            let text = "The upload is not complete.";
            let error = GraphError::new(6_000, "(#6000) There was a problem uploading your video file.");
            return Err(error.subcode(1_363_041).user("Unable to upload", text));
        };
        if video.finished_at.is_some() {
            return Err(GraphError::invalid("The video was published already"));
        }
        let now = self.world.now();
        let (title, description) = (asked.request.text("title"), asked.request.text("description"));
        title.unwrap_or_default().clone_into(&mut video.title);
        description.unwrap_or_default().clone_into(&mut video.description);
        check_text(&video.description)?;
        if video.kind == Kind::Reel {
            self.check_reels(page)?;
        }
        video.finished_at = Some(now);
        video.ready_at = Some(now + PROCESSING);
        let is_film = match video.kind {
            Kind::Video => file.media_type.starts_with("video/"),
            _ => file.media_type == "video/mp4",
        };
        video.fails =
            !is_film || !self.lasts(video.kind, &file) || self.world.faults.take_processing_failure(PLATFORM);
        let mut batch = self.world.journal.batch();
        if !video.fails {
            let mut post = self.new_post(page, video.kind, &video.description);
            post.video = Some(video.id.clone());
            post.visible_at = now + PROCESSING;
            video.post = Some(post.id.clone());
            self.make_public(&mut batch, page, &post, vec![file], &asked.origin)?;
        }
        batch.put(&self.videos, &video.id, &video)?;
        batch.commit()?;
        Ok(video)
    }

    /// Whether the film is as long as its kind has to be, as far as its header tells.
    fn lasts(&self, kind: Kind, file: &PublicMedia) -> bool {
        let seconds = self.world.blobs.get(&file.sha256).and_then(|bytes| film::seconds(&bytes));
        let allowed = match kind {
            Kind::Reel => 3.0..=90.0,
            Kind::Story => 3.0..=60.0,
            _ => 1.0..=14_400.0,
        };
        seconds.is_none_or(|seconds| allowed.contains(&seconds))
    }

    fn check_reels(&self, page: &Page) -> Result<(), GraphError> {
        let since = self.world.now() - Span::from_days(1);
        let recent = self.videos.read(|rows| {
            let is_recent = |video: &&Video| {
                video.page == page.id
                    && video.kind == Kind::Reel
                    && video.finished_at.is_some_and(|finished| finished > since)
            };
            rows.values().filter(is_recent).count()
        });
        if recent < REELS_A_DAY {
            return Ok(());
        }
        Err(GraphError::new(613, "(#613) Calls to this api have exceeded the rate limit."))
    }
}

/// `POST /{page}/video_reels` and `POST /{page}/video_stories`
pub(super) fn act(facebook: &Facebook, asked: &Asked, id: &str, kind: Kind) -> Result<Value, GraphError> {
    let request = &asked.request;
    let page = facebook.publishing(request, id, "pages_manage_posts")?;
    let _one_at_a_time = lock(&facebook.logins.gate);
    // Small letters are documented for reels, capitals for stories; both edges take both.
    match request.get("upload_phase").map(str::to_lowercase).as_deref() {
        Some("start") => {
            let video = facebook.new_video(&page, kind, 0);
            facebook.videos.put(&video.id, &video)?;
            let version = request.version.as_deref().unwrap_or("v26.0");
            let url = asked.origin.url(UPLOAD_HOST, &format!("/video-upload/{version}/{}", video.id));
            Ok(json!({"video_id": video.id, "upload_url": url}))
        }
        Some("finish") => {
            let wanted = request.text("video_id").unwrap_or_default();
            let video = facebook.open_video(&page.id, wanted)?;
            if video.kind != kind {
                return Err(GraphError::unsupported("post", wanted));
            }
            let state = request.get("video_state").unwrap_or("PUBLISHED");
            if kind == Kind::Reel && !state.eq_ignore_ascii_case("PUBLISHED") {
                return Ok(json!({"success": true}));
            }
            let video = facebook.finish(asked, &page, video)?;
            let mut answer = json!({"success": true});
            if let Some(post) = &video.post {
                answer["post_id"] = json!(number_of(post));
            }
            Ok(answer)
        }
        _ => Err(GraphError::invalid("Param upload_phase must be one of {START, FINISH}")),
    }
}

/// Bytes for an upload that was opened.
pub(super) async fn receive(facebook: &Facebook, asked: &Asked) -> Response {
    let refuse = |kind: &str, retriable: bool, message: &str| {
        let info = json!({"retriable": retriable, "type": kind, "message": message});
        (StatusCode::BAD_REQUEST, axum::Json(json!({"debug_info": info}))).into_response()
    };
    let fail = |error: GraphError| error.answer(&facebook.world.entropy);
    let id = asked.request.path.last().map(String::as_str).unwrap_or_default();
    let page = match facebook.logins.caller(&asked.request) {
        Ok(caller) => caller.page.map(|page| page.id).unwrap_or_default(),
        Err(error) => return fail(error),
    };
    let header = |name: &str| asked.headers.get(name).and_then(|value| value.to_str().ok());
    let fetched = match header("file_url") {
        Some(url) => match fetch(url, FETCHER, MAX_BYTES).await {
            Ok(file) => Some(file),
            Err(why) => return refuse("ProcessingFailedError", false, &format!("The file: {why}")),
        },
        None => None,
    };
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut video = match facebook.open_video(&page, id) {
        Ok(video) => video,
        Err(error) => return fail(error),
    };
    let number = |name: &str| header(name).and_then(|text| text.trim().parse::<u64>().ok());
    let (offset, size_bytes, piece) = match fetched {
        Some(file) => (0, file.len() as u64, file),
        None => match (number("offset"), number("file_size")) {
            (Some(offset), Some(size)) => (offset, size, asked.body.clone()),
            _ => return refuse("ProcessingFailedError", false, "Header offset or file_size is missing"),
        },
    };
    if video.is_uploaded() || offset != video.received_bytes {
        let message = format!("Offset {offset} where {} is next", video.received_bytes);
        return refuse("OffsetInvalidError", true, &message);
    }
    if size_bytes == 0 || size_bytes > MAX_BYTES || offset + piece.len() as u64 > size_bytes {
        return refuse("ProcessingFailedError", false, "The size of the file is not right");
    }
    video.size_bytes = size_bytes;
    if let Err(error) = facebook.take_piece(&mut video, &piece) {
        return fail(error.into());
    }
    if !video.is_uploaded() {
        return refuse("PartialRequestError", true, "Partial request (did not match length of file)");
    }
    axum::Json(json!({"success": true, "message": "Upload successful."})).into_response()
}
