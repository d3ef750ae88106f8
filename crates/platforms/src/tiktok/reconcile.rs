//! Finding out what became of a commit whose answer was lost. An upload has an id, which tells how
//! many bytes are there. What TikTok fetches had no id yet: it can be found among the public posts,
//! and where it is not, nobody can tell.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::{Class, Span};

use super::NAME;
use super::lookup::{Look, find};
use super::state::{Stage, State};
use super::{status, upload};

/// How long a post is looked for. New ones are listed when TikTok has looked them over.
const LOOK_FOR: Span = Span::from_minutes(15);

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    match at.stage {
        Stage::Send { sent } => uploaded(cx, to, at, sent, intent).await,
        Stage::Processing { since } => patient(status::poll(cx, to, at, since).await?, intent),
        Stage::Locate { since } => patient(status::locate(cx, to, at, since).await?, intent),
        Stage::Creator | Stage::Open | Stage::Fetch | Stage::Failed { .. } => {
            listed(cx, to, at, intent).await
        }
    }
}

/// After a restore what is found is looked at again at once, so a wait is a look that failed.
fn patient(next: Next<State>, intent: &Intent) -> Result<Verdict<State>, Failure> {
    if intent.restored && matches!(next, Next::Wait(..)) {
        let public = format!("{NAME} is still working on the post.");
        return Err(Failure::before_sending(Class::Transient, public));
    }
    Ok(Verdict::Found(next))
}

async fn uploaded(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    sent: u64,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let known = status::ask(cx, &at).await?;
    let size = upload::film(to)?.size_bytes;
    let there = known.uploaded_bytes;
    if !known.is_waiting_for_bytes() || there.is_some_and(|there| there >= size) {
        return Ok(Verdict::Found(Next::Go(at.to(Stage::Processing { since: cx.now() }))));
    }
    if intent.restored {
        // Another upload may have been opened since.
        return listed(cx, to, at, intent).await;
    }
    if there.is_some() && upload::is_over(cx, &at) {
        // What lacks bytes when its address has ended never goes out.
        return Ok(Verdict::Absent(at.anew()));
    }
    // The same chunk of the same upload makes no second post, whatever became of the first.
    Ok(Verdict::Absent(at.to(Stage::Send { sent: there.unwrap_or(sent) })))
}

async fn listed(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    match find(cx, to, &at, intent.at).await? {
        Look::Found(id) => Ok(Verdict::Found(Next::Published(status::receipt(cx, to, &at, id)))),
        Look::Missing if cx.now() < intent.at + LOOK_FOR => {
            let public = format!("{NAME} does not list the post yet.");
            Err(Failure::before_sending(Class::Transient, public))
        }
        Look::Missing | Look::InVain => Ok(Verdict::Unknowable),
    }
}
