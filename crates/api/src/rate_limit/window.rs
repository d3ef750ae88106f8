//! One rolling window: a ring of buckets, each a sixtieth of the window long.

use domain::{Span, Timestamp};

/// Sixty buckets make the window; one more is the one that is being left, so that never more than
/// the limit falls into any stretch of the window's length.
const BUCKETS: usize = 61;

/// Counts of the last window's length.
pub(super) struct Window {
    bucket: i64,
    head: i64,
    total: u32,
    ring: [u32; BUCKETS],
}

impl Window {
    pub(super) fn new(length: Span) -> Self {
        let bucket = (length.as_micros() / 60).max(1);
        Self { bucket, head: i64::MIN, total: 0, ring: [0; BUCKETS] }
    }

    /// How many were counted in the window that ends now.
    pub(super) fn count(&mut self, now: Timestamp) -> u32 {
        self.advance(now);
        self.total
    }

    pub(super) fn add(&mut self, now: Timestamp) {
        self.advance(now);
        self.ring[slot(self.head)] += 1;
        self.total += 1;
    }

    /// Takes back the newest count there is.
    pub(super) fn take_back(&mut self, now: Timestamp) {
        self.advance(now);
        for back in 0..buckets() {
            let count = &mut self.ring[slot(self.head - back)];
            if *count > 0 {
                *count -= 1;
                self.total -= 1;
                return;
            }
        }
    }

    /// When the oldest count leaves the window; a window from now when there is none.
    pub(super) fn frees_at(&mut self, now: Timestamp) -> Timestamp {
        self.advance(now);
        let oldest = (0..buckets()).rev().find(|back| self.ring[slot(self.head - back)] > 0);
        let back = oldest.unwrap_or(0);
        Timestamp::from_micros((self.head - back + buckets()) * self.bucket)
    }

    /// Empties the buckets that have left the window. A clock that goes back changes nothing.
    fn advance(&mut self, now: Timestamp) {
        let current = now.as_micros().div_euclid(self.bucket);
        if current <= self.head {
            return;
        }
        let passed = current.saturating_sub(self.head).min(buckets());
        for step in 0..passed {
            let place = slot(current - step);
            self.total -= self.ring[place];
            self.ring[place] = 0;
        }
        self.head = current;
    }
}

const fn buckets() -> i64 {
    61
}

fn slot(index: i64) -> usize {
    usize::try_from(index.rem_euclid(buckets())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// However the hits fall, no stretch of the window's length holds more than was let in.
        #[test]
        fn the_count_never_misses_a_hit_of_the_last_window(gaps in proptest::collection::vec(0i64..20_000_000, 1..80)) {
            let length = Span::from_minutes(1);
            let mut window = Window::new(length);
            let mut hits: Vec<Timestamp> = Vec::new();
            let mut now = Timestamp::from_seconds(1_800_000_000);
            for gap in gaps {
                now = now + Span::from_micros(gap);
                let inside = hits.iter().filter(|hit| **hit + length > now).count();
                proptest::prop_assert!(window.count(now) as usize >= inside);
                window.add(now);
                hits.push(now);
            }
        }
    }
}
