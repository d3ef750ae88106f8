//! Whether a request of unknown outcome went out: the platform is asked before anything is sent again.

use connector::{Connector, DynNext, Failure, Intent, Verdict};
use domain::{Class, FailureCode, Span, Timestamp};
use serde_json::json;
use store::{Finish, Outcome, StoreError};

use super::figures;
use super::follow::{advance, refused};
use super::job::{Flow, Job, Refusal, log};

/// How soon after a first look in vain the next one comes, where the settle time is over already.
const SECOND_LOOK: Span = Span::from_millis(500);
/// How long looking is tried while the platform does not answer.
const KEEP_LOOKING_FOR: Span = Span::from_hours(24);
/// How long until a look that failed is repeated.
const LOOK_AGAIN: Span = Span::from_seconds(15);

pub(super) async fn look(job: &mut Job<'_>, connector: &dyn Connector) -> Result<Flow, StoreError> {
    #[cfg(feature = "planted-bugs")]
    if store::is_planted(store::PlantedBug::NoReconcile) {
        let state = job.work.state.clone().unwrap_or_default();
        return send_again(job, state).await;
    }
    let intent = job.intent()?;
    if intent.restored && !connector.looks_up_after_restore() {
        return unknown(job).await;
    }
    // After a crash the request may still be on its way: what is unknown is so from now on.
    let now = job.now();
    let since = *job.work.unknown_since.get_or_insert(now);
    let Some(outcome) = job.ask_look(connector, &intent).await? else { return Ok(Flow::Rest) };
    let settled = since + job.settle(connector);
    figures::note_verdict(job, &outcome);
    match outcome {
        Ok(Verdict::Found(next)) => found(job, connector, next, &intent).await,
        Ok(Verdict::Absent(state)) => {
            job.work.looks += 1;
            let now = job.now();
            if job.work.looks >= 2 && now >= settled {
                return send_again(job, state).await;
            }
            let run_at = settled.max(now + SECOND_LOOK);
            job.rest(Outcome::Park { run_at }, "look", json!({ "found": false })).await
        }
        Ok(Verdict::Repeat(state)) => {
            if job.now() >= settled {
                if !job.has_tries_left() {
                    return unknown(job).await;
                }
                return send_again(job, state).await;
            }
            job.rest(
                Outcome::Park { run_at: settled },
                "look",
                json!({ "repeats_at": settled.to_iso_millis() }),
            )
            .await
        }
        Ok(Verdict::Unknowable) => unknown(job).await,
        Err(failure) => look_failed(job, connector, failure, since).await,
    }
}

/// It is not there: the commit is done again, as a new attempt.
async fn send_again(job: &mut Job<'_>, state: String) -> Result<Flow, StoreError> {
    job.work.state = Some(state);
    if !job.has_tries_left() {
        return exhausted(job).await;
    }
    job.close_intent();
    job.work.attempts += 1;
    job.work.tries += 1;
    job.keep(Flow::Step, Some(("again", json!({ "attempt": job.work.attempts })))).await
}

/// Every attempt was made. The last look said that it is not there.
async fn exhausted(job: &mut Job<'_>) -> Result<Flow, StoreError> {
    let error = format!(
        "The platform did not answer; {} attempts were made and none went out. Retry it later.",
        job.work.attempts
    );
    let finish = Finish::Failed { code: FailureCode::AttemptsExhausted, error: error.clone() };
    job.close_intent();
    job.rest(Outcome::Finish(finish), "failed", json!({ "message": error })).await
}

async fn unknown(job: &mut Job<'_>) -> Result<Flow, StoreError> {
    let error = if job.intent()?.restored {
        "The server was restored from a backup, and whether the post is live already cannot be found \
         out. Look at the account before you retry it."
    } else {
        "The platform did not answer, and whether the post is live cannot be found out. Look at the \
         account before you retry it."
    };
    let finish = Finish::Failed { code: FailureCode::OutcomeUnknown, error: error.to_owned() };
    tracing::warn!("outcome unknown");
    job.rest(Outcome::Finish(finish), "failed", json!({ "message": error })).await
}

async fn look_failed(
    job: &mut Job<'_>,
    connector: &dyn Connector,
    failure: Failure,
    since: Timestamp,
) -> Result<Flow, StoreError> {
    if failure.died {
        return Ok(Flow::Rest);
    }
    log(&failure);
    if failure.class == Class::TokenExpired {
        return match job.renew_once(connector).await? {
            Some(Ok(())) => Ok(Flow::Look),
            Some(Err(failure)) => look_later(job, &failure).await,
            None => unknown(job).await,
        };
    }
    if job.now() > since + KEEP_LOOKING_FOR {
        return unknown(job).await;
    }
    look_later(job, &failure).await
}

async fn look_later(job: &mut Job<'_>, failure: &Failure) -> Result<Flow, StoreError> {
    let now = job.now();
    let pause = job.with_policy(|policy, _, _, _| policy.pauses.first().copied());
    let soon = now + pause.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN);
    let run_at = failure.retry_at().unwrap_or(soon).max(now + SECOND_LOOK);
    job.rest(Outcome::Park { run_at }, "look", json!({ "message": failure.public })).await
}

/// The platform refuses for good, but an earlier request for the same may have gone out.
pub(super) async fn look_before(
    job: &mut Job<'_>,
    connector: &dyn Connector,
    refusal: Refusal,
) -> Result<Flow, StoreError> {
    job.reopen_intent()?;
    let intent = job.intent()?;
    let now = job.now();
    let Some(outcome) = job.ask_look(connector, &intent).await? else { return Ok(Flow::Rest) };
    match outcome {
        Ok(Verdict::Found(next)) => found(job, connector, next, &intent).await,
        Ok(Verdict::Absent(_)) => {
            job.close_intent();
            refused(job, refusal).await
        }
        Ok(Verdict::Repeat(_) | Verdict::Unknowable) => unknown(job).await,
        Err(failure) => look_failed(job, connector, failure, now).await,
    }
}

async fn found(
    job: &mut Job<'_>,
    connector: &dyn Connector,
    next: DynNext,
    intent: &Intent,
) -> Result<Flow, StoreError> {
    tracing::info!("found: it did go out");
    if intent.restored
        && let DynNext::Go(state) | DynNext::Wait(state, _) | DynNext::Commit(state) = next
    {
        // What comes after it may have gone out as well.
        job.work.state = Some(state);
        job.work.looks = 0;
        return job.keep(Flow::Look, Some(("found", json!({ "restored": true })))).await;
    }
    job.close_intent();
    job.work.first_sent_at = None;
    advance(job, connector, next).await
}
