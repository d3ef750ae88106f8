//! The servers in other processes that follow this sandbox's clock: what they reported last, and
//! what they are to show. Must not know how the clock is moved.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Span, Timestamp};
use net::{Clock as _, SystemClock};
use tokio::sync::watch;

use super::party::Load;
use super::wire::{Epoch, Report};

/// How long a follower may be silent before it is taken for gone.
const SILENCE: Span = Span::from_seconds(6);
/// The longest that an answer is held back.
const LONGEST_WAIT_MS: u64 = 2_000;

struct Follower {
    report: Report,
    /// By the machine's clock.
    heard: Timestamp,
}

/// The followers of this clock.
pub(super) struct Followers {
    known: Mutex<BTreeMap<String, Follower>>,
    epoch: watch::Sender<Epoch>,
}

impl Followers {
    /// `run` tells this run of the process from an earlier one.
    pub(super) fn new(run: u64) -> Self {
        Self { known: Mutex::default(), epoch: watch::Sender::new(Epoch { run, number: 0 }) }
    }

    /// The clock shows something else: whoever waits for news gets it.
    pub(super) fn tell(&self) {
        self.epoch.send_modify(|epoch| epoch.number += 1);
    }

    /// The present state's name.
    pub(super) fn epoch(&self) -> Epoch {
        *self.epoch.borrow()
    }

    /// Takes a report and waits for news, as long as the follower wants to.
    pub(super) async fn hear(&self, name: String, report: Report) {
        let (seen, wait_ms) = (report.seen, report.wait_ms.min(LONGEST_WAIT_MS));
        if report.leaves {
            self.known().remove(&name);
            return;
        }
        let follower = Follower { report, heard: SystemClock.now() };
        if self.known().insert(name.clone(), follower).is_none() {
            tracing::info!(follower = name, "a server follows this clock");
        }
        let mut epoch = self.epoch.subscribe();
        let news = epoch.wait_for(|epoch| Some(*epoch) != seen);
        let _ = tokio::time::timeout(Duration::from_millis(wait_ms), news).await;
    }

    /// The latest moment that a follower showed when it last reported.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.known().values().filter_map(|follower| follower.report.at).max()
    }

    /// What all followers together have to do at `now`. One that has not heard of the present
    /// state, or stands elsewhere, is not settled.
    pub(super) fn load(&self, now: Timestamp) -> Load {
        let epoch = self.epoch();
        let silent_since = SystemClock.now() - SILENCE;
        let mut all = Load::NONE;
        self.known().retain(|name, Follower { report, heard }| {
            if *heard < silent_since {
                tracing::warn!(
                    follower = name,
                    "a server that followed this clock is silent; it is left behind"
                );
                return false;
            }
            all.settled &= report.settled && report.seen == Some(epoch) && report.at == Some(now);
            all.in_flight += report.in_flight;
            all.pausing += report.pausing;
            all.next = [all.next, report.next].into_iter().flatten().min();
            true
        });
        all
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Follower>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
