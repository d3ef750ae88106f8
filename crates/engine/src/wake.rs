//! Waking the loop. A wake-up carries no work: the loop finds it in the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::Timestamp;
use tokio::sync::Notify;

/// Wakes the loop when something becomes due before it meant to look again.
#[derive(Clone, Debug)]
pub struct Wake {
    notify: Arc<Notify>,
    /// Until when the loop sleeps; everything due later it will find by itself.
    sleeps_until: Arc<AtomicI64>,
}

impl Default for Wake {
    fn default() -> Self {
        Self { notify: Arc::default(), sleeps_until: Arc::new(AtomicI64::new(i64::MAX)) }
    }
}

impl Wake {
    /// Something is due at `due`.
    pub fn due_at(&self, due: Timestamp) {
        if due.as_micros() <= self.sleeps_until.load(Ordering::Acquire) {
            self.notify.notify_one();
        }
    }

    /// Wakes the loop in any case.
    pub fn now(&self) {
        self.notify.notify_one();
    }

    pub(crate) fn sleeping_until(&self, moment: Timestamp) {
        self.sleeps_until.store(moment.as_micros(), Ordering::Release);
    }

    /// While the loop looks for work, every wake-up counts.
    pub(crate) fn awake(&self) {
        self.sleeps_until.store(i64::MAX, Ordering::Release);
    }

    pub(crate) async fn woken(&self) {
        self.notify.notified().await;
    }
}
