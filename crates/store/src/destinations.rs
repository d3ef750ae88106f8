//! What a worker writes about a destination that it holds: progress, intents, outcomes.

use domain::{DestinationId, EventId, FailureCode, OrganizationId, PostId, Timestamp};
use serde_json::Value;

use crate::claims::Lease;
use crate::conn::on;
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

/// A line in a destination's journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalEntry {
    /// `intent`, `progress`, `published`, `failed`, `retry`, `look` …
    pub kind: &'static str,
    /// Facts for a person who reads it.
    pub detail: Value,
}

/// A stored line of a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalRow {
    /// Its number within the destination.
    pub seq: i64,
    /// What happened.
    pub kind: String,
    /// In which attempt.
    pub attempt: u32,
    /// When.
    pub at: Timestamp,
    /// Facts.
    pub detail: Value,
}

const LIST_JOURNAL: &str = "SELECT seq, kind, attempt, at, detail FROM journal
    WHERE organization_id = $1 AND destination_id = $2 ORDER BY seq";

/// The latest lines; a destination that is looked for during days has many.
pub(crate) const LIST_POST_JOURNAL: &str =
    "SELECT j.destination_id, j.seq, j.kind, j.attempt, j.at, j.detail FROM destinations d
    CROSS JOIN journal j
    WHERE d.organization_id = $1 AND d.post_id = $2 AND j.organization_id = d.organization_id
      AND j.destination_id = d.id ORDER BY j.at DESC, j.seq DESC LIMIT $3";

impl Store {
    /// The latest lines in the journals of a post's destinations, `most` at most, oldest first.
    ///
    /// # Errors
    /// When the database fails or a line cannot be read.
    pub async fn list_post_journal(
        &self,
        organization: OrganizationId,
        post: PostId,
        most: u32,
    ) -> Result<Vec<(DestinationId, JournalRow)>, StoreError> {
        type Line = (uuid::Uuid, i64, String, i64, i64, String);
        let mut read = self.read().await?;
        let rows: Vec<Line> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_POST_JOURNAL)
                .bind(organization.0)
                .bind(post.0)
                .bind(i64::from(most))
                .fetch_all(&mut *c)
                .await?
        });
        rows.into_iter()
            .rev()
            .map(|(id, seq, kind, attempt, at, detail)| {
                let destination = DestinationId(id);
                Ok((destination, journal_row(destination, (seq, kind, attempt, at, detail))?))
            })
            .collect()
    }

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

    /// A destination's journal, oldest line first.
    ///
    /// # Errors
    /// When the database fails or a line cannot be read.
    pub async fn list_journal(
        &self,
        organization: OrganizationId,
        destination: DestinationId,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let mut read = self.read().await?;
        let rows: Vec<(i64, String, i64, i64, String)> = on!(read.conn(), |c| {
            sqlx::query_as(LIST_JOURNAL).bind(organization.0).bind(destination.0).fetch_all(&mut *c).await?
        });
        rows.into_iter().map(|row| journal_row(destination, row)).collect()
    }
}

fn journal_row(
    destination: DestinationId,
    (seq, kind, attempt, at, detail): (i64, String, i64, i64, String),
) -> Result<JournalRow, StoreError> {
    Ok(JournalRow {
        seq,
        kind,
        attempt: u32::try_from(attempt).unwrap_or(0),
        at: Timestamp::from_micros(at),
        detail: crate::error::from_json("journal", "detail", &destination, &detail)?,
    })
}
