//! The record that a commit is about to be sent, from before the request until its outcome is known.

use std::fmt::Write as _;

use connector::Intent;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::StoreError;

use super::{Flow, Job};

impl Job<'_> {
    /// Opens the intent of a request again that was sent before, to look at what became of it.
    pub(in crate::publish) fn reopen_intent(&mut self) -> Result<(), StoreError> {
        if self.work.intent.is_none()
            && let Some(at) = self.work.first_sent_at
        {
            let fingerprint = self.fingerprint()?;
            let intent = Intent { attempt: self.work.attempts, at, fingerprint, restored: false };
            self.work.intent = serde_json::to_string(&intent).ok();
        }
        Ok(())
    }

    pub(in crate::publish) fn intent(&self) -> Result<Intent, StoreError> {
        let text = self.work.intent.as_deref().unwrap_or_default();
        serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
            table: "destinations",
            column: "intent",
            id: self.lease.destination_id.to_string(),
            reason: error.to_string(),
        })
    }

    /// Records that a commit is about to be sent. It may be sent only if this says so.
    pub(in crate::publish) async fn open_intent(&mut self) -> Result<Flow, StoreError> {
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

    pub(in crate::publish) fn has_tries_left(&self) -> bool {
        self.engine.config.retry.pause_after(self.work.tries, 0.0).is_some()
    }

    pub(in crate::publish) fn close_intent(&mut self) {
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

    /// Whether a request was sent of which nobody knows what became.
    pub(in crate::publish) fn may_be_live(&self) -> bool {
        self.work.intent.is_some() || self.work.first_sent_at.is_some()
    }
}
