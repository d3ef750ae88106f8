//! Waking the loop. A wake-up carries no work: the loop finds it in the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::Timestamp;
use tokio::sync::Notify;

use crate::activity::{Activity, Counts, Renewing};

/// Wakes the loop when something becomes due before it meant to look again.
#[derive(Clone, Debug)]
pub struct Wake {
    notify: Arc<Notify>,
    /// Until when the loop sleeps; everything due later it will find by itself.
    sleeps_until: Arc<AtomicI64>,
    counts: Arc<Counts>,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            notify: Arc::default(),
            sleeps_until: Arc::new(AtomicI64::new(i64::MAX)),
            counts: Arc::default(),
        }
    }
}

impl Wake {
    /// Something is due at `due`.
    pub fn due_at(&self, due: Timestamp) {
        if due.as_micros() <= self.sleeps_until.load(Ordering::Acquire) {
            self.now();
        }
    }

    /// Wakes the loop in any case.
    pub fn now(&self) {
        self.counts.asked();
        self.notify.notify_one();
    }

    /// What the loop is doing.
    pub fn activity(&self) -> Activity {
        self.counts.read()
    }

    /// Access is being renewed for as long as this is held. A clock that jumped meanwhile would end the
    /// renewer's lease, and somebody else would use up the same token.
    pub(crate) fn renewing(&self) -> Renewing {
        Renewing::begin(Arc::clone(&self.counts))
    }

    /// The loop has looked, and sleeps while this many destinations are in flight.
    pub(crate) fn sleeping_until(&self, moment: Timestamp, in_flight: usize) {
        self.sleeps_until.store(moment.as_micros(), Ordering::Release);
        self.counts.looked(in_flight);
    }

    /// The look that is under way failed.
    pub(crate) fn look_failed(&self) {
        self.counts.look_failed();
    }

    /// While the loop looks for work, every wake-up counts.
    pub(crate) fn awake(&self) {
        self.sleeps_until.store(i64::MAX, Ordering::Release);
        self.counts.looks();
    }

    pub(crate) async fn woken(&self) {
        self.notify.notified().await;
    }
}
