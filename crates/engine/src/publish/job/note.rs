//! Writing a destination's progress and its end, as long as the lease lasts.

use std::sync::atomic::Ordering;

use domain::causes::with_causes;
use domain::{EventId, FailureCode, Span};
use serde_json::{Value, json};
use store::{Finish, JournalEntry, Outcome, StoreError};
use tracing::{Instrument as _, debug_span};

use super::{Flow, Job};
use crate::publish::figures;
use crate::publish::load::Loaded;

/// Said when the owner has to act.
pub(in crate::publish) const TOKEN_EXPIRED: &str = "The account's access has expired; connect it again.";
/// Said when nothing can be looked up any more.
pub(in crate::publish) const ENDED_UNSEEN: &str = "The platform did not answer, and the account's access ended before it \
    could be looked up. Look at the account, then connect it again.";

/// How long until a write is tried again that the database failed to do.
const WRITE_AGAIN: Span = Span::from_millis(250);

impl Job<'_> {
    /// Writes the progress and goes on, if the lease is still this worker's.
    pub(in crate::publish) async fn keep(
        &mut self,
        flow: Flow,
        journal: Option<(&'static str, Value)>,
    ) -> Result<Flow, StoreError> {
        let written = self.write(self.continued(), journal).await?;
        Ok(if written { flow } else { Flow::Rest })
    }

    /// Writes where the destination rests.
    pub(in crate::publish) async fn rest(
        &mut self,
        outcome: Outcome,
        kind: &'static str,
        mut detail: Value,
    ) -> Result<Flow, StoreError> {
        match &outcome {
            Outcome::Park { run_at } | Outcome::Requeue { run_at, .. } => {
                detail["until"] = json!(run_at.to_iso_millis());
            }
            Outcome::Finish(Finish::Failed { code, .. }) => detail["code"] = json!(code.as_str()),
            Outcome::Keep | Outcome::Continue { .. } | Outcome::Finish(Finish::Published { .. }) => {}
        }
        if matches!(outcome, Outcome::Park { .. }) {
            self.say_going_out().await;
        }
        if let Some(target) = &self.target {
            target.watch.flush().await?;
        }
        self.write(outcome, Some((kind, detail))).await?;
        Ok(Flow::Rest)
    }

    /// Ends the destination with a reason, without a look at the platform. A commit that may have
    /// gone out before stays unknown.
    pub(in crate::publish) async fn fail(
        &mut self,
        code: FailureCode,
        error: &str,
    ) -> Result<(), StoreError> {
        let (code, error) =
            if self.may_be_live() { (FailureCode::OutcomeUnknown, ENDED_UNSEEN) } else { (code, error) };
        tracing::warn!(code = code.as_str(), error, "failed");
        let finish = Finish::Failed { code, error: error.to_owned() };
        self.rest(Outcome::Finish(finish), "failed", json!({ "message": error })).await.map(|_| ())
    }

    /// The account cannot post.
    pub(in crate::publish) async fn refuse_unhealthy(&mut self, loaded: &Loaded) -> Result<(), StoreError> {
        if loaded.account_row.is_active {
            self.fail(FailureCode::TokenExpired, TOKEN_EXPIRED).await
        } else {
            self.fail(FailureCode::AccountInactive, "The account is switched off; connect it again.").await
        }
    }

    pub(in crate::publish) async fn write(
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
        if written && end.is_some() {
            self.is_over.store(true, Ordering::Relaxed);
        }
        figures::note_end(self, end.filter(|_| written));
        if !written {
            tracing::info!("the lease is another's, or the post was deleted; nothing was sent");
        }
        Ok(written)
    }

    /// Writes a note, again and again while the database fails and the lease lasts: what is known
    /// of a request that was sent must not be lost to a restart of the database. A note that was
    /// written although the database reported a failure changes nothing when it comes again.
    pub(super) async fn record(
        &self,
        outcome: Outcome,
        journal: Option<JournalEntry>,
    ) -> Result<bool, StoreError> {
        let entropy = &self.engine.parts.entropy;
        let store = &self.engine.parts.store;
        let (now, ids) = (self.now(), [EventId(entropy.uuid(self.now())), EventId(entropy.uuid(self.now()))]);
        loop {
            let (outcome, journal) = (outcome.clone(), journal.clone());
            let recording = store.record(self.lease.clone(), self.work.clone(), outcome, journal, ids, now);
            match recording.instrument(debug_span!("record")).await {
                Err(error) if error.may_pass() && self.now() + WRITE_AGAIN < self.lease_until => {
                    tracing::warn!(error = %with_causes(&error), "a write failed; trying again");
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

    pub(super) fn extended(&self) -> Outcome {
        Outcome::Continue { lease_until: self.now() + self.engine.config.lease }
    }

    /// Goes on under the lease as it is while most of it is left: a new end costs an index write.
    fn continued(&self) -> Outcome {
        let most = Span::from_micros(self.engine.config.lease.as_micros() / 3 * 2);
        if self.now() + most <= self.lease_until {
            return Outcome::Keep;
        }
        self.extended()
    }
}
