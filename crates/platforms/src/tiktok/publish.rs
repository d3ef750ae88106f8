//! The states of a publish: what the account may post; for a video its chunks, of which the last is
//! the commit; for what TikTok fetches the commit alone; then what became of it.

use connector::{CommitPermit, Cx, Failure, Next, Publication};
use domain::Class;

use super::NAME;
use super::api::read;
use super::check::check;
use super::choices::{is_draft, is_fetched};
use super::errors::{classify_commit, is_ok};
use super::state::{Stage, State};
use super::wire::Begun;
use super::{creator, post, status, upload};

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Creator => {
            check(to)?;
            let at = if is_draft(to) { at } else { creator::ask(cx, to, at).await? };
            let stage = if is_fetched(to) { Stage::Fetch } else { Stage::Open };
            Ok(Next::Go(at.to(stage)))
        }
        Stage::Open => upload::open(cx, to, at).await,
        Stage::Send { sent } => upload::next(cx, to, at, sent).await,
        Stage::Fetch => {
            // A server without a public address finds out before anything is at stake.
            for item in &to.media {
                cx.media.public_url(item.id)?;
            }
            Ok(Next::Commit(at))
        }
        Stage::Processing { since } => status::poll(cx, to, at, since).await,
        Stage::Locate { since } => status::locate(cx, to, at, since).await,
        Stage::Failed { reason, since } => status::failed(cx, at, &reason, since),
    }
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    match at.stage {
        Stage::Send { sent } => upload::finish(cx, to, at, sent, permit).await,
        Stage::Fetch => fetch(cx, to, at, permit).await,
        Stage::Creator
        | Stage::Open
        | Stage::Processing { .. }
        | Stage::Locate { .. }
        | Stage::Failed { .. } => {
            let public = "There is nothing to publish yet.";
            Err(Failure::before_sending(Class::Transient, public))
        }
    }
}

/// Names the media. TikTok fetches and publishes it.
async fn fetch(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let request = post::fetched(cx, to, &at)?;
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !is_ok(&answer) {
        return Err(classify_commit(&answer, cx.now()));
    }
    let publish_id = Some(read::<Begun>(&answer)?.publish_id);
    Ok(Next::Go(State { publish_id, ..at }.to(Stage::Processing { since: cx.now() })))
}
