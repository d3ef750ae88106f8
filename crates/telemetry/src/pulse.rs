//! The publish loop's pulse: the loop stamps it, probes read it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

use domain::Timestamp;

const NEVER: i64 = i64::MIN;

/// Signs of life of one publish loop.
#[derive(Debug)]
pub struct Pulse {
    started_at: AtomicI64,
    beat_at: AtomicI64,
    failing_since: AtomicI64,
    free: AtomicU32,
    ended: AtomicBool,
}

/// What a pulse showed at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PulseState {
    /// When the loop was started; `None` while it was not.
    pub started_at: Option<Timestamp>,
    /// When it last came around.
    pub beat_at: Option<Timestamp>,
    /// Since when every look for work has failed.
    pub failing_since: Option<Timestamp>,
    /// How many destinations more it could take after its last look.
    pub free: u32,
    /// Whether it ended, in order or by a panic.
    pub ended: bool,
}

/// Held by a loop that runs; when it goes, the loop has ended.
#[derive(Debug)]
pub struct Alive(Arc<Pulse>);

impl Default for Pulse {
    fn default() -> Self {
        Self {
            started_at: AtomicI64::new(NEVER),
            beat_at: AtomicI64::new(NEVER),
            failing_since: AtomicI64::new(NEVER),
            free: AtomicU32::new(0),
            ended: AtomicBool::new(false),
        }
    }
}

impl Pulse {
    /// The loop begins; it has ended once the answer is dropped.
    pub fn start(self: &Arc<Self>, now: Timestamp) -> Alive {
        self.started_at.store(now.as_micros(), Ordering::Release);
        self.beat_at.store(now.as_micros(), Ordering::Release);
        self.ended.store(false, Ordering::Release);
        Alive(Arc::clone(self))
    }

    /// The loop came around, and can take so many destinations.
    pub fn beat(&self, now: Timestamp, free: u32) {
        self.beat_at.store(now.as_micros(), Ordering::Release);
        self.free.store(free, Ordering::Release);
    }

    /// A look for work worked or failed.
    pub fn looked(&self, worked: bool, now: Timestamp) {
        if worked {
            self.failing_since.store(NEVER, Ordering::Release);
        } else {
            // A row of failures is as old as its first one.
            let _ = self.failing_since.compare_exchange(
                NEVER,
                now.as_micros(),
                Ordering::AcqRel,
                Ordering::Acquire,
            );
        }
    }

    /// What it shows now.
    pub fn state(&self) -> PulseState {
        let moment = |cell: &AtomicI64| match cell.load(Ordering::Acquire) {
            NEVER => None,
            micros => Some(Timestamp::from_micros(micros)),
        };
        PulseState {
            started_at: moment(&self.started_at),
            beat_at: moment(&self.beat_at),
            failing_since: moment(&self.failing_since),
            free: self.free.load(Ordering::Acquire),
            ended: self.ended.load(Ordering::Acquire),
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn a_loop_that_panics_has_ended() {
        let pulse = Arc::new(Pulse::default());
        assert_eq!(pulse.state().started_at, None);
        let held = Arc::clone(&pulse);
        let ended = std::thread::spawn(move || {
            let _alive = held.start(NOW);
            assert!(!held.state().ended);
            panic!("scripted");
        })
        .join();
        assert!(ended.is_err());
        assert!(pulse.state().ended);
    }

    #[test]
    fn a_row_of_failures_is_as_old_as_its_first_one() {
        let pulse = Pulse::default();
        let later = NOW + domain::Span::from_seconds(9);
        pulse.looked(false, NOW);
        pulse.looked(false, later);
        assert_eq!(pulse.state().failing_since, Some(NOW));
        pulse.looked(true, later);
        assert_eq!(pulse.state().failing_since, None);
        pulse.looked(false, later);
        assert_eq!(pulse.state().failing_since, Some(later));
    }
}
