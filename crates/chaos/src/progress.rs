//! How far a run is, so that posts and kills keep step with one another.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

/// How far one side may be ahead of the other.
const LEAD: f64 = 0.03;

/// What was done of what is to be done.
#[derive(Debug)]
pub(crate) struct Progress {
    destinations: usize,
    kills: usize,
    accepted: AtomicUsize,
    killed: AtomicUsize,
    given_up: AtomicBool,
    /// Posts that may be sent whatever was killed so far.
    burst: AtomicI64,
}

impl Progress {
    pub(crate) fn new(destinations: usize, kills: usize) -> Self {
        Self {
            destinations,
            kills,
            accepted: AtomicUsize::new(0),
            killed: AtomicUsize::new(0),
            given_up: AtomicBool::new(false),
            burst: AtomicI64::new(0),
        }
    }

    pub(crate) fn accept(&self, destinations: usize) {
        self.accepted.fetch_add(destinations, Ordering::Relaxed);
    }

    pub(crate) fn kill(&self) {
        self.killed.fetch_add(1, Ordering::Relaxed);
    }

    /// Nothing more is sent or killed.
    pub(crate) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.is_given_up() || self.accepted.load(Ordering::Relaxed) >= self.destinations
    }

    pub(crate) fn is_killed(&self) -> bool {
        self.is_given_up() || self.killed.load(Ordering::Relaxed) >= self.kills
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Lets so many posts out at once, so that what is killed next is killed at work.
    pub(crate) fn start_burst(&self, posts: i64) {
        self.burst.store(posts, Ordering::Relaxed);
    }

    /// Whether sending has to wait for more kills.
    pub(crate) fn sends_too_fast(&self) -> bool {
        !self.is_killed()
            && self.sent() > self.done() + LEAD
            && self.burst.fetch_sub(1, Ordering::Relaxed) <= 0
    }

    /// Whether killing has to wait for more posts.
    pub(crate) fn kills_too_fast(&self) -> bool {
        !self.is_sent() && self.done() > self.sent() + LEAD
    }

    /// For people.
    pub(crate) fn summary(&self) -> String {
        let (accepted, killed) = (self.accepted.load(Ordering::Relaxed), self.killed.load(Ordering::Relaxed));
        format!("{accepted} of {} destinations accepted, {killed} of {} kills", self.destinations, self.kills)
    }

    fn sent(&self) -> f64 {
        share(self.accepted.load(Ordering::Relaxed), self.destinations)
    }

    fn done(&self) -> f64 {
        share(self.killed.load(Ordering::Relaxed), self.kills)
    }
}

#[expect(clippy::cast_precision_loss, reason = "thousands")]
fn share(done: usize, of: usize) -> f64 {
    done as f64 / of.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_and_kills_wait_for_one_another_and_never_both() {
        let progress = Progress::new(100, 10);
        assert!(!progress.sends_too_fast() && !progress.kills_too_fast());
        progress.accept(20);
        assert!(progress.sends_too_fast() && !progress.kills_too_fast());
        for _ in 0..4 {
            progress.kill();
        }
        assert!(!progress.sends_too_fast() && progress.kills_too_fast());
        for _ in 0..6 {
            progress.kill();
        }
        assert!(progress.is_killed() && !progress.sends_too_fast());
    }
}
