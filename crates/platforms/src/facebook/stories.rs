//! Stories: a photo's is shown with one request, and the address of either is read from a list.

use connector::{CommitPermit, Cx, Failure, Next, Publication};
use domain::Span;

use super::errors::{classify_commit, is_gone, is_good};
use super::graph::{full_id, get, page, post, read, send, send_commit};
use super::media;
use super::publish::{posted, receipt};
use super::state::{Posted, Stage, State};
use super::wire::{Finished, List, Story};

const ASK_AGAIN: Span = Span::from_seconds(5);
const TRIES: u8 = 3;

/// Shows an uploaded photo as a story.
pub(super) async fn commit(
    cx: &Cx<'_>,
    _: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let photo = at.photos.first().cloned().unwrap_or_default();
    let request = post(cx, "graph", &format!("/{}/photo_stories", page(cx)), &[("photo_id", &photo)])?;
    let answer = send_commit(cx, request, permit).await?;
    if is_good(&answer) {
        let posted = read::<Finished>(&answer)?.post_id.map(|id| posted(cx, &id, None));
        return Ok(Next::Go(State { stage: Stage::Address { tries: 0 }, posted, ..at }));
    }
    if is_gone(&answer) {
        return media::again(at);
    }
    Err(classify_commit(&answer, repeats_unknown, cx.now()))
}

/// The story of the uploaded photo or video, if it is live.
pub(super) async fn find(cx: &Cx<'_>, at: &State) -> Result<Option<Posted>, Failure> {
    let answer = send(cx, get(cx, &format!("/{}/stories", page(cx)), &[("limit", "100")])?).await?;
    let stories = read::<List<Story>>(&answer)?.data;
    let upload = at.video.as_ref().or(at.photos.first());
    let known = at.posted.as_ref().map(|posted| &posted.id);
    let found = stories.into_iter().find(|story| {
        let is_upload = story.media_id.is_some() && story.media_id.as_ref() == upload;
        is_upload || (!story.post_id.is_empty() && Some(&full_id(cx, &story.post_id)) == known)
    });
    Ok(found.map(|story| posted(cx, &story.post_id, story.url.as_deref())))
}

/// The address of a story that is live. Nothing that happens here may fail the publish.
pub(super) async fn address(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    tries: u8,
) -> Result<Next<State>, Failure> {
    match find(cx, &at).await {
        Ok(Some(posted)) => Ok(Next::Published(receipt(to, posted, None))),
        Err(failure) if failure.died => Err(failure),
        Ok(None) | Err(_) if tries < TRIES => {
            let stage = Stage::Address { tries: tries + 1 };
            Ok(Next::Wait(State { stage, ..at }, cx.now() + ASK_AGAIN))
        }
        Ok(None) | Err(_) => {
            let upload = at.video.as_deref().or(at.photos.first().map(String::as_str)).unwrap_or_default();
            let posted = at.posted.clone().unwrap_or_else(|| posted(cx, upload, None));
            Ok(Next::Published(receipt(to, posted, None)))
        }
    }
}
