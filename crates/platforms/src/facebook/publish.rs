//! The states of a publish: upload what stays hidden, show it with one request, wait for a video,
//! comment.

use connector::{CommitPermit, Cx, Failure, MediaKind, Next, Publication, Receipt};
use domain::{Class, Span, Timestamp};
use serde_json::json;

use super::errors::{classify, classify_comment, classify_commit, is_about_link, is_gone};
use super::graph::{absolute, full_id, get, page, post, read, send, send_commit};
use super::state::{Kind, Posted, Stage, State};
use super::wire::{Finished, Made, Video};
use super::{NAME, media, stories};

/// How long a video may be processed before nobody waits any longer.
const PATIENCE: Span = Span::from_hours(1);
const VIDEO_FIELDS: &str = "status,permalink_url,post_id";

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Upload => {
            refuse_unsupported(to)?;
            media::upload(cx, to, at).await
        }
        Stage::Transfer { session, start, end } => media::transfer(cx, to, at, session, start..end).await,
        Stage::Bytes { upload_url } => media::bytes(cx, to, at, &upload_url).await,
        Stage::Uploaded { since } => media::uploaded(cx, at, since).await,
        Stage::Ready { .. } | Stage::Comment => Ok(Next::Commit(at)),
        Stage::Processing { since } => processing(cx, to, at, since).await,
        Stage::Address { tries } => stories::address(cx, to, at, tries).await,
    }
}

/// Says at once what cannot be published, in place of leaving something out.
fn refuse_unsupported(to: &Publication) -> Result<(), Failure> {
    let count = |kind: MediaKind| to.media.iter().filter(|item| item.kind == kind).count();
    let (videos, all) = (count(MediaKind::Video), to.media.len());
    let kind = Kind::of(to);
    let refuse = |what: &str| Err(Failure::before_sending(Class::ContentRejected, format!("{NAME} {what}")));
    if count(MediaKind::Document) > 0 {
        return refuse("takes no documents; attach images or a video.");
    }
    if videos > 1 || (videos == 1 && all > 1) {
        return refuse("takes one video alone; remove the other files.");
    }
    match kind {
        Kind::Reel if videos == 0 => refuse("needs a video for a reel; attach one."),
        Kind::PhotoStory | Kind::VideoStory if all != 1 => refuse("needs one image or video for a story."),
        Kind::Feed if all == 0 && to.text.trim().is_empty() && to.settings.text("link").is_none() => {
            refuse("needs a text, a link or media.")
        }
        _ => Ok(()),
    }
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    if at.stage == Stage::Comment {
        return comment(cx, to, &at, permit).await;
    }
    match Kind::of(to) {
        Kind::Feed => feed(cx, to, at, permit).await,
        Kind::PhotoStory => stories::commit(cx, to, at, permit).await,
        Kind::Video | Kind::Reel | Kind::VideoStory => finish(cx, to, at, permit).await,
    }
}

async fn feed(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let attached: Vec<_> = at.photos.iter().map(|id| json!({ "media_fbid": id })).collect();
    let attached = serde_json::Value::from(attached).to_string();
    let mut fields = vec![("published", "true"), ("fields", "id,permalink_url")];
    if !to.text.is_empty() {
        fields.push(("message", &to.text));
    }
    if let Some(link) = &at.link {
        fields.push(("link", link));
    }
    if !at.photos.is_empty() {
        fields.push(("attached_media", &attached));
    }
    let request = post(cx, "graph", &format!("/{}/feed", page(cx)), &fields)?;
    let answer = send_commit(cx, request, permit).await?;
    if super::errors::is_good(&answer) {
        let made: Made = read(&answer)?;
        let posted = posted(cx, &made.id, made.permalink_url.as_deref());
        return Ok(after(to, at, posted));
    }
    if is_gone(&answer) && !at.photos.is_empty() {
        return media::again(at);
    }
    // Only the author's own wish for a card is worth failing for.
    let is_wanted = to.settings.text("link").is_some() || to.text.trim().is_empty();
    if is_about_link(&answer) && at.link.is_some() && !is_wanted {
        return Ok(Next::Go(State { link: None, ..at }));
    }
    Err(classify_commit(&answer, repeats_unknown, cx.now()))
}

/// Publishes an uploaded video. It is live when its processing has ended well.
async fn finish(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let repeats_unknown = permit.repeats_unknown();
    let kind = Kind::of(to);
    let video = at.video.clone().unwrap_or_default();
    let mut fields = vec![("upload_phase", "finish")];
    let session = match &at.stage {
        Stage::Ready { session } => session.as_deref().unwrap_or_default(),
        _ => "",
    };
    if kind == Kind::Video {
        fields.extend([("upload_session_id", session), ("published", "true")]);
    } else {
        fields.push(("video_id", &video));
    }
    if kind == Kind::Reel {
        fields.push(("video_state", "PUBLISHED"));
    }
    if !kind.is_story() {
        fields.push(("description", &to.text));
        fields.extend(to.settings.text("title").map(|title| ("title", title)));
    }
    let host = if kind == Kind::Video { "video" } else { "graph" };
    let request = post(cx, host, &format!("/{}/{}", page(cx), kind.edge()), &fields)?;
    let answer = send_commit(cx, request, permit).await?;
    if !super::errors::is_good(&answer) {
        if is_gone(&answer) {
            return media::again(at);
        }
        return Err(classify_commit(&answer, repeats_unknown, cx.now()));
    }
    let finished: Finished = read(&answer)?;
    let posted = finished.post_id.map(|id| posted(cx, &id, None));
    Ok(Next::Go(State { stage: Stage::Processing { since: cx.now() }, posted, ..at }))
}

/// Looks whether a video that was published is live by now.
async fn processing(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let waited = cx.now().since(since);
    let id = at.video.clone().unwrap_or_default();
    let asked = send(cx, get(cx, &format!("/{id}"), &[("fields", VIDEO_FIELDS)])?).await;
    let video: Video = match asked.and_then(|answer| read(&answer)) {
        Ok(video) => video,
        // What cannot be asked now says nothing against the video.
        Err(failure) if failure.class == Class::Transient && !failure.died && waited < PATIENCE => {
            return Ok(Next::Wait(at, cx.now() + Span::from_seconds(30)));
        }
        Err(failure) => return Err(failure),
    };
    let status = &video.status;
    let publishing = status.publishing_phase.status.as_str();
    if let Some(why) = media::broken(status) {
        let public = format!("{NAME} could not process the video ({why}); try another file.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    let is_ready = status.video_status == "ready" && !matches!(publishing, "in_progress" | "not_started");
    if publishing == "complete" || is_ready {
        return Ok(live(cx, to, at, &video));
    }
    if waited > PATIENCE {
        let public = format!(
            "{NAME} is still processing the video after an hour; look at the Page before you publish it again."
        );
        return Err(Failure::before_sending(Class::Ambiguous, public));
    }
    let pause = if waited < Span::from_minutes(2) { 5 } else { 30 };
    Ok(Next::Wait(at, cx.now() + Span::from_seconds(pause)))
}

/// What comes after a video turned out to be live.
pub(super) fn live(cx: &Cx<'_>, to: &Publication, at: State, video: &Video) -> Next<State> {
    let id = at.video.clone().unwrap_or_default();
    let known = at.posted.as_ref().map(|posted| posted.id.clone());
    let post_id = video.post_id.clone().or(known).unwrap_or_else(|| id.clone());
    if Kind::of(to).is_story() {
        let posted = Some(posted(cx, &post_id, None));
        return Next::Go(State { stage: Stage::Address { tries: 0 }, posted, ..at });
    }
    let usual =
        if Kind::of(to) == Kind::Reel { format!("/reel/{id}/") } else { format!("/{}", full_id(cx, &id)) };
    let posted = posted(cx, &post_id, Some(video.permalink_url.as_deref().unwrap_or(&usual)));
    after(to, at, posted)
}

/// A live post by its id, and its address if that is known.
pub(super) fn posted(cx: &Cx<'_>, id: &str, link: Option<&str>) -> Posted {
    let id = full_id(cx, id);
    let url = absolute(cx, link.filter(|link| !link.is_empty()).unwrap_or(&format!("/{id}")));
    Posted { id, url }
}

/// What comes after the post went live.
pub(super) fn after(to: &Publication, at: State, posted: Posted) -> Next<State> {
    if to.settings.text("firstComment").is_some() && !Kind::of(to).is_story() {
        return Next::Go(State { stage: Stage::Comment, posted: Some(posted), ..at });
    }
    Next::Published(receipt(to, posted, None))
}

/// The comment is looked up when it stays open whether it went out.
async fn comment(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let posted = at.posted.clone().unwrap_or(Posted { id: String::new(), url: String::new() });
    let text = to.settings.text("firstComment").unwrap_or_default();
    let path = format!("/{}/comments", posted.id);
    let failure = match post(cx, "graph", &path, &[("message", text)]) {
        Err(failure) => failure,
        Ok(request) => match send_commit(cx, request, permit).await {
            Ok(answer) if super::errors::is_good(&answer) => {
                return Ok(Next::Published(receipt(to, posted, None)));
            }
            Ok(answer) => classify_comment(&answer, cx.now()),
            Err(failure) => failure,
        },
    };
    if failure.died || failure.leaves_commit_open() {
        return Err(failure);
    }
    Ok(without_comment(to, posted, &failure.public))
}

/// What comes after a first comment that certainly, or perhaps, did not go out. The post is live,
/// so nothing that happens to the comment may fail the publish or repeat it.
pub(super) fn without_comment(to: &Publication, posted: Posted, why: &str) -> Next<State> {
    let warning = format!("The first comment may not have been published: {why}");
    Next::Published(receipt(to, posted, Some(warning)))
}

/// The receipt, with remarks on what was left out.
pub(super) fn receipt(to: &Publication, posted: Posted, warning: Option<String>) -> Receipt {
    let mut warnings: Vec<String> = warning.into_iter().collect();
    let is_story = Kind::of(to).is_story();
    if is_story && !to.text.trim().is_empty() {
        warnings.push(format!("{NAME} shows no text with a story; it was left out."));
    }
    if is_story && to.settings.text("firstComment").is_some() {
        warnings.push(format!("{NAME} takes no comment on a story; the first comment was left out."));
    }
    if !to.media.is_empty() && to.settings.text("link").is_some() {
        warnings.push(format!("{NAME} shows no link card beside media; it was left out."));
    }
    Receipt { platform_post_id: posted.id, platform_post_url: posted.url, warnings }
}

/// The status of an upload, `None` when the platform no longer knows it.
pub(super) async fn ask(cx: &Cx<'_>, video: &str) -> Result<Option<Video>, Failure> {
    let request = get(cx, &format!("/{video}"), &[("fields", VIDEO_FIELDS)])?;
    let answer = super::graph::exchange(cx, request).await?;
    if super::errors::is_good(&answer) {
        return Ok(Some(read(&answer)?));
    }
    if is_gone(&answer) { Ok(None) } else { Err(classify(&answer, cx.now())) }
}
