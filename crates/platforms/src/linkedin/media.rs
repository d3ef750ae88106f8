//! Uploading: an image or a document goes to one address, a video in parts to an address each, and
//! is then finished and processed (LinkedIn: Images, Documents and Videos APIs). Of a file there is
//! never more than one part in memory, and each part of a video that is there is in the state.

use connector::{Cx, Failure, Internal, MediaItem, MediaKind, Next, Publication, Streamed};
use domain::{Class, Span, Timestamp};
use net::{Answer, Request, SendError};
use serde_json::json;
use url::Url;

use super::NAME;
use super::errors::classify;
use super::publish::{Part, Stage, State, address, author, encode, read, rest, send};
use super::wire::{FileUpload, Value, Video, VideoUpload};

/// Processing that lasts longer has gone wrong.
const PROCESSING_MAX: Span = Span::from_minutes(30);
/// How long a video is left alone whose state the account may not ask for.
const GRACE: Span = Span::from_minutes(1);

/// Refuses what no post can hold, before anything is sent.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    let others = to.media.iter().any(|item| item.kind != MediaKind::Image);
    if others && to.media.len() > 1 {
        let public = format!("A {NAME} post takes images, or one video, or one document.");
        return Err(Failure::before_sending(Class::ContentRejected, public));
    }
    Ok(())
}

/// The next step of uploading: one request.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.get(at.images.len()) else {
        return Ok(Next::Go(State { stage: Stage::Ready, ..at }));
    };
    match at.stage.clone() {
        Stage::Put { image, upload_url } => {
            let sent = cx.send_streamed(put(cx, &upload_url)?, Streamed::file(item)).await?;
            match taken(cx, sent, at.opened_again)? {
                Some(_) => Ok(Next::Go(there(at, image))),
                None => Ok(Next::Go(again(at))),
            }
        }
        Stage::Parts { video, token, parts, sent } => part(cx, item, at, video, token, parts, sent).await,
        Stage::Processing { video, since } => processing(cx, at, video, since).await,
        Stage::Card | Stage::Open | Stage::Ready | Stage::Comment => {
            let stage = open(cx, item).await?;
            Ok(Next::Go(State { stage, ..at }))
        }
    }
}

/// The file is there.
fn there(mut at: State, urn: String) -> State {
    at.images.push(urn);
    State { stage: Stage::Open, ..at }
}

/// The upload is begun anew.
fn again(at: State) -> State {
    State { stage: Stage::Open, opened_again: true, ..at }
}

async fn open(cx: &Cx<'_>, item: &MediaItem) -> Result<Stage, Failure> {
    let owner = author(cx);
    let (family, wanted) = match item.kind {
        MediaKind::Image => ("images", json!({ "owner": owner })),
        MediaKind::Document => ("documents", json!({ "owner": owner })),
        MediaKind::Video => {
            let wanted = json!({
                "owner": owner,
                "fileSizeBytes": item.size_bytes,
                "uploadCaptions": false,
                "uploadThumbnail": false,
            });
            ("videos", wanted)
        }
    };
    let url = address(cx, "api", &format!("/rest/{family}?action=initializeUpload"))?;
    let request = rest(cx, Request::post(url)).json(&json!({ "initializeUploadRequest": wanted }));
    let answer = send(cx, request).await.map_err(of_file)?;
    if item.kind != MediaKind::Video {
        let FileUpload { upload_url, urn } = read::<Value<FileUpload>>(&answer)?.value;
        return Ok(Stage::Put { image: urn, upload_url });
    }
    let VideoUpload { video, upload_token, upload_instructions } = read::<Value<VideoUpload>>(&answer)?.value;
    let parts = upload_instructions
        .into_iter()
        .map(|part| Part { first: part.first_byte, last: part.last_byte, upload_url: part.upload_url })
        .collect();
    Ok(Stage::Parts { video, token: upload_token, parts, sent: Vec::new() })
}

/// Sends the next part of a video, or finishes it.
async fn part(
    cx: &Cx<'_>,
    item: &MediaItem,
    at: State,
    video: String,
    token: String,
    parts: Vec<Part>,
    mut sent: Vec<String>,
) -> Result<Next<State>, Failure> {
    let Some(next) = parts.get(sent.len()) else { return finish(cx, at, video, &token, &sent).await };
    let length = next.last.saturating_sub(next.first) + 1;
    let bytes = cx.media.read(item.id, next.first, length).await?;
    if bytes.len() as u64 != length {
        let public =
            format!("{} is shorter than it was when it was uploaded here; attach it again.", item.filename);
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    let request = put(cx, &next.upload_url)?.bytes(bytes, "application/octet-stream");
    let Some(answer) = taken(cx, cx.send(request).await, at.opened_again)? else {
        return Ok(Next::Go(again(at)));
    };
    let Some(tag) =
        answer.header("etag").map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned())
    else {
        return Err(Failure::unreadable(NAME, "no ETag", &answer));
    };
    sent.push(tag);
    Ok(Next::Go(State { stage: Stage::Parts { video, token, parts, sent }, ..at }))
}

async fn finish(
    cx: &Cx<'_>,
    at: State,
    video: String,
    token: &str,
    sent: &[String],
) -> Result<Next<State>, Failure> {
    let body = json!({
        "finalizeUploadRequest": { "video": video, "uploadToken": token, "uploadedPartIds": sent },
    });
    let url = address(cx, "api", "/rest/videos?action=finalizeUpload")?;
    match send(cx, rest(cx, Request::post(url)).json(&body)).await.map_err(of_file) {
        Ok(_) => Ok(Next::Go(State { stage: Stage::Processing { video, since: cx.now() }, ..at })),
        Err(failure) if failure.class == Class::MediaFailed && !at.opened_again => Ok(Next::Go(again(at))),
        Err(failure) => Err(failure),
    }
}

/// Asks whether a video can be posted: soon at first, then ever more seldom.
async fn processing(cx: &Cx<'_>, at: State, video: String, since: Timestamp) -> Result<Next<State>, Failure> {
    let waited = cx.now().since(since);
    let url = address(cx, "api", &format!("/rest/videos/{}", encode(&video)))?;
    let status = match send(cx, rest(cx, Request::get(url))).await {
        Ok(answer) => read::<Video>(&answer)?,
        Err(failure) if failure.class == Class::PermissionMissing && waited < GRACE => {
            return Ok(Next::Wait(at, since + GRACE));
        }
        Err(failure) if failure.class == Class::PermissionMissing => return Ok(Next::Go(there(at, video))),
        Err(failure) => return Err(failure),
    };
    match status.status.as_str() {
        "AVAILABLE" => Ok(Next::Go(there(at, video))),
        "PROCESSING_FAILED" => {
            let why = status.processing_failure_reason.unwrap_or_default();
            let why = why.trim_end_matches('.');
            let why = if why.is_empty() { "try another one" } else { why };
            let public = format!("{NAME} could not process the video: {why}.");
            Err(Failure::before_sending(Class::MediaFailed, public))
        }
        _ if waited > PROCESSING_MAX => {
            let public = format!("{NAME} did not get through with the video; try another one.");
            Err(Failure::before_sending(Class::MediaFailed, public))
        }
        _ => {
            let pause = (waited.as_millis() / 4).clamp(2_000, 30_000);
            Ok(Next::Wait(at, cx.now() + Span::from_millis(pause)))
        }
    }
}

/// A request that brings bytes to an address that was handed out.
fn put(cx: &Cx<'_>, upload_url: &str) -> Result<Request, Failure> {
    let url = Url::parse(upload_url).map_err(|error| Failure {
        internal: Internal::new(format!("upload url: {error}")),
        ..Failure::before_sending(Class::Transient, format!("{NAME} gave no usable upload address."))
    })?;
    Ok(Request::new(http::Method::PUT, url).bearer(&cx.credentials.access_token))
}

/// What became of it. `None` when the address no longer takes bytes: it lives for a day, and a publish
/// that waited longer opens another one, once.
fn taken(cx: &Cx<'_>, sent: Result<Answer, SendError>, last_try: bool) -> Result<Option<Answer>, Failure> {
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(Some(answer));
    }
    if matches!(answer.status, 403 | 404 | 410) && !last_try {
        return Ok(None);
    }
    let failure = of_file(classify(&answer, cx.now()));
    Err(match failure.class {
        Class::PermissionMissing => Failure { class: Class::MediaFailed, ..failure },
        _ => failure,
    })
}

/// What is wrong with a request about a file is wrong with the file.
fn of_file(failure: Failure) -> Failure {
    match failure.class {
        Class::ContentRejected => Failure { class: Class::MediaFailed, ..failure },
        _ => failure,
    }
}
