//! Images and videos: what a post takes, how files are uploaded, how a record shows them.

use std::time::Duration;

use bytes::Bytes;
use connector::{Cx, Failure, MediaItem, MediaKind, Streamed};
use domain::Class;
use net::{Answer, Request, SendError};

use super::wire::{AspectRatio, Blob, Embed, EmbeddedImage, Uploaded};
use super::{NAME, errors, xrpc};

const IMAGES_MAX: usize = 4;
/// The largest image that hosts of every version take.
pub(super) const IMAGE_MAX_BYTES: u64 = 1_000_000;
/// The largest video; hosts that take less answer 413.
const VIDEO_MAX_BYTES: u64 = 100_000_000;
const VIDEO_TIMEOUT: Duration = Duration::from_mins(2);

/// Refuses what a post cannot take, before anything is sent.
pub(super) fn check(media: &[MediaItem]) -> Result<(), Failure> {
    let refused = |public: String| Err(Failure::before_sending(Class::ContentRejected, public));
    let has_video = media.iter().any(|item| item.kind == MediaKind::Video);
    if has_video && media.len() > 1 {
        return refused("A Bluesky post takes images or one video, not both.".to_owned());
    }
    if media.len() > IMAGES_MAX {
        let count = media.len();
        return refused(format!("A Bluesky post takes at most {IMAGES_MAX} images; this one has {count}."));
    }
    for item in media {
        let name = &item.filename;
        let max_bytes = match item.kind {
            MediaKind::Image => IMAGE_MAX_BYTES,
            MediaKind::Video if item.content_type == "video/mp4" => VIDEO_MAX_BYTES,
            MediaKind::Video => {
                return refused(format!("{name} is no MP4 video, and Bluesky takes no other."));
            }
            MediaKind::Document => return refused(format!("{name} is a document; Bluesky takes none.")),
        };
        if item.size_bytes > max_bytes {
            let size_bytes = item.size_bytes;
            return Err(Failure::before_sending(
                Class::MediaFailed,
                format!(
                    "{name} has {size_bytes} bytes and Bluesky takes up to {max_bytes}; make it smaller."
                ),
            ));
        }
    }
    Ok(())
}

/// Uploads one of the post's files, of which never more than a piece is in memory.
pub(super) async fn upload(cx: &Cx<'_>, item: &MediaItem) -> Result<Blob, Failure> {
    let mut request = upload_request(cx)?;
    request.timeout = (item.kind == MediaKind::Video).then_some(VIDEO_TIMEOUT);
    uploaded(cx.send_streamed(request, Streamed::file(item)).await?)
}

/// Uploads a small file. The same bytes twice are one file there.
pub(super) async fn upload_bytes(cx: &Cx<'_>, bytes: Bytes, content_type: &str) -> Result<Blob, Failure> {
    uploaded(cx.send(upload_request(cx)?.bytes(bytes, content_type)).await)
}

fn upload_request(cx: &Cx<'_>) -> Result<Request, Failure> {
    let url = xrpc::address(xrpc::service(cx), "com.atproto.repo.uploadBlob", &[])?;
    Ok(Request::post(url).bearer(&cx.credentials.access_token))
}

fn uploaded(sent: Result<Answer, SendError>) -> Result<Blob, Failure> {
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(errors::of_upload(&answer));
    }
    Ok(xrpc::read::<Uploaded>(&answer)?.blob)
}

/// What the record attaches, given the uploaded files in the media's order.
pub(super) fn embed(media: &[MediaItem], files: &[Blob]) -> Option<Embed> {
    let images = media.iter().zip(files).map(|(item, blob)| EmbeddedImage {
        image: blob.clone(),
        alt: item.alt_text.clone().unwrap_or_default(),
        aspect_ratio: shape(item),
    });
    match (media.first(), files.first()) {
        (Some(item), Some(video)) if item.kind == MediaKind::Video => {
            Some(Embed::Video { video: video.clone(), alt: item.alt_text.clone(), aspect_ratio: shape(item) })
        }
        (Some(_), Some(_)) => Some(Embed::Images { images: images.collect() }),
        _ => None,
    }
}

fn shape(item: &MediaItem) -> Option<AspectRatio> {
    match (item.width, item.height) {
        (Some(width @ 1..), Some(height @ 1..)) => Some(AspectRatio { width, height }),
        _ => None,
    }
}
