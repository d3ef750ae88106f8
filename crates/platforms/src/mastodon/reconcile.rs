//! Looking up what became of a status whose answer was lost: among the account's own statuses of that
//! time. If it is not there, it is sent again under the same key, which a server that still remembers
//! it answers with the same status.

use connector::{Cx, Failure, Intent, Publication, Verdict};
use domain::{Class, Span, Timestamp};
use http::Method;

use super::errors::classify;
use super::fields;
use super::html::{comparable, plain};
use super::publish::after;
use super::server::{account_number, read, request, send};
use super::state::{Stage, State};
use super::wire::Status;

/// Clocks differ: statuses from this long before the intent are looked at too.
const BEFORE: Span = Span::from_seconds(60);
/// A key is remembered for an hour; the rest is for slow answers and clocks that differ.
const KEY_LIFE: Span = Span::from_minutes(50);
const PAGE: usize = 40;
const PAGES_MAX: usize = 50;

/// What looking through the account's statuses came to.
enum Look {
    Found(Status),
    Missing,
    /// There are too many statuses, or nothing to know the status by.
    InVain,
}

pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    mut at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    if intent.restored && !at.posted.is_empty() {
        // Only the first part has files.
        at.stage = Stage::Ready;
    }
    match find(cx, to, &at, intent).await {
        Ok(Look::Found(status)) => Ok(Verdict::Found(after(to, at, status))),
        Ok(Look::Missing) => Ok(Verdict::Absent(at)),
        Ok(Look::InVain) => Ok(by_key(cx, at, intent)),
        // The token may not read: then the key alone tells.
        Err(failure) if failure.class == Class::PermissionMissing => Ok(by_key(cx, at, intent)),
        Err(failure) => Err(failure),
    }
}

/// What can be done without having seen the account's statuses.
fn by_key(cx: &Cx<'_>, at: State, intent: &Intent) -> Verdict<State> {
    let is_known = at.limits.as_ref().is_some_and(|limits| limits.remembers_keys);
    let is_remembered = is_known && cx.now().since(intent.at) < KEY_LIFE;
    if is_remembered && !intent.restored { Verdict::Repeat(at) } else { Verdict::Unknowable }
}

/// Looks for the part that was about to be sent, newest status first.
async fn find(cx: &Cx<'_>, to: &Publication, at: &State, intent: &Intent) -> Result<Look, Failure> {
    let files_are_lost = intent.restored && at.posted.is_empty() && at.media.len() != to.media.len();
    if at.text(to).trim().is_empty() && files_are_lost {
        return Ok(Look::InVain);
    }
    let since = intent.at - BEFORE;
    let path = format!("/api/v1/accounts/{}/statuses", account_number(cx));
    let mut oldest = String::new();
    for _ in 0..PAGES_MAX {
        let limit = PAGE.to_string();
        let mut query = vec![("limit", limit.as_str()), ("exclude_reblogs", "true")];
        if !oldest.is_empty() {
            query.push(("max_id", &oldest));
        }
        let answer = send(cx, request(cx, Method::GET, &path, &query)?).await?;
        if !answer.is_success() {
            return Err(classify(&answer, cx.now()));
        }
        let statuses: Vec<Status> = read(&answer)?;
        let Some(last) = statuses.last() else { return Ok(Look::Missing) };
        let is_end = is_before(last, since);
        last.id.clone_into(&mut oldest);
        let found = statuses
            .into_iter()
            .find(|status| !is_before(status, since) && is_it(status, to, at, files_are_lost));
        match found {
            Some(status) => return Ok(Look::Found(status)),
            None if is_end => return Ok(Look::Missing),
            None => {}
        }
    }
    Ok(Look::InVain)
}

/// Whether a status is older than this. One without a readable time may be of any.
fn is_before(status: &Status, since: Timestamp) -> bool {
    Timestamp::parse(&status.created_at).is_ok_and(|at| at < since)
}

/// Whether `status` is the part that is due: the text, the warning, the files, and what it answers.
pub(super) fn is_it(status: &Status, to: &Publication, at: &State, files_are_lost: bool) -> bool {
    let is_first = at.posted.is_empty();
    let has_files = |count: usize| status.media_attachments.len() == count;
    let files = if !is_first {
        has_files(0)
    } else if files_are_lost {
        has_files(to.media.len())
    } else {
        status.media_attachments.iter().map(|file| &file.id).eq(&at.media)
    };
    files
        && !at.posted.contains(&status.id)
        && status.in_reply_to_id.as_ref() == at.posted.last()
        && comparable(&status.spoiler_text)
            == comparable(to.settings.text(fields::SPOILER).unwrap_or_default())
        && comparable(&plain(&status.content)) == comparable(at.text(to))
}
