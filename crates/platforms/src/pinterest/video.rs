//! Films: registered, sent to a form of a storage service, processed (Pinterest: media uploads).

use std::time::Duration;

use connector::{Cx, Failure, Form, Next, Publication};
use domain::{Class, Span, Timestamp};
use net::{Answer, Request};
use serde_json::json;
use url::Url;

use super::NAME;
use super::api::{address, read, send};
use super::errors::classify;
use super::state::{Stage, State};
use super::wire::{MediaState, Registered};

const UPLOAD_TIMEOUT: Duration = Duration::from_mins(10);
const CHECK_AGAIN: Span = Span::from_seconds(3);
/// Films are ready within minutes; what takes longer is stuck.
const PATIENCE: Span = Span::from_minutes(30);
/// Whose the storage is.
const STORAGE: &str = ".amazonaws.com";

/// Registers a film and sends it. Both may happen twice: an unused film is forgotten. The form's fields
/// are signed for an hour and are no progress worth keeping.
pub(super) async fn upload(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let Some(item) = to.media.first() else {
        return Err(Failure::before_sending(Class::ContentRejected, "A pin needs an image or a video."));
    };
    let register = Request::post(address(cx.hosts, "/media", &[])?).json(&json!({"media_type": "video"}));
    let answer = send(cx, register).await?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let registered: Registered = read(&answer)?;
    let url = storage(cx, &registered.upload_url)?;
    // The storage takes no token: the fields are the leave. Behind the file it reads nothing more.
    let form = registered.upload_parameters.iter().fold(Form::new(), |form, (name, value)| {
        form.text(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    });
    let body = form.file("file", "video", item).body(cx.entropy);
    let sent = cx.send_streamed(Request::post(url).timeout(UPLOAD_TIMEOUT), body).await?;
    let answer = sent.map_err(|error| Failure::unanswered("Pinterest's storage", error))?;
    if !answer.is_success() {
        return Err(refused(&answer));
    }
    let since = cx.now();
    let stage = Stage::Processing { media_id: registered.media_id, since };
    Ok(Next::Wait(State { stage, ..at }, since + CHECK_AGAIN))
}

/// The place of the form: the storage's own hosts, or where the operator put it.
fn storage(cx: &Cx<'_>, url: &str) -> Result<Url, Failure> {
    let wrong = || {
        let public = format!("{NAME} named a place for the video that cannot be used.");
        Failure::before_sending(Class::Transient, public)
    };
    let url = Url::parse(url).map_err(|_| wrong())?;
    let is_storage = url.scheme() == "https" && url.host_str().is_some_and(|host| host.ends_with(STORAGE));
    let is_configured =
        Url::parse(cx.hosts.base("upload")).is_ok_and(|configured| configured.origin() == url.origin());
    if is_storage || is_configured { Ok(url) } else { Err(wrong()) }
}

/// The storage's errors are XML.
fn refused(answer: &Answer) -> Failure {
    let text = String::from_utf8_lossy(&answer.body);
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    match code.map(|(code, _)| code) {
        Some("EntityTooLarge") => {
            Failure::answered(Class::MediaFailed, format!("The video is larger than {NAME} takes."), answer)
        }
        Some("EntityTooSmall") => Failure::answered(Class::MediaFailed, "The video is empty.", answer),
        // A form whose time is over is made anew by the next try.
        _ => Failure::answered(Class::Transient, format!("{NAME} did not take the video."), answer),
    }
}

/// Asks how far a film is.
pub(super) async fn processing(
    cx: &Cx<'_>,
    at: State,
    media_id: String,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let asked = Request::get(address(cx.hosts, &format!("/media/{media_id}"), &[])?);
    let answer = send(cx, asked).await?;
    if answer.status == 404 {
        return again(at);
    }
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    match read::<MediaState>(&answer)?.status.as_str() {
        "succeeded" => Ok(Next::Go(State { stage: Stage::Ready, media_id: Some(media_id), ..at })),
        "failed" => {
            let public = format!("{NAME} could not process the video; try another one.");
            Err(Failure::answered(Class::MediaFailed, public, &answer))
        }
        _ if cx.now().since(since) > PATIENCE => {
            let public = format!("{NAME} did not finish processing the video; try a shorter one.");
            Err(Failure::answered(Class::MediaFailed, public, &answer))
        }
        // A word that is not known means that it is not ready.
        _ => Ok(Next::Wait(at, cx.now() + CHECK_AGAIN)),
    }
}

/// The film is not there any more. It is uploaded anew, once for each publish.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.uploaded_again {
        let public = format!("{NAME} does not accept the uploaded video; attach it again.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(State { stage: Stage::Upload, media_id: None, uploaded_again: true, ..at }))
}
