//! The states of a publish: containers, the day's quota, the one request that shows the post, its
//! address, the first comment.

use connector::{CommitPermit, Cx, Failure, Next, Publication, Receipt};
use domain::{Class, Span, Timestamp};
use net::Answer;

use super::NAME;
use super::containers::{self, Seen, again, found_live, look};
use super::errors::{Fault, classify_comment, classify_commit, is_good, unproven};
use super::graph::{edge, get, post, read, send, send_commit};
use super::lookup;
use super::state::{Kind, Posted, Stage, State};
use super::wire::{Limit, List, Made, Media};

/// Containers live for a day; one that is nearly over is not worth a try.
const CONTAINER_LIFE: Span = Span::from_hours(23);
/// How often a finished container may be said not to be ready.
const UNREADY_MAX: u8 = 10;
/// How often the address of a live post is asked for.
const ADDRESS_TRIES: u8 = 5;

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Create => containers::create(cx, to, at).await,
        Stage::Children { child, since } => containers::children(cx, to, at, child, since).await,
        Stage::Upload { container, uri } => containers::upload(cx, to, at, container, &uri).await,
        Stage::Processing { since } => containers::processing(cx, to, at, since).await,
        Stage::Quota => quota(cx, at).await,
        Stage::Ready | Stage::Comment => Ok(Next::Commit(at)),
        Stage::Find { since, tries } => lookup::find_live(cx, to, at, since, tries).await,
        Stage::Address { tries } => address(cx, to, at, tries).await,
    }
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    if at.stage == Stage::Comment {
        return comment(cx, to, at, permit).await;
    }
    let repeats_unknown = permit.repeats_unknown();
    let container = at.container.clone().unwrap_or_default();
    let request = post(cx, &edge(cx, "media_publish"), &[("creation_id", &container)])?;
    let answer = send_commit(cx, request, permit).await?;
    if is_good(&answer) {
        let posted = Some(Posted { id: read::<Made>(&answer)?.id, url: String::new() });
        return Ok(Next::Go(State { stage: Stage::Address { tries: 0 }, posted, ..at }));
    }
    match Fault::in_answer(&answer) {
        Some(fault) if fault != Fault::Passing && fault != Fault::Quota => {
            refused(cx, at, &container, fault, &answer, repeats_unknown).await
        }
        _ => Err(classify_commit(&answer, cx.now())),
    }
}

/// Refusals of the post itself were seen with the post live. The container knows.
async fn refused(
    cx: &Cx<'_>,
    at: State,
    container: &str,
    fault: Fault,
    answer: &Answer,
    repeats_unknown: bool,
) -> Result<Next<State>, Failure> {
    let seen = match look(cx, container).await {
        Ok(seen) => seen,
        Err(failure) if failure.died => return Err(failure),
        Err(_) => return Err(unproven(answer)),
    };
    let status = match seen {
        // It may be gone because it was published.
        Seen::Gone if repeats_unknown => return Err(unproven(answer)),
        Seen::Gone => return again(at),
        Seen::Status(status, _) => status,
    };
    match (status.status_code.as_str(), fault) {
        ("PUBLISHED", _) => {
            let made_at = at.made_at.unwrap_or_else(|| cx.now());
            Ok(Next::Go(found_live(at, made_at)))
        }
        ("EXPIRED", _) => again(at),
        (_, Fault::NotReady | Fault::Gone) if at.unready < UNREADY_MAX => {
            let pause = Span::from_seconds(10);
            let unready = at.unready + 1;
            let stage = Stage::Processing { since: cx.now() };
            Ok(Next::Wait(State { stage, unready, ..at }, cx.now() + pause))
        }
        _ => Err(fault.failure(&super::errors::said(answer), answer, cx.now())),
    }
}

/// Asks what is left of the day's posts, so that the refusal does not cost an attempt.
async fn quota(cx: &Cx<'_>, at: State) -> Result<Next<State>, Failure> {
    if at.made_at.is_some_and(|made_at| made_at + CONTAINER_LIFE < cx.now()) {
        return again(at);
    }
    let request = get(cx, &edge(cx, "content_publishing_limit"), &[("fields", "quota_usage,config")])?;
    let limit = match send(cx, request).await.and_then(|answer| read::<List<Limit>>(&answer)) {
        Ok(list) => list.data.into_iter().next(),
        // Only the publishing request's own word on these counts.
        Err(failure) if matches!(failure.class, Class::PermissionMissing | Class::ContentRejected) => None,
        Err(failure) => return Err(failure),
    };
    let is_used_up =
        |limit: &Limit| limit.config.as_ref().is_some_and(|config| limit.quota_usage >= config.quota_total);
    let Some(limit) = limit.filter(is_used_up) else {
        return Ok(Next::Go(State { stage: Stage::Ready, ..at }));
    };
    let seconds = limit.config.and_then(|config| config.quota_duration).unwrap_or(86_400);
    let until = room_at(cx, Span::from_seconds(seconds)).await;
    let public = format!("{NAME} takes no more posts from this account for now; its daily quota is used up.");
    Err(Failure::before_sending(Class::QuotaExhausted { until: Some(until) }, public))
}

/// When the oldest post that counts drops out of the window; an hour from now where that is not
/// known.
async fn room_at(cx: &Cx<'_>, window: Span) -> Timestamp {
    let now = cx.now();
    let usual = now + Span::from_hours(1);
    let query = [("fields", "timestamp"), ("limit", "100")];
    let Ok(request) = get(cx, &edge(cx, "media"), &query) else { return usual };
    let Ok(list) = send(cx, request).await.and_then(|answer| read::<List<Media>>(&answer)) else {
        return usual;
    };
    let times = list.data.iter().filter_map(|media| Timestamp::parse(media.timestamp.as_deref()?).ok());
    let oldest = times.filter(|time| now.since(*time) < window).min();
    oldest.map_or(usual, |oldest| oldest + window + Span::from_seconds(1)).max(now + Span::from_minutes(1))
}

/// The address of a post that was just published. It is live whatever becomes of this.
async fn address(cx: &Cx<'_>, to: &Publication, at: State, tries: u8) -> Result<Next<State>, Failure> {
    let Some(posted) = at.posted.clone() else { return Ok(Next::Go(at.begun_again())) };
    let request = get(cx, &format!("/{}", posted.id), &[("fields", "id,permalink")])?;
    let url = match send(cx, request).await.and_then(|answer| read::<Media>(&answer)) {
        Ok(media) => media.permalink,
        Err(failure) if failure.died => return Err(failure),
        Err(failure) if failure.class == Class::Transient && tries < ADDRESS_TRIES => {
            let stage = Stage::Address { tries: tries + 1 };
            return Ok(Next::Wait(State { stage, ..at }, cx.now() + Span::from_seconds(2)));
        }
        Err(_) => None,
    };
    Ok(after(to, at, Posted { url: url.unwrap_or_else(|| profile(cx)), ..posted }))
}

/// The account's page, for a post whose own address is not known.
pub(super) fn profile(cx: &Cx<'_>) -> String {
    let name = cx.account.username.as_deref().unwrap_or_default();
    format!("{}/{name}", cx.hosts.base("permalink"))
}

/// What comes after the post is live and known.
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
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let posted = at.posted.unwrap_or(Posted { id: String::new(), url: String::new() });
    let text = to.settings.text("firstComment").unwrap_or_default();
    let failure = match post(cx, &format!("/{}/comments", posted.id), &[("message", text)]) {
        Err(failure) => failure,
        Ok(request) => match send_commit(cx, request, permit).await {
            Ok(answer) if is_good(&answer) => return Ok(Next::Published(receipt(to, posted, None))),
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
    if Kind::of(to).is_story() {
        if !to.text.trim().is_empty() {
            warnings.push(format!("{NAME} shows no text with a story; it was left out."));
        }
        if to.settings.text("firstComment").is_some() {
            warnings.push(format!("{NAME} takes no comment on a story; the first comment was left out."));
        }
    }
    Receipt { platform_post_id: posted.id, platform_post_url: posted.url, warnings }
}
