//! One claimed destination from the claim to where it rests: what it needs is read and checked, then the
//! connector is asked, piece by piece. What follows from an answer stands in `follow`, and whether a request
//! went out is looked up in `look`.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use connector::{CommitPermit, Connector, DynNext, StartCx};
use domain::causes::with_causes;
use domain::{FailureCode, Span};
use store::{Claim, Outcome, StoreError, Target};
use tokio::sync::watch;
use tracing::Instrument as _;

use super::decide::During;
use super::figures;
use super::follow::{advance, after_failure};
use super::job::{Ask, Fitting, Flow, Job, TOKEN_EXPIRED};
use super::load::MEDIA_GONE;
use super::look::{look, look_before};
use crate::Engine;
use crate::limits::Watch;

/// How long a destination waits when this server itself had a fault.
const AFTER_OWN_FAULT: Span = Span::from_seconds(5);

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
        while job.work.state.is_none() {
            match Box::pin(job.fit(connector.spec())).await? {
                Fitting::Done => {
                    let cx = StartCx { now: self.parts.clock.now(), entropy: self.parts.entropy.as_ref() };
                    let publication = job.publication()?;
                    job.work.state = Some(connector.start(cx, publication));
                }
                Fitting::LeaseLost => return Ok(()),
                Fitting::Refused(failure) => {
                    match after_failure(&mut job, &*connector, failure, During::Step).await? {
                        Flow::Step => {}
                        flow => return drive(job, connector, flow).await,
                    }
                }
            }
        }
        if open_intent {
            // Looking publishes nothing, and what is unknown is not left so for a limit's sake.
            return drive(job, connector, Flow::Look).await;
        }
        let parts = u32::try_from(job.publication()?.thread.len()).unwrap_or(u32::MAX).saturating_add(1);
        if let Some(refused) = job.watch()?.refuses_start(parts).await? {
            let flow = after_failure(&mut job, &*connector, refused, During::Step).await?;
            return drive(job, connector, flow).await;
        }
        let _slot = match job.watch()?.take_slot().await? {
            Ok(slot) => slot,
            Err(refused) => {
                let flow = after_failure(&mut job, &*connector, refused, During::Step).await?;
                return drive(job, connector, flow).await;
            }
        };
        drive(job, connector, Flow::Step).await
    }
}

async fn drive(mut job: Job<'_>, connector: Arc<dyn Connector>, mut flow: Flow) -> Result<(), StoreError> {
    loop {
        if job.must_stop() && matches!(flow, Flow::Step | Flow::Look) {
            let run_at = job.now();
            return job.write(Outcome::Park { run_at }, None).await.map(|_| ());
        }
        flow = match flow {
            Flow::Step => step(&mut job, &*connector).await?,
            Flow::Commit => commit(&mut job, &*connector).await?,
            Flow::Look => look(&mut job, &*connector).await?,
            Flow::LookBefore(refusal) => look_before(&mut job, &*connector, refusal).await?,
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
