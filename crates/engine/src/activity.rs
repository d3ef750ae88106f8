//! Whether the publish loop is at rest, for whoever moves its clock. Counts only; must not know
//! what is published.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use domain::Timestamp;

use crate::Engine;

/// What the publish loop is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The loop has looked for due destinations after the last wake-up, has taken what it found,
    /// and sleeps; and no account's access is being renewed.
    pub settled: bool,
    /// How many destinations are being worked on.
    pub in_flight: usize,
}

impl Engine {
    /// Waits until the loop is to look again. A look only to be sure, without anything planned, is
    /// no moment at which a clock that is moved has to stop.
    pub(crate) async fn sleep_until_look(&self, until: Timestamp) {
        let clock = &self.parts.clock;
        if until < clock.now() + self.config.poll {
            clock.sleep_until(until).await;
        } else {
            clock.poll_until(until).await;
        }
    }
}

/// Wake-ups against looks. A wake-up that comes during a look is not covered by it.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    asked: AtomicU64,
    looking: AtomicU64,
    covered: AtomicU64,
    asleep: AtomicBool,
    failed: AtomicBool,
    in_flight: AtomicUsize,
    renewals: AtomicUsize,
}

/// A renewal that is under way until this is dropped.
pub(crate) struct Renewing(Arc<Counts>);

impl Renewing {
    pub(crate) fn begin(counts: Arc<Counts>) -> Self {
        counts.renewals.fetch_add(1, Ordering::SeqCst);
        Self(counts)
    }
}

impl Drop for Renewing {
    fn drop(&mut self) {
        self.0.renewals.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Counts {
    pub(crate) fn asked(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn looks(&self) {
        self.asleep.store(false, Ordering::SeqCst);
        self.failed.store(false, Ordering::SeqCst);
        self.looking.store(self.asked.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    pub(crate) fn look_failed(&self) {
        self.failed.store(true, Ordering::SeqCst);
    }

    pub(crate) fn looked(&self, in_flight: usize) {
        self.in_flight.store(in_flight, Ordering::SeqCst);
        if !self.failed.load(Ordering::SeqCst) {
            self.covered.store(self.looking.load(Ordering::SeqCst), Ordering::SeqCst);
            self.asleep.store(true, Ordering::SeqCst);
        }
    }

    pub(crate) fn read(&self) -> Activity {
        let covered = self.covered.load(Ordering::SeqCst);
        let asleep = self.asleep.load(Ordering::SeqCst);
        let in_flight = self.in_flight.load(Ordering::SeqCst);
        let renewals = self.renewals.load(Ordering::SeqCst);
        // Read last: a wake-up from here on is one after this reading.
        let settled = asleep && renewals == 0 && covered == self.asked.load(Ordering::SeqCst);
        Activity { settled, in_flight }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_is_settled_once_it_has_looked_after_the_last_wake_up() {
        let counts = Counts::default();
        assert!(!counts.read().settled, "it has not looked yet");
        counts.asked();
        counts.looks();
        assert!(!counts.read().settled, "it is looking");
        counts.looked(2);
        assert_eq!(counts.read(), Activity { settled: true, in_flight: 2 });
    }

    #[test]
    fn nothing_is_settled_during_a_renewal() {
        let counts = Arc::new(Counts::default());
        counts.looks();
        counts.looked(0);
        let renewing = Renewing::begin(Arc::clone(&counts));
        assert!(!counts.read().settled);
        drop(renewing);
        assert!(counts.read().settled);
    }

    #[test]
    fn a_wake_up_during_a_look_needs_another_look() {
        let counts = Counts::default();
        counts.looks();
        counts.asked();
        counts.looked(0);
        assert!(!counts.read().settled);
        counts.looks();
        counts.looked(0);
        assert!(counts.read().settled);
    }

    #[test]
    fn a_look_that_failed_does_not_count() {
        let counts = Counts::default();
        counts.looks();
        counts.look_failed();
        counts.looked(0);
        assert!(!counts.read().settled);
    }
}
