//! The resumable upload (Data API guide "Resumable uploads"): open it, send pieces, ask how far it is.

use std::time::Duration;

use connector::{Cx, Failure, MediaItem, Publication};
use domain::Class;
use http::Method;
use net::{Answer, Request};
use serde_json::Value;
use url::Url;

use super::NAME;
use super::api::{address, exchange, read, unusable};
use super::errors::{classify, is_gone};
use super::state::Session;
use super::wire::{NewSnippet, NewStatus, NewVideo, PaidPlacement, Video};

/// The category of people and blogs, which YouTube itself takes where none is named.
const USUAL_CATEGORY: &str = "22";

/// How far an upload is.
pub(super) enum Progress {
    /// All bytes are there, and this is the video.
    Done(Video),
    /// So many bytes are there. The upload may have moved.
    At(u64, Option<Session>),
    /// The platform does not know the upload.
    Gone,
}

/// Opens an upload for the video.
pub(super) async fn open(cx: &Cx<'_>, to: &Publication, item: &MediaItem) -> Result<Session, Failure> {
    let body = new_video(to);
    let mut part = "snippet,status".to_owned();
    if body.paid_product_placement_details.is_some() {
        part.push_str(",paidProductPlacementDetails");
    }
    let notifies = flag(to, &["notifySubscribers", "notify_subscribers"]).unwrap_or(true).to_string();
    let mut url = address(cx.hosts, "api", "/upload/youtube/v3/videos")?;
    url.query_pairs_mut().extend_pairs([
        ("uploadType", "resumable"),
        ("part", part.as_str()),
        ("notifySubscribers", notifies.as_str()),
    ]);
    let request = Request::post(url)
        .header("x-upload-content-type", &item.content_type)
        .header("x-upload-content-length", &item.size_bytes.to_string())
        .json(&body);
    let answer = exchange(cx, request).await?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    moved(&answer).ok_or_else(|| Failure::unreadable(NAME, "no Location", &answer))
}

fn moved(answer: &Answer) -> Option<Session> {
    answer.header("location").map(|address| Session(address.to_owned()))
}

fn new_video(to: &Publication) -> NewVideo<'_> {
    let settings = &to.settings;
    let category =
        ["categoryId", "category_id", "category"].iter().find_map(|key| match settings.0.get(*key) {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        });
    let is_paid = flag(to, &["paidPromotion", "paid_promotion", "hasPaidProductPlacement"]);
    NewVideo {
        snippet: NewSnippet {
            title: title(to),
            description: &to.text,
            tags: tags(to),
            category_id: category.unwrap_or_else(|| USUAL_CATEGORY.to_owned()),
            default_language: settings.text("defaultLanguage"),
        },
        status: NewStatus {
            privacy_status: privacy(to),
            self_declared_made_for_kids: flag(
                to,
                &["madeForKids", "made_for_kids", "selfDeclaredMadeForKids"],
            )
            .unwrap_or(false),
            contains_synthetic_media: flag(to, &["containsSyntheticMedia", "made_with_ai"]),
            license: settings.text("license"),
            embeddable: flag(to, &["embeddable"]),
        },
        paid_product_placement_details: is_paid.map(|is| PaidPlacement { has_paid_product_placement: is }),
    }
}

/// The title as the author gave it.
pub(super) fn title(to: &Publication) -> &str {
    to.settings.text("title").unwrap_or_default()
}

/// Who may see it; everybody where the author does not say.
pub(super) fn privacy(to: &Publication) -> &str {
    let keys = ["privacy", "privacyStatus", "privacyLevel", "visibility"];
    keys.iter().find_map(|key| to.settings.text(key)).unwrap_or("public")
}

fn flag(to: &Publication, keys: &[&str]) -> Option<bool> {
    keys.iter().find_map(|key| to.settings.flag(key))
}

/// A list, or a text with commas.
fn tags(to: &Publication) -> Vec<String> {
    let words: Vec<&str> = match to.settings.0.get("tags") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => text.split(',').collect(),
        _ => Vec::new(),
    };
    let words = words.into_iter().map(|word| word.trim().trim_start_matches('#'));
    words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

/// The request with the bytes from `start` on, `length` at most.
pub(super) async fn piece(
    cx: &Cx<'_>,
    item: &MediaItem,
    session: &Session,
    start: u64,
    length: u64,
) -> Result<Request, Failure> {
    let bytes = cx.media.read(item.id, start, length).await?;
    let size = bytes.len() as u64;
    if size == 0 || size < length.min(item.size_bytes.saturating_sub(start)) {
        let public = "The video file is shorter than it was; attach it again.";
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    let range = format!("bytes {start}-{}/{}", start + size - 1, item.size_bytes);
    let request = put(session, &range)?.bytes(bytes, &item.content_type);
    // Slow lines: a minute, and a second for each 256 KiB.
    Ok(request.timeout(Duration::from_secs(60 + (size >> 18))))
}

fn put(session: &Session, range: &str) -> Result<Request, Failure> {
    let url = Url::parse(&session.0).map_err(|error| unusable(&format!("upload address: {error}")))?;
    Ok(Request::new(Method::PUT, url).header("content-range", range))
}

/// Asks how far an upload is.
pub(super) async fn ask(cx: &Cx<'_>, item: &MediaItem, session: &Session) -> Result<Progress, Failure> {
    let request = put(session, &format!("bytes */{}", item.size_bytes))?.header("content-length", "0");
    let answer = exchange(cx, request).await?;
    match progress(&answer)? {
        Some(progress) => Ok(progress),
        None => Err(classify(&answer, cx.now())),
    }
}

/// What an answer of the upload says of its progress; `None` for an error.
pub(super) fn progress(answer: &Answer) -> Result<Option<Progress>, Failure> {
    Ok(match answer.status {
        200 | 201 => Some(Progress::Done(read(answer)?)),
        308 => Some(Progress::At(stored(answer)?, moved(answer))),
        _ if is_gone(answer) => Some(Progress::Gone),
        _ => None,
    })
}

/// `bytes=0-N` means N + 1 bytes; no header means none.
fn stored(answer: &Answer) -> Result<u64, Failure> {
    let Some(range) = answer.header("range") else { return Ok(0) };
    let last = range.rsplit('-').next().and_then(|last| last.trim().parse::<u64>().ok());
    last.map(|last| last + 1).ok_or_else(|| Failure::unreadable(NAME, "the Range of an upload", answer))
}
