//! The step machine: ask the server what it takes, upload the files one by one, send the parts one
//! by one, each under a key of its own.

use connector::{CommitPermit, Cx, Failure, Next, Publication, Receipt};
use http::Method;
use net::{Answer, SendError};

use super::errors::{classify_commit, names_media};
use super::fields::new_status;
use super::instance::{self, Limits};
use super::server::{Server, read, request};
use super::state::{Stage, State};
use super::wire::Status;
use super::{NAME, media};

/// Does the next thing that may be repeated.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Server => {
            let limits = Limits::told_by(&instance::ask(cx.http, &Server::of(cx)?, cx.now()).await?);
            instance::check(to, &limits)?;
            Ok(Next::Go(State { stage: Stage::Upload, limits: Some(limits), ..at }))
        }
        Stage::Upload if at.posted.is_empty() => media::upload(cx, to, at).await,
        Stage::Upload => Ok(Next::Go(State { stage: Stage::Ready, ..at })),
        Stage::Processing { media_id, since } => media::processing(cx, at, media_id, since).await,
        Stage::Ready => Ok(Next::Commit(at)),
    }
}

/// Sends the part that is due.
pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let body = new_status(to, &at)?;
    let status = request(cx, Method::POST, "/api/v1/statuses", &[])?
        .header("idempotency-key", &at.key(to))
        .json(&body);
    let sent = cx.send_commit(status, permit).await;
    let part = at.posted.len() + 1;
    conclude(cx, to, at, sent, repeats_unknown).map_err(|failure| failure.of_part(part))
}

/// What the answer to a status means.
fn conclude(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    sent: Result<Answer, SendError>,
    repeats_unknown: bool,
) -> Result<Next<State>, Failure> {
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(after(to, at, read(&answer)?));
    }
    // An earlier try may be what the files are attached to.
    if names_media(&answer) && !at.media.is_empty() && !repeats_unknown {
        return media::again(at);
    }
    Err(classify_commit(&answer, repeats_unknown, at.posted.is_empty(), cx.now()))
}

/// What comes after the part that is due became this status.
pub(super) fn after(to: &Publication, mut at: State, status: Status) -> Next<State> {
    if at.posted.is_empty() {
        at.url = status.url.or(status.uri);
    }
    at.posted.push(status.id);
    at.stage = Stage::Ready;
    if at.posted.len() <= to.thread.len() {
        return Next::Go(at);
    }
    Next::Published(Receipt {
        platform_post_id: at.posted.swap_remove(0),
        platform_post_url: at.url.unwrap_or_default(),
        warnings: Vec::new(),
    })
}
