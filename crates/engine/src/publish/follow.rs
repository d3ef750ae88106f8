//! What follows from what a connector answers: the next piece of work, a rest, or an end.

use connector::{Connector, DynNext, Failure};
use domain::FailureCode;
use net::Sent;
use serde_json::json;
use store::{Finish, Outcome, StoreError};

use super::decide::{Decision, During, decide};
use super::figures;
use super::job::{ENDED_UNSEEN, Flow, Job, Refusal, TOKEN_EXPIRED, log};

/// Goes to what a step, a commit or a look-up says comes next. What is public stays recorded even
/// if the next line of code never runs.
pub(super) async fn advance(
    job: &mut Job<'_>,
    connector: &dyn Connector,
    next: DynNext,
) -> Result<Flow, StoreError> {
    match next {
        DynNext::Go(state) => {
            job.work.state = Some(state);
            job.keep(Flow::Step, None).await
        }
        DynNext::Wait(state, until) => {
            job.work.state = Some(state);
            job.rest(Outcome::Park { run_at: until }, "wait", json!({ "until": until.to_iso_millis() })).await
        }
        DynNext::Commit(state) => {
            job.work.state = Some(state);
            if let Some(refused) = job.begin_commit()? {
                return Box::pin(after_failure(job, connector, refused, During::Step)).await;
            }
            job.open_intent().await
        }
        DynNext::Published(receipt) => {
            let detail = json!({ "id": receipt.platform_post_id, "url": receipt.platform_post_url });
            let mut warnings = job.notes();
            warnings.extend(receipt.warnings);
            let finish = Finish::Published {
                platform_post_id: receipt.platform_post_id,
                platform_post_url: receipt.platform_post_url,
                warnings,
            };
            tracing::info!(url = detail["url"].as_str(), "published");
            job.rest(Outcome::Finish(finish), "published", detail).await
        }
    }
}

pub(super) async fn after_failure(
    job: &mut Job<'_>,
    connector: &dyn Connector,
    failure: Failure,
    during: During,
) -> Result<Flow, StoreError> {
    if failure.died {
        return Ok(Flow::Rest);
    }
    log(&failure);
    let now = job.now();
    let decision = job.with_policy(|policy, work, scheduled_for, jitter| {
        decide(&failure, during, work, policy, scheduled_for, now, jitter)
    });
    figures::note_failure(job, &decision, &failure.class);
    let class = figures::name(&failure.class);
    let detail = json!({ "message": failure.public, "platform": failure.internal.for_log(), "class": class });
    if decision != Decision::LookUp {
        // The answer is proof that this request did nothing; an earlier one may still have.
        job.close_intent();
        if during == During::Commit && !job.repeats {
            job.work.first_sent_at = None;
        }
    }
    match decision {
        Decision::LookUp => {
            job.work.unknown_since = Some(now);
            job.work.looks = 0;
            job.keep(Flow::Look, Some(("unknown", detail))).await
        }
        Decision::Renew => renew(job, connector, during).await,
        Decision::Retry(run_at) => {
            job.rest(Outcome::Requeue { run_at, error: failure.public }, "retry", detail).await
        }
        Decision::WaitUntil(run_at) => {
            // Waiting for the platform's own time is no attempt.
            job.work.attempts = job.work.attempts.saturating_sub(1);
            job.work.tries = job.work.tries.saturating_sub(1);
            job.watch()?.rest(run_at, &failure.public);
            let goes = if failure.sent == Sent::No { "goes out" } else { "is tried again" };
            let error = format!("{} It {goes} at {run_at}.", failure.public);
            job.rest(Outcome::Requeue { run_at, error }, "limited", detail).await
        }
        Decision::Fail(code, error) => {
            let refusal = Refusal { code, error, detail };
            if job.may_be_live() { Ok(Flow::LookBefore(refusal)) } else { refused(job, refusal).await }
        }
    }
}

/// The platform refused it for good.
pub(super) async fn refused(job: &mut Job<'_>, refusal: Refusal) -> Result<Flow, StoreError> {
    let Refusal { code, error, detail } = refusal;
    tracing::warn!(code = code.as_str(), error, "failed");
    job.rest(Outcome::Finish(Finish::Failed { code, error }), "failed", detail).await
}

/// The platform refused the token: once per claim the credentials are renewed and the same is done
/// again; after that, the owner has to act.
async fn renew(job: &mut Job<'_>, connector: &dyn Connector, during: During) -> Result<Flow, StoreError> {
    match job.renew_once(connector).await? {
        None if job.may_be_live() => {
            job.fail(FailureCode::OutcomeUnknown, ENDED_UNSEEN).await?;
            Ok(Flow::Rest)
        }
        None => {
            let finish = Finish::Failed { code: FailureCode::TokenExpired, error: TOKEN_EXPIRED.to_owned() };
            job.rest(Outcome::Finish(finish), "failed", json!({ "message": TOKEN_EXPIRED })).await
        }
        Some(Ok(())) => match during {
            During::Step => Ok(Flow::Step),
            During::Commit => job.open_intent().await,
        },
        Some(Err(failure)) => Box::pin(after_failure(job, connector, failure, During::Step)).await,
    }
}
