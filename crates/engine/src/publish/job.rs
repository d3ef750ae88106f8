//! A claimed destination in the hands of this worker: its lease and its progress. What is done with
//! it stands in the modules below.

mod ask;
mod fit;
mod going_out;
mod intent;
mod note;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use connector::{Connector, Failure, Publication};
use domain::retry::RetryPolicy;
use domain::{FailureCode, Span, Timestamp};
use serde_json::Value;
use store::{Claim, Lease, StoreError, Work};
use tokio::sync::watch;

use super::load::Loaded;
use crate::credentials::Held;
use crate::limits::{UnderWay, Watch};
use crate::{Engine, PlatformConfig};
use going_out::GoingOut;

pub(super) use ask::{Ask, log};
pub(super) use fit::Fitting;
pub(crate) use fit::Wish;
pub(super) use note::{ENDED_UNSEEN, TOKEN_EXPIRED};

/// How a destination ends that the platform refuses.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: FailureCode,
    /// For the author.
    pub(super) error: String,
    /// For the journal.
    pub(super) detail: Value,
}

/// What comes after a piece of work.
#[derive(Debug)]
pub(super) enum Flow {
    /// The next step.
    Step,
    /// The commit: its intent is durable.
    Commit,
    /// A look at what became of a commit.
    Look,
    /// A look at an earlier commit: the platform refuses this one for good, which stands only if that
    /// one is seen not to be there.
    LookBefore(Refusal),
    /// Nothing: it is written where it rests, or the lease is another's.
    Rest,
}
/// A claimed destination and the account that it goes to.
pub(super) struct Job<'e> {
    engine: &'e Engine,
    pub(super) lease: Lease,
    pub(super) work: Work,
    /// Whether the commit that is due was sent before.
    pub(super) repeats: bool,
    /// Whether the last step or commit ended without waiting for an answer.
    pub(super) asked_nobody: bool,
    pub(super) scheduled_for: Timestamp,
    lease_until: Timestamp,
    target: Option<Target>,
    /// While a commit is on its way.
    under_way: Option<UnderWay>,
    going_out: GoingOut,
    /// Set once the destination is at its end.
    is_over: &'e AtomicBool,
}

/// What is known once the rows are read.
struct Target {
    loaded: Loaded,
    held: Held,
    platform: Arc<PlatformConfig>,
    renewed: bool,
    stopping: watch::Receiver<bool>,
    watch: Watch,
}

impl<'e> Job<'e> {
    pub(super) fn bare(engine: &'e Engine, claim: Claim, is_over: &'e AtomicBool) -> Self {
        Self {
            lease_until: claim.lease_until,
            engine,
            lease: claim.lease,
            repeats: claim.work.first_sent_at.is_some(),
            work: claim.work,
            asked_nobody: false,
            scheduled_for: claim.scheduled_for,
            target: None,
            under_way: None,
            going_out: GoingOut::since(engine.parts.clock.now()),
            is_over,
        }
    }

    pub(super) fn attach(
        &mut self,
        loaded: Loaded,
        held: Held,
        stopping: watch::Receiver<bool>,
        watch: Watch,
    ) {
        if loaded.says_publishing {
            self.going_out.note_said();
        }
        let platform = self.engine.config.platforms.get(&loaded.account_row.platform).unwrap_or_default();
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

    fn target(&self) -> Result<&Target, StoreError> {
        self.target.as_ref().ok_or(StoreError::Corrupt {
            table: "destinations",
            column: "account_id",
            id: self.lease.destination_id.to_string(),
            reason: "its account was not loaded".to_owned(),
        })
    }
}
