//! The states of a publish: open the upload, send pieces, the last of which makes the video; then what
//! follows it.

use connector::{CommitPermit, Cx, Failure, MediaItem, MediaKind, Next, Publication};
use domain::Class;
use net::Sent;

use super::api::exchange;
use super::errors::{classify, classify_commit};
use super::state::{Session, Stage, State};
use super::upload::{Progress, ask, open, piece, progress, title};
use super::{NAME, comment, follow_up};

/// How often an upload that the platform lost is begun again.
const REOPENINGS: u8 = 2;

pub(super) async fn step(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    chunk_bytes: u64,
) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Open => {
            let item = video(to)?;
            let session = open(cx, to, item).await?;
            Ok(Next::Go(sent_so_far(at, item, session, 0, chunk_bytes)))
        }
        Stage::Chunks { session, sent } => chunk(cx, to, at, session, sent, chunk_bytes).await,
        Stage::Ready { .. } | Stage::Comment => Ok(Next::Commit(at)),
        Stage::Processing { since } => follow_up::processing(cx, to, at, since).await,
        Stage::Thumbnail { tries } => follow_up::thumbnail(cx, to, at, tries).await,
    }
}

/// The one video of the post. Says at once what cannot be published.
pub(super) fn video(to: &Publication) -> Result<&MediaItem, Failure> {
    let refuse = |what: &str| Err(Failure::before_sending(Class::ContentRejected, format!("{NAME} {what}")));
    let mut videos = to.media.iter().filter(|item| item.kind == MediaKind::Video);
    match (videos.next(), videos.next()) {
        _ if title(to).is_empty() => refuse("needs a title; set one."),
        (Some(item), None) if item.size_bytes > 0 => Ok(item),
        (Some(_), None) => refuse("takes no empty file; attach the video again."),
        (None, _) => refuse("needs a video; attach one."),
        (Some(_), Some(_)) => refuse("takes one video in a post; remove the others."),
    }
}

/// The state when the platform has `sent` bytes.
fn sent_so_far(at: State, item: &MediaItem, session: Session, sent: u64, chunk_bytes: u64) -> State {
    let is_last = item.size_bytes.saturating_sub(sent) <= chunk_bytes;
    let stage = if is_last { Stage::Ready { session, sent } } else { Stage::Chunks { session, sent } };
    State { stage, ..at }
}

async fn chunk(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    session: Session,
    sent: u64,
    chunk_bytes: u64,
) -> Result<Next<State>, Failure> {
    let item = video(to)?;
    if item.size_bytes.saturating_sub(sent) <= chunk_bytes {
        return Ok(Next::Go(sent_so_far(at, item, session, sent, chunk_bytes)));
    }
    let request = piece(cx, item, &session, sent, chunk_bytes).await?;
    let failure = match exchange(cx, request).await {
        Ok(answer) => match progress(&answer)? {
            Some(known) => return after_piece(cx, at, item, session, known, chunk_bytes),
            None => classify(&answer, cx.now()),
        },
        Err(failure) if failure.died || failure.sent == Sent::No => return Err(failure),
        Err(failure) => failure,
    };
    if matches!(failure.class, Class::TokenExpired | Class::RateLimited { .. } | Class::QuotaExhausted { .. })
    {
        return Err(failure);
    }
    // Some of the piece may be there, or more than this state knows: the upload tells.
    match ask(cx, item, &session).await? {
        Progress::At(now_sent, _) if now_sent == sent => Err(failure),
        known => after_piece(cx, at, item, session, known, chunk_bytes),
    }
}

fn after_piece(
    cx: &Cx<'_>,
    at: State,
    item: &MediaItem,
    session: Session,
    known: Progress,
    chunk_bytes: u64,
) -> Result<Next<State>, Failure> {
    match known {
        Progress::Done(video) => Ok(Next::Go(follow_up::live(cx, at, video.id))),
        Progress::At(sent, moved) => {
            Ok(Next::Go(sent_so_far(at, item, moved.unwrap_or(session), sent, chunk_bytes)))
        }
        Progress::Gone => again(at),
    }
}

/// The upload is not known any more, or the platform lost it, and no video came of it.
pub(super) fn again(at: State) -> Result<Next<State>, Failure> {
    if at.reopened >= REOPENINGS {
        let public = format!("{NAME} lost the upload again and again; try later.");
        return Err(Failure::before_sending(Class::Transient, public));
    }
    Ok(Next::Go(at.begun_again()))
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Ready { session, sent } => finish(cx, to, at, session, sent, permit).await,
        Stage::Comment => comment::send(cx, to, at, permit).await,
        Stage::Open | Stage::Chunks { .. } | Stage::Processing { .. } | Stage::Thumbnail { .. } => {
            let public = format!("The upload to {NAME} is not ready.");
            Err(Failure::before_sending(Class::Transient, public))
        }
    }
}

/// Sends the rest of the file. When its last byte has arrived there is a video.
async fn finish(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    session: Session,
    sent: u64,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let item = video(to)?;
    let repeats_unknown = permit.repeats_unknown();
    let rest = item.size_bytes.saturating_sub(sent);
    let request = piece(cx, item, &session, sent, rest).await?.bearer(&cx.credentials.access_token);
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    match progress(&answer)? {
        Some(Progress::Done(video)) => Ok(Next::Go(follow_up::live(cx, at, video.id))),
        // Not all of it was taken, so there is no video yet.
        Some(Progress::At(sent, moved)) => {
            let stage = Stage::Ready { session: moved.unwrap_or(session), sent };
            Ok(Next::Go(State { stage, ..at }))
        }
        // It was gone before this request; an earlier one may have been its end.
        Some(Progress::Gone) if !repeats_unknown => again(at),
        Some(Progress::Gone) => {
            Err(Failure::unproven(format!("{NAME} does not know the upload any more."), &answer))
        }
        None => Err(classify_commit(&answer, cx.now())),
    }
}
