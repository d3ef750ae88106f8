//! Uploads. Nothing here is seen by anybody: photos are unpublished, videos have to be finished.

use std::ops::Range as Offsets;
use std::time::Duration;

use connector::{Cx, Failure, Internal, MediaItem, Next, Publication, Streamed};
use domain::{Class, Span, Timestamp};
use net::Request;
use url::Url;

use super::NAME;
use super::errors::{classify, is_gone, is_good, of_media, right_range};
use super::graph::{exchange, form, page, post, post_form, read};
use super::publish::ask;
use super::state::{Kind, Stage, State};
use super::wire::{Made, Opened, Range, Session, Status};

const CHECK_AGAIN: Span = Span::from_seconds(3);
const PATIENCE: Span = Span::from_minutes(30);
/// Names of files may tell more than their authors want.
const FILE_NAME: &str = "file";

/// The next photo, or the opening of the video's upload.
pub(super) async fn upload(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let kind = Kind::of(to);
    match (kind, to.media.get(at.photos.len())) {
        (_, None) => Ok(Next::Go(State { stage: Stage::Ready { session: None }, ..at })),
        (Kind::Feed | Kind::PhotoStory, Some(item)) => photo(cx, item, at).await,
        (Kind::Video, Some(item)) => start(cx, item, at).await,
        (Kind::Reel | Kind::VideoStory, Some(_)) => open(cx, kind, at).await,
    }
}

/// Uploads live for a day. One that is gone is begun again, once for each publish.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.uploaded_again {
        let public =
            format!("{NAME} does not know the uploaded media, or the account lost access to the Page.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(begun_again(at)))
}

/// The state before the first upload, for the second time.
pub(super) fn begun_again(at: State) -> State {
    State { stage: Stage::Upload, photos: Vec::new(), video: None, uploaded_again: true, ..at }
}

async fn photo(cx: &Cx<'_>, item: &MediaItem, at: State) -> Result<Next<State>, Failure> {
    let mut fields = vec![("published", "false")];
    fields.extend(
        item.alt_text.as_deref().filter(|text| !text.is_empty()).map(|text| ("alt_text_custom", text)),
    );
    let path = format!("/{}/photos", page(cx));
    let form = form(cx, &fields).file("source", FILE_NAME, item);
    let answer = post_form(cx, "graph", &path, form, limit(item.size_bytes)).await?;
    if !is_good(&answer) {
        return Err(of_media(classify(&answer, cx.now())));
    }
    let mut photos = at.photos;
    photos.push(read::<Made>(&answer)?.id);
    Ok(Next::Go(State { photos, ..at }))
}

/// Large bodies take their time: a minute, and a second for each 256 KiB.
fn limit(size_bytes: u64) -> Duration {
    Duration::from_secs(60 + (size_bytes >> 18))
}

/// Opens the upload of a video for the feed, which goes over in pieces that the platform cuts.
async fn start(cx: &Cx<'_>, item: &MediaItem, at: State) -> Result<Next<State>, Failure> {
    let size = item.size_bytes.to_string();
    let fields = [("upload_phase", "start"), ("file_size", size.as_str())];
    let answer = exchange(cx, post(cx, "video", &videos(cx), &fields)?).await?;
    if !is_good(&answer) {
        return Err(of_media(classify(&answer, cx.now())));
    }
    let session: Session = read(&answer)?;
    let offsets = offsets(&session.range)?;
    Ok(Next::Go(State {
        stage: Stage::Transfer { session: session.upload_session_id, start: offsets.start, end: offsets.end },
        video: Some(session.video_id),
        ..at
    }))
}

fn videos(cx: &Cx<'_>) -> String {
    format!("/{}/videos", page(cx))
}

fn offsets(range: &Range) -> Result<Offsets<u64>, Failure> {
    match (range.start_offset.parse(), range.end_offset.parse()) {
        (Ok(start), Ok(end)) => Ok(start..end),
        _ => Err(Failure::before_sending(
            Class::Transient,
            format!("{NAME} answered in a form that could not be read."),
        )),
    }
}

/// Sends the piece that the platform wants next.
pub(super) async fn transfer(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    session: String,
    piece: Offsets<u64>,
) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.first().filter(|_| !piece.is_empty()) else {
        return Ok(Next::Go(State { stage: Stage::Ready { session: Some(session) }, ..at }));
    };
    let start = piece.start.to_string();
    let fields = [
        ("upload_phase", "transfer"),
        ("upload_session_id", session.as_str()),
        ("start_offset", start.as_str()),
    ];
    let size = piece.end - piece.start;
    let form = form(cx, &fields).part("video_file_chunk", FILE_NAME, item, piece.clone());
    let answer = post_form(cx, "video", &videos(cx), form, limit(size)).await?;
    let next = if is_good(&answer) {
        offsets(&read::<Range>(&answer)?)?
    } else if is_gone(&answer) {
        return again(at);
    } else {
        match right_range(&answer).filter(|range| *range != (piece.start, piece.end)) {
            Some((start, end)) => start..end,
            None => return Err(of_media(classify(&answer, cx.now()))),
        }
    };
    Ok(Next::Go(State { stage: Stage::Transfer { session, start: next.start, end: next.end }, ..at }))
}

/// Opens the upload of a reel or of a story's video.
async fn open(cx: &Cx<'_>, kind: Kind, at: State) -> Result<Next<State>, Failure> {
    let path = format!("/{}/{}", page(cx), kind.edge());
    let answer = exchange(cx, post(cx, "graph", &path, &[("upload_phase", "start")])?).await?;
    if !is_good(&answer) {
        return Err(of_media(classify(&answer, cx.now())));
    }
    let opened: Opened = read(&answer)?;
    let stage = Stage::Bytes { upload_url: opened.upload_url };
    Ok(Next::Go(State { stage, video: Some(opened.video_id), ..at }))
}

/// Sends all bytes that the platform does not have yet.
pub(super) async fn bytes(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    upload_url: &str,
) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.first() else { return again(at) };
    let video = at.video.clone().unwrap_or_default();
    let Some(known) = ask(cx, &video).await? else { return again(at) };
    let uploading = &known.status.uploading_phase;
    if uploading.status != "complete" {
        let url = Url::parse(upload_url).map_err(|error| Failure {
            internal: Internal::new(format!("upload url: {error}")),
            ..Failure::before_sending(Class::Transient, format!("{NAME} gave no usable upload address."))
        })?;
        let offset = uploading.bytes_transfered;
        let rest = item.size_bytes.saturating_sub(offset);
        let request = Request::post(url)
            .header("authorization", &format!("OAuth {}", cx.credentials.access_token))
            .header("offset", &offset.to_string())
            .header("file_size", &item.size_bytes.to_string())
            .timeout(limit(rest));
        let sent = cx.send_streamed(request, Streamed::part(item, offset..item.size_bytes)).await?;
        let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
        if is_gone(&answer) {
            return again(at);
        }
        if !is_good(&answer) {
            return Err(of_media(classify(&answer, cx.now())));
        }
    }
    Ok(Next::Go(State { stage: Stage::Uploaded { since: cx.now() }, ..at }))
}

/// Waits until the platform has taken all bytes in.
pub(super) async fn uploaded(cx: &Cx<'_>, at: State, since: Timestamp) -> Result<Next<State>, Failure> {
    let video = at.video.clone().unwrap_or_default();
    let Some(known) = ask(cx, &video).await? else { return again(at) };
    if let Some(why) = broken(&known.status) {
        let public = format!("{NAME} could not take the video in ({why}); try another file.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    if known.status.uploading_phase.status == "complete" {
        return Ok(Next::Go(State { stage: Stage::Ready { session: None }, ..at }));
    }
    if cx.now().since(since) > PATIENCE {
        return Err(Failure::before_sending(Class::Transient, format!("{NAME} does not take the video in.")));
    }
    Ok(Next::Wait(at, cx.now() + CHECK_AGAIN))
}

/// Why a video will never be live, if it will not.
pub(super) fn broken(status: &Status) -> Option<String> {
    let phases = [&status.uploading_phase, &status.processing_phase, &status.publishing_phase];
    let is_over = matches!(status.video_status.as_str(), "error" | "upload_failed" | "expired");
    let failed = phases.iter().find(|phase| phase.status == "error");
    if failed.is_none() && !is_over {
        return None;
    }
    let said = failed.and_then(|phase| phase.error.as_ref().or(phase.errors.first()));
    let words = said.map(|error| error.message.trim_end_matches('.')).filter(|text| !text.is_empty());
    Some(words.unwrap_or("no reason was given").to_owned())
}
