//! Uploading files, and waiting until the server has processed them (docs: media).

use std::time::Duration;

use connector::{Cx, Failure, Form, MediaItem, MediaKind, Next, Publication};
use domain::{Class, Span, Timestamp};
use http::Method;

use super::NAME;
use super::errors::classify_media;
use super::server::{read, request, send};
use super::state::{Stage, State};
use super::wire::Media;

const UPLOAD_TIMEOUT: Duration = Duration::from_mins(2);
const CHECK_AGAIN: Span = Span::from_seconds(2);
/// Long films take minutes; what takes longer is stuck.
const PATIENCE: Span = Span::from_minutes(30);

/// The description of a file: its own, else the one in the settings, which is one text for all
/// files or a list of texts.
pub(super) fn alt_text(to: &Publication, file: usize) -> Option<&str> {
    let own = to.media.get(file).and_then(|item| item.alt_text.as_deref());
    let setting = to.settings.0.get("altText");
    let listed = || setting.and_then(|texts| texts.get(file).or(Some(texts))).and_then(|text| text.as_str());
    own.or_else(listed).filter(|text| !text.is_empty())
}

/// Uploads the next file. One that is uploaded twice and attached once does no harm.
pub(super) async fn upload(cx: &Cx<'_>, to: &Publication, mut at: State) -> Result<Next<State>, Failure> {
    let file = at.media.len();
    let Some(item) = to.media.get(file) else {
        return Ok(Next::Go(State { stage: Stage::Ready, ..at }));
    };
    let mut form = Form::new().file("file", file_name(item), item);
    if let Some(text) = alt_text(to, file) {
        form = form.text("description", text);
    }
    let upload = request(cx, Method::POST, "/api/v2/media", &[])?.timeout(UPLOAD_TIMEOUT);
    let sent = cx.send_streamed(upload, form.body(cx.entropy)).await?;
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_media(&answer, cx.now()));
    }
    let media: Media = read(&answer)?;
    if answer.status == 202 || media.url.is_none() {
        let since = cx.now();
        let stage = Stage::Processing { media_id: media.id, since };
        return Ok(Next::Wait(State { stage, ..at }, since + CHECK_AGAIN));
    }
    at.media.push(media.id);
    Ok(Next::Go(at))
}

/// Names of files may tell more than their authors want.
fn file_name(item: &MediaItem) -> &'static str {
    match item.kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Document => "file",
    }
}

/// Asks how far the processing of a file is.
pub(super) async fn processing(
    cx: &Cx<'_>,
    mut at: State,
    media_id: String,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let asked = request(cx, Method::GET, &format!("/api/v1/media/{media_id}"), &[])?;
    let answer = send(cx, asked).await?;
    if answer.status == 404 {
        return again(at);
    }
    if answer.status == 422 {
        let public = format!("{NAME} could not process a media file; try another one.");
        return Err(Failure::answered(Class::MediaFailed, public, &answer));
    }
    if !answer.is_success() {
        return Err(classify_media(&answer, cx.now()));
    }
    if answer.status == 206 {
        if cx.now().since(since) > PATIENCE {
            let public = format!("{NAME} did not finish processing a media file; try a smaller one.");
            return Err(Failure::answered(Class::MediaFailed, public, &answer));
        }
        return Ok(Next::Wait(at, cx.now() + CHECK_AGAIN));
    }
    at.media.push(media_id);
    Ok(Next::Go(State { stage: Stage::Upload, ..at }))
}

/// Files that are attached to nothing are deleted after a while. They are uploaded anew, once for
/// each publish.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.uploaded_again {
        let public = format!("{NAME} does not accept the uploaded media; attach it again.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(State { stage: Stage::Upload, media: Vec::new(), uploaded_again: true, ..at }))
}
