//! Making containers and waiting until the platform has processed them. Nobody sees any of it.

use std::time::Duration;

use connector::{Cx, Failure, Internal, MediaItem, MediaKind, Next, Publication, Streamed};
use domain::{Class, Span, Timestamp};
use net::{Answer, Request};
use url::Url;

use super::NAME;
use super::errors::{Fault, classify, is_gone, is_good};
use super::fields::{self, Fields};
use super::graph::{edge, exchange, get, post, read};
use super::state::{Kind, Stage, State};
use super::wire::{Made, Status};

/// How often containers are made anew before nobody tries any longer.
const REBUILDS_MAX: u8 = 3;
/// How long a container may be processed.
const PATIENCE: Span = Span::from_minutes(30);
const BEFORE_ANOTHER: Span = Span::from_seconds(20);

/// What is known of a container.
pub(super) enum Seen {
    Status(Status, Answer),
    Gone,
}

/// The next container: of each of a carousel's media, then of the post.
pub(super) async fn create(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    fields::refuse_unsupported(to)?;
    let is_carousel = Kind::of(to) == Kind::Carousel;
    if is_carousel && at.children.len() < to.media.len() {
        let fields = fields::child(cx, to, at.children.len())?;
        let Some(made) = make(cx, fields, &at).await? else { return Ok(later(cx, at)) };
        let made_at = Some(at.made_at.unwrap_or_else(|| cx.now()));
        return Ok(Next::Go(match made.uri {
            Some(uri) => State { stage: Stage::Upload { container: made.id, uri }, made_at, ..at },
            None => with_child(cx, to, State { made_at, ..at }, made.id),
        }));
    }
    let fields = fields::post(cx, to, &at.children)?;
    let Some(made) = make(cx, fields, &at).await? else { return Ok(later(cx, at)) };
    let made_at = Some(at.made_at.unwrap_or_else(|| cx.now()));
    let stage = match made.uri {
        Some(uri) => Stage::Upload { container: made.id.clone(), uri },
        None => Stage::Processing { since: cx.now() },
    };
    Ok(Next::Go(State { stage, container: Some(made.id), made_at, ..at }))
}

/// After the last one of them, the platform has to process all of them.
fn with_child(cx: &Cx<'_>, to: &Publication, at: State, id: String) -> State {
    let mut children = at.children;
    children.push(id);
    let stage = if children.len() < to.media.len() {
        Stage::Create
    } else {
        Stage::Children { child: 0, since: cx.now() }
    };
    State { stage, children, ..at }
}

/// Makes a container; `None` when the platform could not have the file, and it may be asked again.
async fn make(cx: &Cx<'_>, fields: Fields, at: &State) -> Result<Option<Made>, Failure> {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = exchange(cx, post(cx, &edge(cx, "media"), &fields)?).await?;
    if is_good(&answer) {
        return Ok(Some(read(&answer)?));
    }
    let may_pass = matches!(
        Fault::in_answer(&answer),
        Some(Fault::Unfetchable | Fault::Passing | Fault::Gone | Fault::NotReady)
    );
    if may_pass && at.rebuilt == 0 { Ok(None) } else { Err(classify(&answer, cx.now())) }
}

/// All containers once more, after a pause.
fn later(cx: &Cx<'_>, at: State) -> Next<State> {
    Next::Wait(at.begun_again(), cx.now() + BEFORE_ANOTHER)
}

/// Containers live for a day and break. One that is of no use is made anew, a few times.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.rebuilt >= REBUILDS_MAX {
        let public = format!("{NAME} could not take the media in, several times over; try another file.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(at.begun_again()))
}

/// Sends the bytes of a film. What goes wrong with them leaves a container that is of no use.
pub(super) async fn upload(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    container: String,
    uri: &str,
) -> Result<Next<State>, Failure> {
    let is_child = at.container.is_none();
    let place = if is_child { at.children.len() } else { 0 };
    let Some(item) = to.media.get(place) else { return again(at) };
    let answer = send_bytes(cx, item, uri).await?;
    if !is_good(&answer) {
        let failure = classify(&answer, cx.now());
        return match failure.class {
            Class::MediaFailed | Class::ContentRejected | Class::PermissionMissing
                if at.rebuilt < REBUILDS_MAX =>
            {
                again(at)
            }
            _ => Err(failure),
        };
    }
    Ok(Next::Go(if is_child {
        with_child(cx, to, at, container)
    } else {
        State { stage: Stage::Processing { since: cx.now() }, ..at }
    }))
}

async fn send_bytes(cx: &Cx<'_>, item: &MediaItem, uri: &str) -> Result<Answer, Failure> {
    let url = Url::parse(uri).map_err(|error| Failure {
        internal: Internal::new(format!("upload uri: {error}")),
        ..Failure::before_sending(Class::Transient, format!("{NAME} gave no usable upload address."))
    })?;
    let request = Request::post(url)
        .header("authorization", &format!("OAuth {}", cx.credentials.access_token))
        .header("offset", "0")
        .header("file_size", &item.size_bytes.to_string())
        // Large bodies take their time: a minute, and a second for each 256 KiB.
        .timeout(Duration::from_secs(60 + (item.size_bytes >> 18)));
    let sent = cx.send_streamed(request, Streamed::part(item, 0..item.size_bytes)).await?;
    sent.map_err(|error| Failure::unanswered(NAME, error))
}

/// What the platform says of a container.
pub(super) async fn look(cx: &Cx<'_>, container: &str) -> Result<Seen, Failure> {
    let request = get(cx, &format!("/{container}"), &[("fields", "status_code,status")])?;
    let answer = exchange(cx, request).await?;
    if is_good(&answer) {
        return Ok(Seen::Status(read(&answer)?, answer));
    }
    if is_gone(&answer) { Ok(Seen::Gone) } else { Err(classify(&answer, cx.now())) }
}

/// Looks whether a carousel's media are processed, one after another.
pub(super) async fn children(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    child: usize,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let (Some(id), Some(item)) = (at.children.get(child), to.media.get(child)) else {
        return Ok(Next::Go(State { stage: Stage::Create, ..at }));
    };
    match look(cx, id).await? {
        Seen::Status(status, _) if status.status_code == "FINISHED" => {
            let child = child + 1;
            let stage = if child < at.children.len() {
                Stage::Children { child, since: cx.now() }
            } else {
                Stage::Create
            };
            Ok(Next::Go(State { stage, ..at }))
        }
        seen => unfinished(cx, at, seen, item.kind == MediaKind::Video, since),
    }
}

/// Looks whether the post's container is processed.
pub(super) async fn processing(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let Some(id) = at.container.clone() else { return Ok(Next::Go(at.begun_again())) };
    match look(cx, &id).await? {
        Seen::Status(status, _) if status.status_code == "FINISHED" => {
            Ok(Next::Go(State { stage: Stage::Quota, ..at }))
        }
        // By a request whose answer said otherwise.
        Seen::Status(status, _) if status.status_code == "PUBLISHED" => {
            let made_at = at.made_at.unwrap_or(since);
            Ok(Next::Go(found_live(at, made_at)))
        }
        seen => {
            let is_video = to.media.iter().any(|item| item.kind == MediaKind::Video);
            unfinished(cx, at, seen, is_video, since)
        }
    }
}

/// The state of a post that is live, since `since` at the earliest.
pub(super) fn found_live(at: State, since: Timestamp) -> State {
    let since = at.made_at.map_or(since, |made_at| since.max(made_at));
    State { stage: Stage::Find { since, tries: 0 }, ..at }
}

/// What follows from a container that is not finished.
fn unfinished(
    cx: &Cx<'_>,
    at: State,
    seen: Seen,
    is_video: bool,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let Seen::Status(status, answer) = seen else { return again(at) };
    match status.status_code.as_str() {
        "EXPIRED" => again(at),
        "ERROR" => {
            let fault = Fault::in_status(&status).unwrap_or(Fault::Media);
            let is_last = at.rebuilt >= REBUILDS_MAX || (fault == Fault::Unfetchable && at.rebuilt > 0);
            match fault {
                Fault::Passing | Fault::Gone | Fault::NotReady | Fault::Unfetchable if !is_last => {
                    Ok(later(cx, at))
                }
                _ => Err(fault.failure(status.status.trim_start_matches("Error: "), &answer, cx.now())),
            }
        }
        _ if cx.now().since(since) > PATIENCE => {
            let public = format!("{NAME} is still processing the media after half an hour.");
            Err(Failure::before_sending(Class::Transient, public))
        }
        _ => Ok(Next::Wait(at, cx.now() + pause(is_video, cx.now().since(since)))),
    }
}

/// Images are ready within seconds, films within minutes; nobody is asked more often than that
/// makes sense.
fn pause(is_video: bool, waited: Span) -> Span {
    match is_video {
        false if waited < Span::from_seconds(30) => Span::from_seconds(3),
        true if waited < Span::from_seconds(30) => Span::from_seconds(10),
        _ if waited < Span::from_minutes(5) => Span::from_seconds(30),
        _ => Span::from_minutes(1),
    }
}
