//! The step machine: find the board, upload the film if there is one, create the pin.

use connector::{CommitPermit, Cx, Failure, MediaKind, Next, Publication, Receipt};
use net::Request;

use super::api::{address, read};
use super::errors::{classify_commit, names_media};
use super::state::{Stage, State};
use super::wire::Pin;
use super::{NAME, boards, pin, video};

/// Does the next thing that may be repeated.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, mut at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Board => {
            pin::check(to)?;
            let (board, is_chosen) = boards::choose(cx, to).await?;
            if !is_chosen {
                at.warnings
                    .push(format!("No boardId was given; the pin is on the board \"{}\".", board.name));
            }
            at.board_id = Some(board.id);
            let has_video = to.media.iter().any(|item| item.kind == MediaKind::Video);
            at.stage = if has_video { Stage::Upload } else { Stage::Ready };
            Ok(Next::Go(at))
        }
        Stage::Upload => video::upload(cx, to, at).await,
        Stage::Processing { media_id, since } => video::processing(cx, at, media_id, since).await,
        Stage::Ready => Ok(Next::Commit(at)),
    }
}

/// Creates the pin.
pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let body = pin::new_pin(cx, to, &at).await?;
    let url = address(cx.hosts, "/pins", &[])?;
    let request = Request::post(url).bearer(&cx.credentials.access_token).json(&body);
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        let created: Pin = read(&answer)?;
        return Ok(Next::Published(receipt(cx, at, created.id)));
    }
    if at.media_id.is_some() && names_media(&answer) {
        // A film is used once: an earlier try may have used it.
        if repeats_unknown {
            return Err(Failure::unproven(format!("{NAME} no longer has the video of this pin."), &answer));
        }
        return video::again(at);
    }
    Err(classify_commit(&answer, cx.now()))
}

/// Proof of the pin with this id.
pub(super) fn receipt(cx: &Cx<'_>, at: State, id: String) -> Receipt {
    let base = cx.hosts.base("permalink");
    Receipt { platform_post_url: format!("{base}/pin/{id}/"), platform_post_id: id, warnings: at.warnings }
}
