//! The first comment. The video is out, so nothing that happens to the comment may fail the post or
//! repeat it: what is not proven to be there becomes a remark.

use connector::{CommitPermit, Cx, Failure, Next, Publication};
use net::Request;

use super::NAME;
use super::api::{address, get};
use super::errors::classify_commit;
use super::follow_up::{receipt, warned};
use super::reconcile::is_same_text;
use super::state::State;
use super::upload::privacy;
use super::wire::{CommentThread, List, NewComment};

const PATH: &str = "/youtube/v3/commentThreads";

/// What the author wants below the video.
pub(super) fn text(to: &Publication) -> Option<&str> {
    to.settings.text("firstComment").filter(|text| !text.trim().is_empty())
}

/// Why YouTube takes none, if that is known.
pub(super) fn obstacle(to: &Publication) -> Option<String> {
    (privacy(to) == "private").then(|| format!("{NAME} takes no comments on a private video."))
}

/// Sends it.
pub(super) async fn send(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let failure = match request(cx, to, &at) {
        Err(failure) => failure,
        Ok(request) => match cx.send_commit(request, permit).await {
            Ok(answer) if answer.is_success() => return Ok(Next::Published(receipt(cx, to, at))),
            Ok(answer) => classify_commit(&answer, cx.now()),
            Err(error) => Failure::unanswered(NAME, error),
        },
    };
    if failure.died || failure.leaves_commit_open() {
        return Err(failure);
    }
    Ok(without(cx, to, at, &failure.public))
}

fn request(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<Request, Failure> {
    let mut url = address(cx.hosts, "api", PATH)?;
    url.query_pairs_mut().append_pair("part", "snippet");
    let video = at.video.as_deref().unwrap_or_default();
    let comment = NewComment::new(&cx.account.platform_user_id, video, text(to).unwrap_or_default());
    Ok(Request::post(url).json(&comment).bearer(&cx.credentials.access_token))
}

/// What comes after a comment that certainly, or perhaps, did not go out.
pub(super) fn without(cx: &Cx<'_>, to: &Publication, at: State, why: &str) -> Next<State> {
    let warning = format!("The first comment may not have been published: {why}");
    Next::Published(receipt(cx, to, warned(at, warning)))
}

/// Looks whether it is there, when its answer was lost.
pub(super) async fn look(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match is_there(cx, to, &at).await {
        Ok(true) => Ok(Next::Published(receipt(cx, to, at))),
        Ok(false) => Ok(without(cx, to, at, &format!("{NAME} does not show it."))),
        Err(failure) if failure.died => Err(failure),
        Err(failure) => Ok(without(cx, to, at, &failure.public)),
    }
}

async fn is_there(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<bool, Failure> {
    let video = at.video.as_deref().unwrap_or_default();
    let query = [
        ("part", "snippet"),
        ("videoId", video),
        ("order", "time"),
        ("maxResults", "100"),
        ("textFormat", "plainText"),
    ];
    let list: List<CommentThread> = get(cx, PATH, &query).await?;
    let wanted = text(to).unwrap_or_default();
    Ok(list.items.iter().any(|thread| {
        let comment = &thread.snippet.top_level_comment.snippet;
        let is_own = comment.author_channel_id.value == cx.account.platform_user_id;
        let texts = [&comment.text_original, &comment.text_display];
        is_own && texts.into_iter().any(|text| is_same_text(text, wanted))
    }))
}
