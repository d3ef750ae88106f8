//! What a worker writes about a destination that it holds: progress, intents, outcomes.

use domain::{EventId, FailureCode, Timestamp};

use crate::claims::Lease;
use crate::journal::JournalEntry;
use crate::record::Record;
use crate::{Store, StoreError};

/// Where work on a destination stands: all that survives a crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// The connector's progress.
    pub state: Option<String>,
    /// The open intent: a commit that may have been sent.
    pub intent: Option<String>,
    /// Since when its outcome is unknown.
    pub unknown_since: Option<Timestamp>,
    /// How often it was looked for in vain.
    pub looks: u32,
    /// When the part that is due was first sent, unless it was refused for certain: what the
    /// platform says of a duplicate is news of that request.
    pub first_sent_at: Option<Timestamp>,
    /// Attempts in all.
    pub attempts: u32,
    /// Attempts since a person last asked for one.
    pub tries: u32,
}

/// What a write does with the lease and the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Work goes on under the same lease, which ends when it would have. Touches no index.
    Keep,
    /// Work goes on under the same lease, which now ends then.
    Continue {
        /// The lease's new end.
        lease_until: Timestamp,
    },
    /// Nobody holds it until then; the attempt goes on.
    Park {
        /// When it may be picked up.
        run_at: Timestamp,
    },
    /// Nobody holds it until then; a new attempt begins.
    Requeue {
        /// When it may be picked up.
        run_at: Timestamp,
        /// Why, in words for the author.
        error: String,
    },
    /// It has ended.
    Finish(Finish),
}

/// How a destination ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Live.
    Published {
        /// The platform's id.
        platform_post_id: String,
        /// The public address.
        platform_post_url: String,
        /// What was published otherwise than asked.
        warnings: Vec<String>,
    },
    /// Not live, for this reason.
    Failed {
        /// The stable code.
        code: FailureCode,
        /// The reason in words for the author.
        error: String,
    },
}

impl Store {
    /// Writes where work stands and what becomes of the lease, with the journal line and, at an
    /// end, the post's status and the events, in one transaction. `false` when the lease is no
    /// longer this worker's, or an intent was to be recorded for a post that was deleted: then
    /// nothing may be sent. `ids` are for the events.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(
        &self,
        lease: Lease,
        work: Work,
        outcome: Outcome,
        journal: Option<JournalEntry>,
        ids: [EventId; 2],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writer.record(Record { lease, work, outcome, journal, ids, now }).await
    }
}
