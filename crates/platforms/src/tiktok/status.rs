//! What became of a publish, by its id (page "Get post status"), and the receipt at its end.

use connector::{Cx, Failure, Next, Publication, Receipt};
use domain::{Class, Span, Timestamp};

use super::NAME;
use super::api::call;
use super::choices::{is_draft, is_photos};
use super::errors::{classify_reason, may_pass};
use super::state::{Stage, State};
use super::upload::MADE_AGAIN_MAX;
use super::wire::{PublishId, Status};

/// Processing that lasts longer has gone wrong, and TikTok does not say so.
const PROCESSING_MAX: Span = Span::from_hours(1);
/// How long the address of a live post is waited for. It comes after moderation, which may take
/// hours; the post is live all the same.
const LOCATE_FOR: Span = Span::from_minutes(2);
const LOCATE_AGAIN: Span = Span::from_seconds(10);
/// A failure is told for so long; a try after that is another one.
const TOLD_FOR: Span = Span::from_seconds(30);
/// How long to wait before a publish that failed for a passing reason is begun anew.
const BEFORE_ANEW: Span = Span::from_seconds(15);

impl Status {
    /// Whether bytes of an upload are missing, or are being looked into.
    pub(super) fn is_waiting_for_bytes(&self) -> bool {
        self.status == "PROCESSING_UPLOAD"
    }
}

/// Asks what became of the publish.
pub(super) async fn ask(cx: &Cx<'_>, at: &State) -> Result<Status, Failure> {
    let publish_id = at.publish_id.as_deref().unwrap_or_default();
    call(cx, "/v2/post/publish/status/fetch/", &PublishId { publish_id }).await
}

/// Asks while TikTok works on the post.
pub(super) async fn poll(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    let known = ask(cx, &at).await?;
    match known.status.as_str() {
        "PUBLISH_COMPLETE" | "SEND_TO_USER_INBOX" => {
            Ok(settle(cx, to, at.to(Stage::Locate { since: cx.now() }), known))
        }
        "FAILED" => {
            let reason = known.fail_reason.unwrap_or_default();
            if may_pass(&reason) && at.made_again < MADE_AGAIN_MAX {
                let made_again = at.made_again + 1;
                return Ok(Next::Wait(State { made_again, ..at }.anew(), cx.now() + BEFORE_ANEW));
            }
            Ok(Next::Go(at.to(Stage::Failed { reason, since: cx.now() })))
        }
        // A word that is not known means that it is not over.
        _ => wait(cx, at, since),
    }
}

/// Asks again: soon at first, then ever more seldom. What lasts too long is not begun anew, since
/// it may still go out.
fn wait(cx: &Cx<'_>, at: State, since: Timestamp) -> Result<Next<State>, Failure> {
    let waited = cx.now().since(since);
    if waited > PROCESSING_MAX {
        let public = format!("{NAME} is still working on the post; retry to look again.");
        return Err(Failure::before_sending(Class::Transient, public));
    }
    let pause = (waited.as_millis() / 4).clamp(5_000, 60_000);
    Ok(Next::Wait(at, cx.now() + Span::from_millis(pause)))
}

/// Waits a while for the address of a post that is live. Nothing that happens here may fail it.
pub(super) async fn locate(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    since: Timestamp,
) -> Result<Next<State>, Failure> {
    match ask(cx, &at).await {
        Ok(known) => Ok(settle(cx, to, at, known)),
        Err(failure) if failure.died => Err(failure),
        Err(_) if cx.now().since(since) < LOCATE_FOR => Ok(Next::Wait(at, cx.now() + LOCATE_AGAIN)),
        Err(_) => Ok(Next::Published(nameless(cx, at))),
    }
}

fn settle(cx: &Cx<'_>, to: &Publication, at: State, known: Status) -> Next<State> {
    let id = known.post_ids.and_then(|ids| ids.into_iter().next());
    if let Some(id) = id {
        return Next::Published(receipt(cx, to, &at, id.into_text()));
    }
    if is_draft(to) {
        return Next::Published(draft(cx, at));
    }
    let since = if let Stage::Locate { since } = at.stage { since } else { cx.now() };
    if at.is_public() && cx.now().since(since) < LOCATE_FOR {
        return Next::Wait(at, cx.now() + LOCATE_AGAIN);
    }
    Next::Published(nameless(cx, at))
}

/// The receipt of a post whose id is known.
pub(super) fn receipt(cx: &Cx<'_>, to: &Publication, at: &State, id: String) -> Receipt {
    let kind = if is_photos(to) { "photo" } else { "video" };
    let platform_post_url = format!("{}/{kind}/{id}", profile(cx, at));
    Receipt { platform_post_id: id, platform_post_url, warnings: at.warnings.clone() }
}

/// The receipt of a post whose id is not told: never for one that not everybody sees, and not
/// before moderation for others.
fn nameless(cx: &Cx<'_>, at: State) -> Receipt {
    let platform_post_url = profile(cx, &at);
    let is_public = at.is_public();
    let mut warnings = at.warnings;
    if is_public {
        warnings.push(format!(
            "{NAME} has not told the post's address, as long as it looks it over; the link leads to the profile."
        ));
    }
    Receipt { platform_post_id: at.publish_id.unwrap_or_default(), platform_post_url, warnings }
}

fn draft(cx: &Cx<'_>, at: State) -> Receipt {
    let mut warnings = at.warnings;
    warnings.push(format!(
        "The draft waits in the owner's {NAME} inbox, where it has to be finished and posted."
    ));
    Receipt {
        platform_post_id: at.publish_id.unwrap_or_default(),
        platform_post_url: format!("{}/messages", cx.hosts.base("permalink")),
        warnings,
    }
}

fn profile(cx: &Cx<'_>, at: &State) -> String {
    let current = at.creator.as_ref().map(|creator| creator.username.as_str());
    let name = current.or(cx.account.username.as_deref()).unwrap_or_default();
    format!("{}/@{name}", cx.hosts.base("permalink"))
}

/// Tells once why TikTok gave the post up; a later try begins anew.
pub(super) fn failed(cx: &Cx<'_>, at: State, reason: &str, since: Timestamp) -> Result<Next<State>, Failure> {
    if cx.now() < since + TOLD_FOR {
        return Err(classify_reason(reason, cx.now()));
    }
    Ok(Next::Go(State { made_again: 0, ..at }.anew()))
}
