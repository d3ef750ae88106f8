//! What became of a write whose answer was lost: the record is under our own key, or it is not.

use connector::{Cx, Failure, Intent, Publication, Verdict};
use net::Request;

use super::publish::State;
use super::wire::{POSTS, StoredRecord, StrongRef};
use super::{NAME, errors, tid, xrpc};

/// Looks under the key of the part whose turn it is.
pub(super) async fn reconcile(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    intent: &Intent,
) -> Result<Verdict<State>, Failure> {
    let State::V1(mut progress) = at;
    // Progress that a backup does not hold may have written a record that the state does not hold.
    let Some(part) = progress.waiting().filter(|part| part.record.is_some() || intent.restored) else {
        return Ok(Verdict::Absent(State::V1(progress)));
    };
    let query =
        [("repo", cx.account.platform_user_id.as_str()), ("collection", POSTS), ("rkey", part.rkey.as_str())];
    let url = xrpc::address(xrpc::service(cx), "com.atproto.repo.getRecord", &query)?;
    let answer = cx.send(Request::get(url)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if errors::is_record_missing(&answer) {
        return Ok(Verdict::Absent(State::V1(progress)));
    }
    if !answer.is_success() {
        return Err(errors::of_call(&answer));
    }
    let stored: StoredRecord = xrpc::read(&answer)?;
    // The key is made of the destination's id, so that what is under it was this destination's,
    // whatever moment and text the lost progress gave it.
    let is_ours = part.record.as_ref().is_some_and(|record| stored.stems_from(record))
        || intent.restored && tid::of(to, to.thread.len() + 1).contains(&part.rkey);
    if is_ours {
        let cid = stored.cid.ok_or_else(|| Failure::unreadable(NAME, "no cid", &answer))?;
        return Ok(Verdict::Found(progress.posted(cx, StrongRef { uri: stored.uri, cid })));
    }
    // Another program chose the same key for another post. Ours was refused then, and takes a new
    // key.
    if let Some(rkey) = tid::choose(cx.now(), cx.entropy, 1).pop() {
        progress.rekey(rkey);
    }
    Ok(Verdict::Absent(State::V1(progress)))
}
