//! A claimed destination in the hands of this worker: its lease, its progress, and how it is
//! written down.

use std::fmt::Write as _;
use std::panic::AssertUnwindSafe;

use connector::{AccountRef, AppCredentials, CommitPermit, Connector, Credentials, Cx, DynNext, DynVerdict};
use connector::{Failure, Hosts, Intent, Internal, Publication};
use domain::retry::RetryPolicy;
use domain::{Class, EventId, FailureCode, PlatformName, Span, Timestamp};
use futures_util::FutureExt as _;
use net::Sent;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Claim, Finish, JournalEntry, Lease, Outcome, StoreError, Work};
use tokio::sync::watch;
use tracing::{Instrument as _, debug_span};

use super::chain;
use super::figures;
use super::load::{Loaded, PostMedia};
use super::run::TOKEN_EXPIRED;
use crate::credentials::{Held, Renewal, Whose};
use crate::limits::{UnderWay, Watch};
use crate::{Engine, PlatformConfig};

/// Said when nothing can be looked up any more.
pub(super) const ENDED_UNSEEN: &str = "The platform did not answer, and the account's access ended before it \
    could be looked up. Look at the account, then connect it again.";

/// How long until a write is tried again that the database failed to do.
const WRITE_AGAIN: Span = Span::from_millis(250);

/// What comes after a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next step.
    Step,
    /// The commit: its intent is durable.
    Commit,
    /// A look at what became of a commit.
    Look,
    /// Nothing: it is written where it rests, or the lease is another's.
    Rest,
}

/// What a connector is asked.
pub(super) enum Ask {
    Step,
    Commit(CommitPermit),
}

/// Whether a request may be made.
enum Prepared {
    Yes,
    /// The account's access could not be renewed.
    Refused(Failure),
    /// Another worker has taken over, or the post was deleted.
    LeaseLost,
}

/// A claimed destination and the account that it goes to.
pub(super) struct Job<'e> {
    engine: &'e Engine,
    pub(super) lease: Lease,
    pub(super) work: Work,
    /// Whether the commit that is due was sent before.
    pub(super) repeats: bool,
    pub(super) platform: PlatformName,
    pub(super) scheduled_for: Timestamp,
    lease_until: Timestamp,
    target: Option<Target>,
    /// While a commit is on its way.
    under_way: Option<UnderWay>,
}

/// What is known once the rows are read.
struct Target {
    loaded: Loaded,
    held: Held,
    platform: PlatformConfig,
    renewed: bool,
    stopping: watch::Receiver<bool>,
    watch: Watch,
}

impl<'e> Job<'e> {
    pub(super) fn bare(engine: &'e Engine, claim: Claim) -> Self {
        Self {
            lease_until: claim.lease_until,
            engine,
            lease: claim.lease,
            repeats: claim.work.first_sent_at.is_some(),
            work: claim.work,
            platform: claim.platform,
            scheduled_for: claim.scheduled_for,
            target: None,
            under_way: None,
        }
    }

    pub(super) fn attach(
        &mut self,
        loaded: Loaded,
        held: Held,
        stopping: watch::Receiver<bool>,
        watch: Watch,
    ) {
        let platform =
            self.engine.config.platforms.get(&loaded.account_row.platform).cloned().unwrap_or_default();
        self.target = Some(Target { loaded, held, platform, renewed: false, stopping, watch });
    }

    /// The limits of the account and the app.
    pub(super) fn watch(&self) -> Result<&Watch, StoreError> {
        Ok(&self.target()?.watch)
    }

    /// Counts a commit as under way, or says why none may be sent now.
    pub(super) fn begin_commit(&mut self) -> Result<Option<Failure>, StoreError> {
        let watch = self.watch()?;
        if let Some(refused) = watch.refuses_commit() {
            return Ok(Some(refused));
        }
        self.under_way = Some(watch.begin_commit());
        Ok(None)
    }

    /// The commit was answered, or never will be.
    pub(super) fn end_commit(&mut self) {
        self.under_way = None;
    }

    pub(super) fn now(&self) -> Timestamp {
        self.engine.parts.clock.now()
    }

    pub(super) fn must_stop(&self) -> bool {
        self.target.as_ref().is_some_and(|target| *target.stopping.borrow())
    }

    pub(super) fn publication(&self) -> Result<&Publication, StoreError> {
        Ok(&self.target()?.loaded.publication)
    }

    pub(super) fn settle(&self, connector: &dyn Connector) -> Span {
        self.engine.config.settle.unwrap_or(connector.spec().settle)
    }

    pub(super) fn with_policy<T>(&self, decide: impl FnOnce(&RetryPolicy, &Work, Timestamp, f64) -> T) -> T {
        let jitter = self.engine.parts.entropy.share();
        decide(&self.engine.config.retry, &self.work, self.scheduled_for, jitter)
    }

    /// Asks the connector for its next move, after renewing credentials that are about to end.
    /// `None` when the lease was lost meanwhile.
    pub(super) async fn ask(
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
        Ok(Some(answered.unwrap_or_else(|| Err(panicked(commits)))))
    }

    /// Asks the connector what became of a commit.
    pub(super) async fn ask_look(
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
        Ok(Some(answered.unwrap_or_else(|| Err(panicked(false)))))
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
    pub(super) async fn renew_once(
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
    /// call was dropped. `Some(None)`: the call panicked.
    async fn supervise<T>(
        &self,
        call: impl Future<Output = T> + Send,
    ) -> Result<Option<Option<T>>, StoreError> {
        let half = Span::from_micros(self.engine.config.lease.as_micros() / 2);
        let call = AssertUnwindSafe(call).catch_unwind();
        tokio::pin!(call);
        loop {
            tokio::select! {
                outcome = &mut call => return Ok(Some(outcome.ok())),
                () = self.engine.parts.clock.sleep_until(self.now() + half) => {
                    if !self.record(self.extended(), None).await? {
                        return Ok(None);
                    }
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

    fn target(&self) -> Result<&Target, StoreError> {
        self.target.as_ref().ok_or(StoreError::Corrupt {
            table: "destinations",
            column: "account_id",
            id: self.lease.destination_id.to_string(),
            reason: "its account was not loaded".to_owned(),
        })
    }

    /// Opens the intent of a request again that was sent before, to look at what became of it.
    pub(super) fn reopen_intent(&mut self) -> Result<(), StoreError> {
        if self.work.intent.is_none()
            && let Some(at) = self.work.first_sent_at
        {
            let fingerprint = self.fingerprint()?;
            let intent = Intent { attempt: self.work.attempts, at, fingerprint, restored: false };
            self.work.intent = serde_json::to_string(&intent).ok();
        }
        Ok(())
    }

    pub(super) fn intent(&self) -> Result<Intent, StoreError> {
        let text = self.work.intent.as_deref().unwrap_or_default();
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
            table: "destinations",
            column: "intent",
            id: self.lease.destination_id.to_string(),
            reason: error.to_string(),
        })
    }

    /// Records that a commit is about to be sent. It may be sent only if this says so.
    pub(super) async fn open_intent(&mut self) -> Result<Flow, StoreError> {
        let now = self.now();
        self.repeats = self.work.first_sent_at.is_some();
        let at = *self.work.first_sent_at.get_or_insert(now);
        let intent =
            Intent { attempt: self.work.attempts, at, fingerprint: self.fingerprint()?, restored: false };
        let detail = json!({ "fingerprint": intent.fingerprint });
        self.work.intent = serde_json::to_string(&intent).ok();
        self.work.unknown_since = None;
        self.work.looks = 0;
        #[cfg(feature = "planted-bugs")]
        if store::is_planted(store::PlantedBug::NoIntent) {
            return Ok(Flow::Commit);
        }
        self.keep(Flow::Commit, Some(("intent", detail))).await
    }

    pub(super) fn has_tries_left(&self) -> bool {
        self.engine.config.retry.pause_after(self.work.tries, 0.0).is_some()
    }

    pub(super) fn close_intent(&mut self) {
        self.work.intent = None;
        self.work.unknown_since = None;
        self.work.looks = 0;
    }

    fn fingerprint(&self) -> Result<String, StoreError> {
        let to = self.publication()?;
        let mut hash = Sha256::new();
        hash.update(to.text.as_bytes());
        for part in &to.thread {
            hash.update([0]);
            hash.update(part.as_bytes());
        }
        hash.update(self.work.state.as_deref().unwrap_or_default().as_bytes());
        let mut text = String::with_capacity(32);
        for byte in hash.finalize().iter().take(16) {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }

    /// Writes the progress and goes on, if the lease is still this worker's.
    pub(super) async fn keep(
        &mut self,
        flow: Flow,
        journal: Option<(&'static str, Value)>,
    ) -> Result<Flow, StoreError> {
        let written = self.write(self.continued(), journal).await?;
        Ok(if written { flow } else { Flow::Rest })
    }

    /// Writes where the destination rests.
    pub(super) async fn rest(
        &mut self,
        outcome: Outcome,
        kind: &'static str,
        detail: Value,
    ) -> Result<Flow, StoreError> {
        if let Some(target) = &self.target {
            target.watch.flush().await?;
        }
        self.write(outcome, Some((kind, detail))).await?;
        Ok(Flow::Rest)
    }

    /// Whether a request was sent of which nobody knows what became.
    pub(super) fn may_be_live(&self) -> bool {
        self.work.intent.is_some() || self.work.first_sent_at.is_some()
    }

    /// Ends the destination with a reason, without a look at the platform. A commit that may have
    /// gone out before stays unknown.
    pub(super) async fn fail(&mut self, code: FailureCode, error: &str) -> Result<(), StoreError> {
        let (code, error) =
            if self.may_be_live() { (FailureCode::OutcomeUnknown, ENDED_UNSEEN) } else { (code, error) };
        tracing::warn!(code = code.as_str(), error, "failed");
        let finish = Finish::Failed { code, error: error.to_owned() };
        self.rest(Outcome::Finish(finish), "failed", json!({ "message": error })).await.map(|_| ())
    }

    /// The account cannot post.
    pub(super) async fn refuse_unhealthy(&mut self, loaded: &Loaded) -> Result<(), StoreError> {
        if loaded.account_row.is_active {
            self.fail(FailureCode::TokenExpired, TOKEN_EXPIRED).await
        } else {
            self.fail(FailureCode::AccountInactive, "The account is switched off; connect it again.").await
        }
    }

    pub(super) async fn write(
        &mut self,
        outcome: Outcome,
        journal: Option<(&'static str, Value)>,
    ) -> Result<bool, StoreError> {
        if let Outcome::Continue { lease_until } = &outcome {
            self.lease_until = *lease_until;
        }
        let journal = journal.map(|(kind, detail)| JournalEntry { kind, detail });
        let end = figures::end_of(&outcome);
        let written = self.record(outcome, journal).await?;
        figures::note_end(self, end.filter(|_| written));
        if !written {
            tracing::info!("the lease is another's, or the post was deleted; nothing was sent");
        }
        Ok(written)
    }

    /// Writes a note, again and again while the database fails and the lease lasts: what is known
    /// of a request that was sent must not be lost to a restart of the database. A note that was
    /// written although the database reported a failure changes nothing when it comes again.
    async fn record(&self, outcome: Outcome, journal: Option<JournalEntry>) -> Result<bool, StoreError> {
        let entropy = &self.engine.parts.entropy;
        let store = &self.engine.parts.store;
        let (now, ids) = (self.now(), [EventId(entropy.uuid(self.now())), EventId(entropy.uuid(self.now()))]);
        loop {
            let (outcome, journal) = (outcome.clone(), journal.clone());
            let recording = store.record(self.lease.clone(), self.work.clone(), outcome, journal, ids, now);
            match recording.instrument(debug_span!("record")).await {
                Err(error) if error.may_pass() && self.now() + WRITE_AGAIN < self.lease_until => {
                    tracing::warn!(error = %chain(&error), "a write failed; trying again");
                    self.engine.parts.clock.sleep_until(self.now() + WRITE_AGAIN).await;
                }
                Err(error) => return Err(error),
                Ok(written) => {
                    figures::note_record(written);
                    return Ok(written);
                }
            }
        }
    }

    fn extended(&self) -> Outcome {
        Outcome::Continue { lease_until: self.now() + self.engine.config.lease }
    }

    /// Goes on under the lease as it is while most of it is left: a new end costs an index write.
    fn continued(&self) -> Outcome {
        let most = Span::from_micros(self.engine.config.lease.as_micros() / 3 * 2);
        if self.now() + most <= self.lease_until {
            return Outcome::Continue { lease_until: self.lease_until };
        }
        self.extended()
    }
}

/// Logs a failure with what the platform said; the one place that shows it.
pub(super) fn log(failure: &Failure) {
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
