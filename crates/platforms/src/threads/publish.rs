//! The states of a publish: what is left of the allowance, then for each part a container, its
//! processing and its commit, then the first comment in the same way, then the post's address.

use std::collections::BTreeSet;

use connector::{CommitPermit, Cx, Failure, MediaKind, Next, Publication, Receipt};
use domain::text::web_links;
use domain::{Class, Span, Timestamp};
use net::{Answer, Request, SendError};

use super::NAME;
use super::container::{Standing, make_child, make_part, no_documents, standing};
use super::errors::{ASK_QUOTA_AGAIN, classify_commit, classify_container, is_too_soon};
use super::graph::{address, get, read};
use super::lookup::{Look, find};
use super::state::{Stage, State};
use super::wire::{Address, Id, List, Usage};

/// Replies to a post that is a moment old are sometimes refused.
const BETWEEN_PARTS: Span = Span::from_seconds(3);
/// Media that is finished is sometimes not found by publishing for a moment.
const AFTER_FINISHED: Span = Span::from_seconds(2);
const TOO_SOON: Span = Span::from_seconds(4);
/// Processing that lasts longer has gone wrong.
const PROCESSING_MAX: Span = Span::from_hours(1);
const LINKS_MAX: usize = 5;
/// How often containers are made anew, and how often something that should be there is asked for.
const MADE_AGAIN_MAX: u32 = 2;
const PUBLISH_MISSES_MAX: u32 = 3;
const LOCATE_MISSES_MAX: u32 = 8;
const OTHER_MISSES_MAX: u32 = 2;

pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let (part, is_comment) = (at.posted.len() + 1, at.is_comment(to));
    let outcome = advance(cx, to, at.clone()).await;
    match outcome {
        Err(failure) if failure.died => Err(failure),
        // The post is live: nothing that happens to the comment may fail it.
        Err(_) if is_comment && at.misses < OTHER_MISSES_MAX => {
            Ok(Next::Wait(State { misses: at.misses + 1, ..at }, cx.now() + TOO_SOON))
        }
        Err(failure) if is_comment => Ok(without_comment(at, &failure.public)),
        outcome => outcome.map_err(|failure| failure.of_part(part)),
    }
}

async fn advance(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    match at.stage.clone() {
        Stage::Quota => {
            check(cx, to)?;
            check_quota(cx, to).await?;
            Ok(Next::Go(first_stage(to, at)))
        }
        Stage::Child if at.children.len() < to.media.len() => {
            let child = make_child(cx, to, &at).await?;
            let children = at.children.iter().cloned().chain([child]).collect();
            Ok(Next::Go(State { children, ..at }))
        }
        Stage::Child => Ok(Next::Go(at.to(Stage::Children { next: 0, since: cx.now() }))),
        Stage::Children { next, since } => children(cx, to, at, next, since).await,
        Stage::Container => {
            let container = make_part(cx, to, &at).await?;
            Ok(Next::Go(at.to(Stage::Processing { container, since: cx.now() })))
        }
        Stage::Processing { container, since } => processing(cx, to, at, container, since).await,
        Stage::Ready { .. } => Ok(Next::Commit(at)),
        Stage::Locate { container, since } => locate(cx, to, at, container, since).await,
        Stage::Permalink => permalink(cx, at).await,
    }
}

fn first_stage(to: &Publication, at: State) -> State {
    at.to(if to.media.len() > 1 { Stage::Child } else { Stage::Container })
}

/// What would be refused after the first part is live is refused before.
fn check(cx: &Cx<'_>, to: &Publication) -> Result<(), Failure> {
    if to.media.iter().any(|item| item.kind == MediaKind::Document) {
        return Err(no_documents());
    }
    let scopes = &cx.credentials.scopes;
    if !to.thread.is_empty()
        && !scopes.is_empty()
        && !scopes.iter().any(|scope| scope == "threads_manage_replies")
    {
        let public = format!(
            "{NAME} makes the parts of a thread replies, which this account was not allowed; connect it again \
             with threads_manage_replies."
        );
        return Err(Failure::before_sending(Class::PermissionMissing, public));
    }
    for (part, text) in std::iter::once(&to.text).chain(&to.thread).enumerate() {
        let mut links: BTreeSet<&str> = web_links(text).into_iter().map(|link| &text[link]).collect();
        links.extend(to.settings.text("link").filter(|_| part == 0 && to.media.is_empty()));
        if links.len() > LINKS_MAX {
            let public =
                format!("{NAME} takes at most {LINKS_MAX} links in a post; part {} has more.", part + 1);
            return Err(Failure::before_sending(Class::ContentRejected, public));
        }
    }
    Ok(())
}

/// Waits while the account's allowance of 24 hours is used up. An answer that cannot be made sense
/// of holds nothing back: publishing itself tells.
async fn check_quota(cx: &Cx<'_>, to: &Publication) -> Result<(), Failure> {
    let path = format!("/{}/threads_publishing_limit", cx.account.platform_user_id);
    let fields = [("fields", "quota_usage,config,reply_quota_usage,reply_config")];
    let usage = match get::<List<Usage>>(cx, &path, &fields).await {
        Ok(usage) => usage.data.into_iter().next().unwrap_or_default(),
        Err(failure) if failure.class == Class::ContentRejected => return Ok(()),
        Err(failure) => return Err(failure),
    };
    let replies = u64::try_from(to.thread.len()).unwrap_or(u64::MAX);
    let has_room = usage.quota_usage < usage.config.quota_total
        && (replies == 0
            || usage.reply_quota_usage.saturating_add(replies) <= usage.reply_config.quota_total);
    if has_room {
        return Ok(());
    }
    let public = format!("The account has published as much as {NAME} allows in 24 hours.");
    let until = Some(cx.now() + ASK_QUOTA_AGAIN);
    Err(Failure::before_sending(Class::QuotaExhausted { until }, public))
}

/// Asks about one container of a carousel's items.
async fn children(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    next: usize,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let Some(child) = at.children.get(next) else { return Ok(Next::Go(at.to(Stage::Container))) };
    match standing(cx, child).await? {
        Standing::Finished | Standing::Published => {
            Ok(Next::Go(at.to(Stage::Children { next: next + 1, since })))
        }
        Standing::Processing => wait(cx, at, since),
        Standing::Failed(why) => again(cx, to, at, since, &why).await,
        Standing::Gone => again(cx, to, at, since, "").await,
    }
}

async fn processing(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    container: String,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    match standing(cx, &container).await? {
        Standing::Finished if at.misses > PUBLISH_MISSES_MAX => again(cx, to, at, since, "").await,
        Standing::Finished if at.has_media(to) && at.misses == 0 => {
            Ok(Next::Wait(at.to(Stage::Ready { container, since }), cx.now() + AFTER_FINISHED))
        }
        Standing::Finished => Ok(Next::Commit(at.to(Stage::Ready { container, since }))),
        Standing::Published => Ok(Next::Go(at.to(Stage::Locate { container, since }))),
        Standing::Processing => wait(cx, at, since),
        Standing::Failed(why) => again(cx, to, at, since, &why).await,
        Standing::Gone => again(cx, to, at, since, "").await,
    }
}

/// Asks again: soon at first, then ever more seldom.
fn wait(cx: &Cx<'_>, at: State, since: Timestamp) -> Result<Next<State>, Failure> {
    let waited = cx.now().since(since);
    if waited > PROCESSING_MAX {
        let public = format!("{NAME} did not get through with a media file; try another one.");
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    let pause = (waited.as_millis() / 4).clamp(2_000, 60_000);
    Ok(Next::Wait(at, cx.now() + Span::from_millis(pause)))
}

/// Makes the containers of the present part anew, unless that did not help before. One that was
/// asked to be published may have become a post all the same.
async fn again(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
    why: &str,
) -> Result<Next<State>, Failure> {
    if at.misses > 0 && !at.is_comment(to) {
        match find(cx, to, &at, since).await? {
            Look::Found(id) => return Ok(after(cx, to, at, id)),
            Look::Missing => {}
            Look::InVain => {
                let public = format!("{NAME} does not tell whether the post is out; look at the account.");
                return Err(Failure::before_sending(Class::MediaFailed, public));
            }
        }
    }
    if let Some(failure) = classify_container(why) {
        return Err(failure);
    }
    if at.made_again >= MADE_AGAIN_MAX {
        let public = match why {
            "FAILED_DOWNLOADING_VIDEO" => {
                format!(
                    "{NAME} could not fetch a video from this server; check that public_url is reachable."
                )
            }
            _ => format!("{NAME} could not process the post; try it again later."),
        };
        return Err(Failure::before_sending(Class::MediaFailed, public));
    }
    Ok(Next::Go(anew(to, State { made_again: at.made_again + 1, ..at })))
}

/// The present part from its first container on.
pub(super) fn anew(to: &Publication, at: State) -> State {
    let at = State { children: Vec::new(), misses: 0, ..at };
    if at.posted.is_empty() { first_stage(to, at) } else { at.to(Stage::Container) }
}

/// Finds the post that a published container became. New posts are not always listed at once.
async fn locate(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    container: String,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    match find(cx, to, &at, since).await? {
        Look::Found(id) => Ok(after(cx, to, at, id)),
        Look::Missing if at.misses < LOCATE_MISSES_MAX => {
            let pause = Span::from_seconds((2_i64 << at.misses).min(60));
            Ok(Next::Wait(State { misses: at.misses + 1, ..at }, cx.now() + pause))
        }
        // It is live, and its container is the only name that it has.
        Look::Missing | Look::InVain => Ok(after(cx, to, at, container)),
    }
}

pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let Stage::Ready { container, since } = at.stage.clone() else {
        let public = "There is nothing to publish yet.";
        return Err(Failure::before_sending(Class::Transient, public));
    };
    let (part, is_comment) = (at.posted.len() + 1, at.is_comment(to));
    let url = address(cx.hosts, &format!("/{}/threads_publish", cx.account.platform_user_id))?;
    let request =
        Request::post(url).bearer(&cx.credentials.access_token).form(&[("creation_id", container.as_str())]);
    let sent = cx.send_commit(request, permit).await;
    let waiting = Stage::Processing { container, since };
    match conclude(cx, to, at.clone(), waiting, sent) {
        Err(failure) if is_comment && !failure.died && !failure.leaves_commit_open() => {
            Ok(without_comment(at, &failure.public))
        }
        outcome => outcome.map_err(|failure| failure.of_part(part)),
    }
}

/// What the answer to a publishing request means.
fn conclude(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    waiting: Stage,
    sent: Result<Answer, SendError>,
) -> Result<Next<State>, Failure> {
    let answer = sent.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() {
        return Ok(after(cx, to, at, read::<Id>(&answer)?.id));
    }
    if is_too_soon(&answer) {
        // The container is asked before anything is sent again: it knows whether it is published.
        let at = State { misses: at.misses + 1, ..at };
        return Ok(Next::Wait(at.to(waiting), cx.now() + TOO_SOON));
    }
    Err(classify_commit(&answer, cx.now()))
}

/// What comes after the present part went live as the post `id`.
pub(super) fn after(cx: &Cx<'_>, to: &Publication, mut at: State, id: String) -> Next<State> {
    at.posted.push(id);
    at.children.clear();
    (at.misses, at.made_again) = (0, 0);
    let parts = 1 + to.thread.len() + usize::from(to.settings.text("firstComment").is_some());
    if at.posted.len() < parts {
        return Next::Wait(at.to(Stage::Container), cx.now() + BETWEEN_PARTS);
    }
    Next::Go(at.to(Stage::Permalink))
}

/// What comes after a first comment that certainly, or perhaps, did not go out.
pub(super) fn without_comment(mut at: State, why: &str) -> Next<State> {
    at.warnings.push(format!("The first comment may not have been published: {why}"));
    at.misses = 0;
    Next::Go(at.to(Stage::Permalink))
}

/// Reads the post's address. Nothing that happens here may fail a post that is live.
pub(super) async fn permalink(cx: &Cx<'_>, at: State) -> Result<Next<State>, Failure> {
    let id = at.posted.first().cloned().unwrap_or_default();
    let address = get::<Address>(cx, &format!("/{id}"), &[("fields", "id,permalink")]).await;
    let mut warnings = at.warnings.clone();
    let platform_post_url = match address {
        Ok(address) => address.permalink,
        Err(failure) if failure.died => return Err(failure),
        Err(_) if at.misses < OTHER_MISSES_MAX => {
            return Ok(Next::Wait(State { misses: at.misses + 1, ..at }, cx.now() + TOO_SOON));
        }
        Err(_) => {
            warnings.push(format!("{NAME} did not tell the post's address; the link leads to the profile."));
            profile(cx)
        }
    };
    Ok(Next::Published(Receipt { platform_post_id: id, platform_post_url, warnings }))
}

fn profile(cx: &Cx<'_>) -> String {
    let name = cx.account.username.as_deref().unwrap_or_default();
    format!("{}/@{name}", cx.hosts.base("permalink"))
}
