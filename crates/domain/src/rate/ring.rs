//! Counts of the last window's length, in a ring of buckets.

use crate::{Span, Timestamp};

/// One rolling window: a ring of buckets. The window is so many buckets long and the ring holds
/// one more, the one that is being left, so that never more than the limit falls into any stretch
/// of the window's length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    bucket_micros: i64,
    head: i64,
    total: u32,
    counts: Vec<u32>,
}

impl Ring {
    /// An empty window of this length in `parts` buckets. More buckets follow the window more
    /// closely: a count leaves up to one bucket late.
    pub fn new(length: Span, parts: u32) -> Self {
        let parts = parts.max(1);
        let slots = usize::try_from(parts).unwrap_or(usize::MAX).saturating_add(1);
        let bucket_micros = (length.as_micros() / i64::from(parts)).max(1);
        Self { bucket_micros, head: i64::MIN, total: 0, counts: vec![0; slots] }
    }

    /// How many were counted in the window that ends now.
    pub fn count(&mut self, now: Timestamp) -> u32 {
        self.advance(now);
        self.total
    }

    /// Counts `count` now; returns the number of the bucket that they were counted in.
    pub fn add(&mut self, now: Timestamp, count: u32) -> i64 {
        self.advance(now);
        let slot = self.slot(self.head);
        self.counts[slot] = self.counts[slot].saturating_add(count);
        self.total = self.total.saturating_add(count);
        self.head
    }

    /// Takes back up to `count` of what was counted in a bucket, if the ring still holds it.
    pub fn take_back(&mut self, bucket: i64, count: u32) {
        if bucket > self.head || self.head - bucket >= self.slots() {
            return;
        }
        let slot = self.slot(bucket);
        let back = self.counts[slot].min(count);
        self.counts[slot] -= back;
        self.total -= back;
    }

    /// Takes back the newest count there is.
    pub fn take_newest_back(&mut self, now: Timestamp) {
        self.advance(now);
        let newest = (0..self.slots()).find(|back| self.counts[self.slot(self.head - back)] > 0);
        if let Some(back) = newest {
            self.take_back(self.head - back, 1);
        }
    }

    /// When the oldest count leaves the window; a window from now when there is none.
    pub fn frees_at(&mut self, now: Timestamp) -> Timestamp {
        self.advance(now);
        let oldest = (0..self.slots()).rev().find(|back| self.counts[self.slot(self.head - back)] > 0);
        let back = oldest.unwrap_or(0);
        Timestamp::from_micros((self.head - back + self.slots()) * self.bucket_micros)
    }

    /// When a bucket ends.
    pub const fn bucket_ends(&self, bucket: i64) -> Timestamp {
        Timestamp::from_micros(bucket.saturating_add(1).saturating_mul(self.bucket_micros))
    }

    /// The ring as text for [`Ring::read`]: the newest bucket's number, then the counts from it
    /// backwards, without the zeros at the end.
    pub fn write(&self) -> String {
        let mut text = self.head.to_string();
        let counts: Vec<u32> =
            (0..self.slots()).map(|back| self.counts[self.slot(self.head.saturating_sub(back))]).collect();
        let used = counts.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        for count in &counts[..used] {
            text.push(' ');
            text.push_str(&count.to_string());
        }
        text
    }

    /// Reads what [`Ring::write`] wrote of a window of the same length and number of buckets;
    /// `None` for anything else.
    pub fn read(length: Span, parts: u32, text: &str) -> Option<Self> {
        let mut ring = Self::new(length, parts);
        let mut words = text.split(' ');
        ring.head = words.next()?.parse().ok()?;
        for (back, word) in words.enumerate() {
            let back = i64::try_from(back).ok().filter(|back| *back < ring.slots())?;
            let count: u32 = word.parse().ok()?;
            let slot = ring.slot(ring.head.checked_sub(back)?);
            ring.counts[slot] = count;
            ring.total = ring.total.saturating_add(count);
        }
        Some(ring)
    }

    /// Empties the buckets that have left the window. A clock that goes back changes nothing.
    fn advance(&mut self, now: Timestamp) {
        let current = now.as_micros().div_euclid(self.bucket_micros);
        if current <= self.head {
            return;
        }
        let passed = current.saturating_sub(self.head).min(self.slots());
        for step in 0..passed {
            let slot = self.slot(current - step);
            self.total -= self.counts[slot];
            self.counts[slot] = 0;
        }
        self.head = current;
    }

    fn slots(&self) -> i64 {
        i64::try_from(self.counts.len()).unwrap_or(i64::MAX)
    }

    fn slot(&self, bucket: i64) -> usize {
        usize::try_from(bucket.rem_euclid(self.slots())).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const MINUTE: Span = Span::from_minutes(1);

    #[test]
    fn what_is_taken_back_no_longer_counts() {
        let mut ring = Ring::new(MINUTE, 12);
        let first = ring.add(START, 3);
        let later = START + Span::from_seconds(6);
        ring.add(later, 2);
        ring.take_back(first, 2);
        assert_eq!(ring.count(later), 3);
        ring.take_newest_back(later);
        ring.take_back(first, 9);
        assert_eq!(ring.count(later), 1, "no more than there is");
        ring.take_back(first - 100, 1);
        ring.take_back(first + 100, 1);
        assert_eq!(ring.count(later), 1, "neither what has left nor what is to come");
    }

    #[test]
    fn nonsense_is_no_ring() {
        for text in ["", "x", "5 -1", "5 1 2 3 4", "5  1"] {
            assert_eq!(Ring::read(MINUTE, 2, text), None, "{text:?}");
        }
    }

    proptest::proptest! {
        /// However the hits fall, no stretch of the window's length holds more than was let in, and
        /// nothing is lost on the way through a text.
        #[test]
        fn the_count_never_misses_a_hit_of_the_last_window(
            gaps in proptest::collection::vec(0i64..20_000_000, 1..80),
            parts in 1u32..70,
        ) {
            let mut ring = Ring::new(MINUTE, parts);
            let mut hits: Vec<Timestamp> = Vec::new();
            let mut now = START;
            for gap in gaps {
                now = now + Span::from_micros(gap);
                let inside = hits.iter().filter(|hit| **hit + MINUTE > now).count();
                proptest::prop_assert!(ring.count(now) as usize >= inside);
                ring.add(now, 1);
                hits.push(now);
                let mut read = Ring::read(MINUTE, parts, &ring.write()).unwrap();
                proptest::prop_assert_eq!(&read, &ring);
                proptest::prop_assert!(read.frees_at(now) > now);
            }
        }
    }
}
