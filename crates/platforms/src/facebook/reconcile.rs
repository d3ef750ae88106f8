//! Finding out what became of a request whose answer was lost: a video tells by its own status, a
//! story stands in a list, a post is found among the Page's.

use connector::{Cx, Failure, Intent, Next, Publication, Verdict};
use domain::Class;

use super::lookup::{self, Look};
use super::media::begun_again;
use super::publish::{after, ask, receipt, without_comment};
use super::state::{Kind, Posted, Stage, State};
use super::wire::Status;
use super::{NAME, stories};

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if at.stage == Stage::Comment {
        return comment(cx, to, at).await;
    }
    let kind = Kind::of(to);
    if kind.is_video()
        && let Some(video) = at.video.clone()
    {
        match ask(cx, &video).await? {
            Some(known) => match went_out(&known.status) {
                Some(true) => {
                    let stage = Stage::Processing { since: cx.now() };
                    return Ok(Verdict::Found(Next::Go(State { stage, ..at })));
                }
                Some(false) if !intent.restored => return Ok(Verdict::Absent(at)),
                Some(false) => {}
                None => {
                    let public = format!("{NAME} does not say yet whether the video is to be published.");
                    return Err(Failure::before_sending(Class::Transient, public));
                }
            },
            // Had it been published, it would be there.
            None if !intent.restored => return Ok(Verdict::Absent(begun_again(at))),
            None => {}
        }
    }
    if kind.is_story() {
        return story(cx, to, at, kind, intent).await;
    }
    Ok(match lookup::post(cx, to, &at, intent).await? {
        Look::Found(posted) => Verdict::Found(after(to, at, posted)),
        Look::Missing => Verdict::Absent(at),
        Look::InVain => Verdict::Unknowable,
    })
}

/// Whether a video was finished for publishing; `None` while its status does not tell.
pub(super) fn went_out(status: &Status) -> Option<bool> {
    let publishing = &status.publishing_phase;
    let is_named = matches!(publishing.publish_status.as_str(), "published" | "scheduled");
    let is_begun = !matches!(publishing.status.as_str(), "" | "not_started");
    let is_live = status.video_status == "ready";
    if is_named || is_begun || is_live {
        return Some(true);
    }
    // Processing may follow the upload or the publishing.
    if status.processing_phase.status == "in_progress" { None } else { Some(false) }
}

/// Stories have no text: they are known by what was uploaded for them.
async fn story(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    kind: Kind,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let has_upload = if kind == Kind::PhotoStory { !at.photos.is_empty() } else { at.video.is_some() };
    let found = if has_upload { stories::find(cx, &at).await? } else { None };
    Ok(match found {
        Some(posted) => Verdict::Found(Next::Published(receipt(to, posted, None))),
        None if intent.restored => Verdict::Unknowable,
        None => Verdict::Absent(at),
    })
}

async fn comment(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Verdict<State>, Failure> {
    let posted = at.posted.unwrap_or(Posted { id: String::new(), url: String::new() });
    let next = match lookup::comment(cx, to, &posted).await {
        Ok(true) => Next::Published(receipt(to, posted, None)),
        Ok(false) => without_comment(to, posted, &format!("{NAME} does not show it.")),
        Err(failure) if failure.died => return Err(failure),
        Err(failure) => without_comment(to, posted, &failure.public),
    };
    Ok(Verdict::Found(next))
}
