//! One claimed destination from the claim to where it rests. Whether a request went out is looked up in `look`.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use connector::{CommitPermit, Connector, DynNext, Failure, StartCx};
use domain::causes::with_causes;
use domain::{FailureCode, Span};
use net::Sent;
use serde_json::{Value, json};
use store::{Claim, Finish, Outcome, StoreError, Target};
use tokio::sync::watch;
use tracing::Instrument as _;

use super::decide::{Decision, During, decide};
use super::figures;
use super::job::{Ask, Fitting, Flow, Job, log};
use super::load::MEDIA_GONE;
use super::look::{look, refused_again, unseen};
use crate::Engine;
use crate::limits::Watch;

/// How long a destination waits when this server itself had a fault.
const AFTER_OWN_FAULT: Span = Span::from_seconds(5);

/// What a destination is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Step,
    Commit,
    Look,
}

impl Engine {
    /// Takes a claimed destination to where it rests. Never fails: what goes wrong is written to the
    /// destination, or is taken up again when the lease ends.
    pub async fn run_claim(self, claim: Claim, stopping: watch::Receiver<bool>) {
        self.run_target(claim, None, stopping).await;
    }

    /// As [`Engine::run_claim`], with the rows that were read for it already. Tells whether the destination
    /// is at its end: otherwise it may be due again at once.
    pub(super) async fn run_target(
        self,
        claim: Claim,
        target: Option<Target>,
        stopping: watch::Receiver<bool>,
    ) -> bool {
        let is_over = AtomicBool::new(false);
        let span = tracing::info_span!(
            "publish",
            destination.id = %claim.lease.destination_id,
            post.id = %claim.lease.post_id,
            platform = %claim.lease.platform,
            attempt = claim.work.attempts,
        );
        figures::note_claim(&span, &claim, self.parts.clock.now());
        let lateness_ms = self.parts.clock.now().since(claim.scheduled_for).as_millis();
        tracing::debug!(parent: &span, lateness_ms, "claimed");
        let work = async {
            if let Err(error) = self.publish(claim, target, stopping, &is_over).await {
                tracing::error!(error = %with_causes(&error), "publishing stopped; it goes on when the lease ends");
            }
        };
        work.instrument(span).await;
        is_over.into_inner()
    }

    async fn publish(
        &self,
        claim: Claim,
        target: Option<Target>,
        stopping: watch::Receiver<bool>,
        is_over: &AtomicBool,
    ) -> Result<(), StoreError> {
        let open_intent = claim.work.intent.is_some();
        let loading = self.load(&claim, target).instrument(tracing::debug_span!("load"));
        let mut loaded = match loading.await {
            Ok(Some(loaded)) => loaded,
            Ok(None) => {
                let mut job = Job::bare(self, claim, is_over);
                return job.fail(FailureCode::AccountInactive, "The account was disconnected.").await;
            }
            Err(error) => {
                tracing::error!(error = %with_causes(&error), "a due destination cannot be read");
                let mut job = Job::bare(self, claim, is_over);
                let run_at = self.parts.clock.now() + AFTER_OWN_FAULT.times(12);
                return job.write(Outcome::Park { run_at }, None).await.map(|_| ());
            }
        };
        let mut job = Job::bare(self, claim, is_over);
        if !loaded.health(self.parts.clock.now()).can_post() {
            return job.refuse_unhealthy(&loaded).await;
        }
        let platform = loaded.account_row.platform.clone();
        let Some(connector) = self.parts.registry.connector(&platform) else {
            let text = format!("This server has no connector for {platform}.");
            return job.fail(FailureCode::PlatformUnavailable, &text).await;
        };
        let Some(held) = loaded.held.take() else {
            return job.fail(FailureCode::TokenExpired, TOKEN_EXPIRED).await;
        };
        if loaded.lacks_media && !open_intent {
            // Without it, the post would not be the one that its author meant.
            return job.fail(FailureCode::MediaFailed, MEDIA_GONE).await;
        }
        let app = self.config.platforms.get(&platform).map(|config| config.app.client_id.clone());
        let whose = (job.lease.organization_id, loaded.account.id);
        let last = loaded.last_published_at;
        let watch = Watch::new(self.clone(), connector.spec(), app.unwrap_or_default(), whose, last);
        job.attach(loaded, held, stopping, watch);
        if job.work.state.is_none() {
            match Box::pin(job.fit(connector.spec())).await? {
                Fitting::Done => {}
                Fitting::LeaseLost => return Ok(()),
                Fitting::Refused(failure) => {
                    return after_failure(&mut job, &*connector, failure, During::Step).await.map(|_| ());
                }
            }
            let cx = StartCx { now: self.parts.clock.now(), entropy: self.parts.entropy.as_ref() };
            let publication = job.publication()?;
            job.work.state = Some(connector.start(cx, publication));
        }
        if open_intent {
            // Looking publishes nothing, and what is unknown is not left so for a limit's sake.
            return drive(job, connector, Phase::Look).await;
        }
        let parts = u32::try_from(job.publication()?.thread.len()).unwrap_or(u32::MAX).saturating_add(1);
        if let Some(refused) = job.watch()?.refuses_start(parts).await? {
            return after_failure(&mut job, &*connector, refused, During::Step).await.map(|_| ());
        }
        let _slot = match job.watch()?.take_slot().await? {
            Ok(slot) => slot,
            Err(refused) => {
                return after_failure(&mut job, &*connector, refused, During::Step).await.map(|_| ());
            }
        };
        drive(job, connector, Phase::Step).await
    }
}

pub(super) const TOKEN_EXPIRED: &str = "The account's access has expired; connect it again.";

async fn drive(mut job: Job<'_>, connector: Arc<dyn Connector>, mut phase: Phase) -> Result<(), StoreError> {
    loop {
        if job.must_stop() && phase != Phase::Commit {
            let run_at = job.now();
            return job.write(Outcome::Park { run_at }, None).await.map(|_| ());
        }
        let flow = match phase {
            Phase::Step => step(&mut job, &*connector).await?,
            Phase::Commit => commit(&mut job, &*connector).await?,
            Phase::Look => look(&mut job, &*connector).await?,
        };
        phase = match flow {
            Flow::Step => Phase::Step,
            Flow::Commit => Phase::Commit,
            Flow::Look => Phase::Look,
            Flow::Rest => return Ok(()),
        };
    }
}

async fn step(job: &mut Job<'_>, connector: &dyn Connector) -> Result<Flow, StoreError> {
    match job.ask(connector, Ask::Step).await? {
        None => Ok(Flow::Rest),
        // What cost no request is as soon done again, and need not survive a crash.
        Some(Ok(DynNext::Go(state))) if job.asked_nobody => {
            job.work.state = Some(state);
            Ok(Flow::Step)
        }
        Some(Ok(next)) => advance(job, connector, next).await,
        Some(Err(failure)) => after_failure(job, connector, failure, During::Step).await,
    }
}

async fn commit(job: &mut Job<'_>, connector: &dyn Connector) -> Result<Flow, StoreError> {
    #[expect(clippy::disallowed_methods, reason = "the one place that mints: the intent is durable")]
    let permit = CommitPermit::mint(job.repeats);
    let answer = job.ask(connector, Ask::Commit(permit)).await?;
    job.end_commit();
    match answer {
        None => Ok(Flow::Rest),
        Some(Ok(next)) => {
            job.close_intent();
            job.work.first_sent_at = None;
            advance(job, connector, next).await
        }
        Some(Err(failure)) => after_failure(job, connector, failure, During::Commit).await,
    }
}

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

async fn after_failure(
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
        Decision::Fail(code, error) if job.may_be_live() => {
            refused_again(job, connector, Finish::Failed { code, error }, detail).await
        }
        Decision::Fail(code, error) => refused(job, Finish::Failed { code, error }, detail).await,
    }
}

pub(super) async fn refused(job: &mut Job<'_>, failed: Finish, detail: Value) -> Result<Flow, StoreError> {
    if let Finish::Failed { code, error } = &failed {
        tracing::warn!(code = code.as_str(), error, "failed");
    }
    job.rest(Outcome::Finish(failed), "failed", detail).await
}

/// The platform refused the token: once per claim the credentials are renewed and the same is done
/// again; after that, the owner has to act.
async fn renew(job: &mut Job<'_>, connector: &dyn Connector, during: During) -> Result<Flow, StoreError> {
    match job.renew_once(connector).await? {
        None if job.may_be_live() => unseen(job).await,
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
