//! That a post says that it is going out: written once that takes a while, so that what goes out at
//! once costs one change of the post and not two.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::causes::with_causes;
use domain::{Span, Timestamp};

use super::Job;

/// How long a post that is being published may still say that it is scheduled.
const AT_MOST: Span = Span::from_seconds(1);

/// Whether and when the post has to say so.
pub(super) struct GoingOut {
    due: Timestamp,
    said: AtomicBool,
}

impl GoingOut {
    /// Of a post that was claimed just now.
    pub(super) fn since(claimed: Timestamp) -> Self {
        Self { due: claimed + AT_MOST, said: AtomicBool::new(false) }
    }

    /// It says so now, or did already.
    pub(super) fn note_said(&self) {
        self.said.store(true, Ordering::Relaxed);
    }

    /// When it has to be written; `None` once it is.
    pub(super) fn due(&self) -> Option<Timestamp> {
        (!self.said.load(Ordering::Relaxed)).then_some(self.due)
    }
}

impl Job<'_> {
    /// Says so, if nothing has yet. Once: what a post says is right again when its destination ends, so
    /// that a database that fails now is no reason to hold a publish up.
    pub(super) async fn say_going_out(&self) {
        if self.going_out.due().is_none() {
            return;
        }
        self.going_out.note_said();
        if let Err(error) = self.engine.parts.store.note_going_out(self.lease.clone()).await {
            tracing::warn!(error = %with_causes(&error), "a post that is going out does not say so yet");
        }
    }
}
