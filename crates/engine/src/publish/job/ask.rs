//! Asking the connector: with credentials that last, under a lease that outlives the answer.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::task::Poll;

use connector::{AccountRef, AppCredentials, CommitPermit, Connector, Credentials, Cx, DynNext, DynVerdict};
use connector::{Failure, Hosts, Intent, Internal};
use domain::{Class, Span, Timestamp};
use futures_util::FutureExt as _;
use net::Sent;
use store::StoreError;
use tracing::{Instrument as _, debug_span};

use super::{Job, TOKEN_EXPIRED, Target};
use crate::credentials::{Renewal, Whose};
use crate::publish::load::PostMedia;

/// What a connector is asked.
pub(in crate::publish) enum Ask {
    Step,
    Commit(CommitPermit),
}

/// What came of a call.
pub(super) struct Answered<T> {
    /// `None` when it panicked.
    pub(super) value: Option<T>,
    /// Whether it had to wait for nothing, as for an answer.
    at_once: bool,
}

/// Whether a request may be made.
enum Prepared {
    Yes,
    /// The account's access could not be renewed.
    Refused(Failure),
    /// Another worker has taken over, or the post was deleted.
    LeaseLost,
}
impl Job<'_> {
    /// Asks the connector for its next move, after renewing credentials that are about to end.
    /// `None` when the lease was lost meanwhile.
    pub(in crate::publish) async fn ask(
        &mut self,
        connector: &dyn Connector,
        ask: Ask,
    ) -> Result<Option<Result<DynNext, Failure>>, StoreError> {
        match self.prepare(connector).await? {
            Prepared::Yes => {}
            // Nothing was sent, so a commit is not open.
            Prepared::Refused(refused) => return Ok(Some(Err(refused))),
            Prepared::LeaseLost => return Ok(None),
        }
        let commits = matches!(ask, Ask::Commit(_));
        let state = self.work.state.clone().unwrap_or_default();
        let target = self.target()?;
        let media = PostMedia { files: &self.engine.parts.media, rows: &target.loaded.media };
        let cx = self.cx(target, &media);
        let to = &target.loaded.publication;
        let answer = match ask {
            Ask::Step => connector.step(&cx, to, &state),
            Ask::Commit(permit) => connector.commit(&cx, to, &state, permit.until(self.send_until())),
        };
        let span = if commits { debug_span!("commit") } else { debug_span!("step") };
        let Some(answered) = self.supervise(answer.instrument(span)).await? else { return Ok(None) };
        self.asked_nobody = answered.at_once;
        Ok(Some(answered.value.unwrap_or_else(|| Err(panicked(commits)))))
    }

    /// Asks the connector what became of a commit.
    pub(in crate::publish) async fn ask_look(
        &mut self,
        connector: &dyn Connector,
        intent: &Intent,
    ) -> Result<Option<Result<DynVerdict, Failure>>, StoreError> {
        match self.prepare(connector).await? {
            Prepared::Yes => {}
            Prepared::Refused(refused) => return Ok(Some(Err(refused))),
            Prepared::LeaseLost => return Ok(None),
        }
        let state = self.work.state.clone().unwrap_or_default();
        let target = self.target()?;
        let media = PostMedia { files: &self.engine.parts.media, rows: &target.loaded.media };
        let cx = self.cx(target, &media);
        let answer = connector.reconcile(&cx, &target.loaded.publication, &state, intent);
        let span = debug_span!("reconcile");
        let Some(answered) = self.supervise(answer.instrument(span)).await? else { return Ok(None) };
        Ok(Some(answered.value.unwrap_or_else(|| Err(panicked(false)))))
    }

    /// Makes sure that the credentials and the lease outlive the next request.
    async fn prepare(&mut self, connector: &dyn Connector) -> Result<Prepared, StoreError> {
        let now = self.now();
        let held = &self.target()?.held.credentials;
        if held.is_renewable() && held.is_stale(now, connector.spec().refresh_margin) {
            match self.renew(connector).await? {
                Some(Ok(())) => {}
                Some(Err(failure)) if held_is_dead(&self.target()?.held.credentials, now) => {
                    return Ok(Prepared::Refused(Failure { sent: Sent::No, ..failure }));
                }
                // The old token is still good for a while: the next publish tries again.
                Some(Err(failure)) => log(&failure),
                None => {
                    let failure = Failure::before_sending(Class::TokenExpired, TOKEN_EXPIRED);
                    return Ok(Prepared::Refused(failure));
                }
            }
        }
        // Some time is left for what a connector does before it sends.
        if self.send_until() < self.now() + Span::from_micros(self.request_limit().as_micros() / 2)
            && !self.write(self.extended(), None).await?
        {
            return Ok(Prepared::LeaseLost);
        }
        Ok(Prepared::Yes)
    }

    fn request_limit(&self) -> Span {
        Span::from_micros(i64::try_from(self.engine.parts.http.timeout().as_micros()).unwrap_or(i64::MAX))
    }

    /// The last moment at which a request may leave: it has to be over before a successor looks.
    fn send_until(&self) -> Timestamp {
        self.lease_until + Span::from_micros(-self.request_limit().as_micros())
    }

    /// Renews the credentials after the platform refused them; `None` when they cannot be renewed,
    /// which is recorded.
    pub(in crate::publish) async fn renew_once(
        &mut self,
        connector: &dyn Connector,
    ) -> Result<Option<Result<(), Failure>>, StoreError> {
        let target = self.target()?;
        if target.renewed || !target.held.credentials.is_renewable() {
            let version = target.held.version;
            let reason = format!("{} refused the account's access.", connector.spec().display_name);
            let name = target.loaded.account_row.display_name.clone();
            let platform = target.loaded.account_row.platform.clone();
            let whose = Whose {
                organization: self.lease.organization_id,
                account: target.loaded.account.id,
                platform: &platform,
                account_name: &name,
            };
            self.engine.note_needs_reconnection(whose, version, &reason).await?;
            return Ok(None);
        }
        let renewed = self.renew(connector).await?;
        if matches!(renewed, Some(Ok(())))
            && let Some(target) = &mut self.target
        {
            target.renewed = true;
        }
        Ok(renewed)
    }

    async fn renew(&mut self, connector: &dyn Connector) -> Result<Option<Result<(), Failure>>, StoreError> {
        let target = self.target()?;
        let media = PostMedia { files: &self.engine.parts.media, rows: &target.loaded.media };
        let cx = self.cx(target, &media);
        let whose = Whose {
            organization: self.lease.organization_id,
            account: target.loaded.account.id,
            platform: &target.loaded.account_row.platform,
            account_name: &target.loaded.account_row.display_name,
        };
        let renewing = self.engine.renew(connector.auth(), &cx, whose, &target.held);
        let renewal = renewing.instrument(debug_span!("renew")).await?;
        Ok(match renewal {
            Renewal::Renewed(held) => {
                if let Some(target) = &mut self.target {
                    target.held = held;
                }
                Some(Ok(()))
            }
            Renewal::Failed(failure) => Some(Err(failure)),
            Renewal::NeedsReconnection => None,
        })
    }

    /// Waits for a call and keeps the lease alive meanwhile. `None`: the lease is lost, and the
    /// call was dropped.
    pub(super) async fn supervise<T>(
        &self,
        call: impl Future<Output = T> + Send,
    ) -> Result<Option<Answered<T>>, StoreError> {
        let half = Span::from_micros(self.engine.config.lease.as_micros() / 2);
        let call = AssertUnwindSafe(call).catch_unwind();
        tokio::pin!(call);
        if let Poll::Ready(outcome) = poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx))).await {
            return Ok(Some(Answered { value: outcome.ok(), at_once: true }));
        }
        let clock = &self.engine.parts.clock;
        let mut extend_at = self.now() + half;
        loop {
            let going_out = self.going_out.due();
            tokio::select! {
                outcome = &mut call => return Ok(Some(Answered { value: outcome.ok(), at_once: false })),
                () = clock.sleep_until(going_out.unwrap_or(extend_at)), if going_out.is_some() => {
                    self.say_going_out().await;
                }
                () = clock.sleep_until(extend_at) => {
                    if !self.record(self.extended(), None).await? {
                        return Ok(None);
                    }
                    extend_at = self.now() + half;
                }
            }
        }
    }

    fn cx<'a>(&'a self, target: &'a Target, media: &'a PostMedia<'a>) -> Cx<'a> {
        let parts = &self.engine.parts;
        let hosts: &Hosts = &target.platform.hosts;
        let app: &AppCredentials = &target.platform.app;
        let credentials: &Credentials = &target.held.credentials;
        let account: &AccountRef = &target.loaded.account;
        Cx {
            http: &parts.http,
            guarded: &parts.guarded,
            clock: parts.clock.as_ref(),
            entropy: parts.entropy.as_ref(),
            hosts,
            account,
            credentials,
            app,
            media,
            limits: &target.watch,
        }
    }
}

/// Logs a failure with what the platform said; the one place that shows it.
pub(in crate::publish) fn log(failure: &Failure) {
    tracing::warn!(
        class = ?failure.class,
        sent = ?failure.sent,
        answer = failure.internal.for_log(),
        "{}", failure.public
    );
}

fn held_is_dead(credentials: &Credentials, now: Timestamp) -> bool {
    credentials.is_stale(now, Span::ZERO)
}

/// A connector that panics has a bug; what it may have sent by then is unknown.
fn panicked(commits: bool) -> Failure {
    let (class, sent) = if commits { (Class::Ambiguous, Sent::Maybe) } else { (Class::Transient, Sent::No) };
    Failure {
        sent,
        internal: Internal::new("the connector panicked"),
        ..Failure::before_sending(class, "Something went wrong on our side.")
    }
}
