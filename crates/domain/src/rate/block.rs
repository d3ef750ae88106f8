//! Tokens that one node has taken from a count that several nodes share.
//!
//! A token may be spent only inside the bucket that it was counted in: the shared count frees a
//! bucket as a whole, so a token spent later would stand in two windows at once. What is left when
//! its bucket ends is given back with the next ask.

use crate::{Span, Timestamp};

use super::Ring;

/// A limit and how its window is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The most in any stretch of the length.
    pub limit: u32,
    /// The window's length.
    pub length: Span,
    /// How many buckets the window has; see [`Ring::new`].
    pub parts: u32,
}

/// What a node asks of the shared count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// How many tokens it would take.
    pub want: u32,
    /// Tokens that were not spent, by bucket.
    pub give_back: Vec<(i64, u32)>,
}

/// What the shared count answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// How many tokens the node has now, at most what it wanted.
    pub granted: u32,
    /// The bucket that they were counted in.
    pub bucket: i64,
    /// Until when they may be spent.
    pub ends_at: Timestamp,
    /// How many the window holds, those granted now among them.
    pub used: u32,
    /// When the oldest count leaves.
    pub frees_at: Timestamp,
}

impl Shape {
    /// An empty count.
    pub fn ring(&self) -> Ring {
        Ring::new(self.length, self.parts)
    }

    /// Answers an ask from the shared count.
    pub fn grant(&self, ring: &mut Ring, ask: &Ask, now: Timestamp) -> Grant {
        for (bucket, count) in &ask.give_back {
            ring.take_back(*bucket, *count);
        }
        let granted = ask.want.min(self.limit.saturating_sub(ring.count(now)));
        let bucket = ring.add(now, granted);
        Grant {
            granted,
            bucket,
            ends_at: ring.bucket_ends(bucket),
            used: ring.count(now),
            frees_at: ring.frees_at(now),
        }
    }
}

/// A node's tokens of one window.
#[derive(Clone, Debug, Default)]
pub struct Block {
    left: u32,
    last: Option<Grant>,
    unspent: Vec<(i64, u32)>,
}

impl Block {
    /// Spends one token if there is one to spend now; the bucket that it was counted in is what
    /// [`Block::put_back`] asks for.
    pub fn spend(&mut self, now: Timestamp) -> Option<i64> {
        self.drop_ended(now);
        let last = self.last.as_ref().filter(|_| self.left > 0)?;
        self.left -= 1;
        Some(last.bucket)
    }

    /// Whether a token could be spent now.
    pub fn has_one(&mut self, now: Timestamp) -> bool {
        self.drop_ended(now);
        self.left > 0
    }

    /// Puts back a token that was spent from `bucket`.
    pub fn put_back(&mut self, bucket: i64, now: Timestamp) {
        self.drop_ended(now);
        match &self.last {
            Some(last) if last.bucket == bucket && now < last.ends_at => self.left += 1,
            _ => self.unspent.push((bucket, 1)),
        }
    }

    /// Whether the shared count said a moment ago that nothing is left: asking again before its
    /// bucket ends is no use.
    pub fn is_known_full(&self, now: Timestamp) -> bool {
        self.left == 0
            && self.last.is_some_and(|last| last.granted == 0 && now < last.ends_at && now < last.frees_at)
    }

    /// What to ask: an even share of the window, and one by one near its end, so that one node does
    /// not sit on what another needs.
    pub fn ask(&mut self, shape: &Shape, now: Timestamp) -> Ask {
        self.drop_ended(now);
        let known_used = self.last.map_or(0, |last| last.used);
        let is_scarce = shape.limit.saturating_sub(known_used) <= shape.limit / 4;
        let want = if is_scarce { 1 } else { shape.limit.div_ceil(shape.parts.max(1)).max(1) };
        Ask { want, give_back: std::mem::take(&mut self.unspent) }
    }

    /// Takes in what was granted.
    pub fn take_in(&mut self, grant: Grant, now: Timestamp) {
        self.drop_ended(now);
        match &self.last {
            // An answer that was overtaken by a newer one.
            Some(last) if last.bucket > grant.bucket => self.unspent.push((grant.bucket, grant.granted)),
            Some(last) if last.bucket < grant.bucket => {
                if self.left > 0 {
                    self.unspent.push((last.bucket, self.left));
                }
                self.left = grant.granted;
                self.last = Some(grant);
            }
            _ => {
                self.left += grant.granted;
                self.last = Some(grant);
            }
        }
    }

    /// How many more this node would let through as far as it knows.
    pub fn remaining(&self, shape: &Shape, now: Timestamp) -> u32 {
        match &self.last {
            Some(last) if now < last.frees_at => shape.limit.saturating_sub(last.used) + self.left,
            _ => shape.limit,
        }
    }

    /// When the oldest count leaves, as far as this node knows.
    pub fn frees_at(&self, shape: &Shape, now: Timestamp) -> Timestamp {
        match &self.last {
            Some(last) if now < last.frees_at => last.frees_at,
            _ => now + shape.length,
        }
    }

    /// Tokens that have to go back when the node stops.
    pub fn give_back(&mut self) -> Vec<(i64, u32)> {
        if let Some(last) = &self.last
            && self.left > 0
        {
            self.unspent.push((last.bucket, self.left));
            self.left = 0;
        }
        std::mem::take(&mut self.unspent)
    }

    fn drop_ended(&mut self, now: Timestamp) {
        if let Some(last) = &self.last
            && self.left > 0
            && now >= last.ends_at
        {
            self.unspent.push((last.bucket, self.left));
            self.left = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const SHAPE: Shape = Shape { limit: 20, length: Span::from_minutes(1), parts: 12 };

    /// Lets one through at a node, as the API does.
    fn pass(ring: &mut Ring, node: &mut Block, shape: &Shape, now: Timestamp) -> bool {
        if node.spend(now).is_some() {
            return true;
        }
        if node.is_known_full(now) {
            return false;
        }
        let ask = node.ask(shape, now);
        let grant = shape.grant(ring, &ask, now);
        node.take_in(grant, now);
        node.spend(now).is_some()
    }

    #[test]
    fn two_nodes_that_take_turns_use_the_whole_limit_and_no_more() {
        let mut ring = SHAPE.ring();
        let mut nodes = [Block::default(), Block::default()];
        let passed = (0..60).filter(|turn| pass(&mut ring, &mut nodes[turn % 2], &SHAPE, START)).count();
        assert_eq!(passed, 20);
        assert_eq!(nodes[0].remaining(&SHAPE, START), 0);
        let freed = nodes[0].frees_at(&SHAPE, START);
        assert!(freed > START && freed <= START + Span::from_seconds(65));
        assert!(pass(&mut ring, &mut nodes[0], &SHAPE, freed));
    }

    #[test]
    fn what_was_not_spent_goes_back_when_its_bucket_has_ended() {
        let shape = Shape { limit: 60, ..SHAPE };
        let mut ring = shape.ring();
        let mut node = Block::default();
        assert!(pass(&mut ring, &mut node, &shape, START));
        assert_eq!(ring.count(START), 5, "an even share was taken");
        let next = START + Span::from_seconds(5);
        assert!(pass(&mut ring, &mut node, &shape, next));
        assert_eq!(ring.count(next), 1 + 5);
    }

    #[test]
    fn a_token_that_is_put_back_late_does_not_move_to_a_newer_bucket() {
        let mut ring = SHAPE.ring();
        let mut node = Block::default();
        assert!(pass(&mut ring, &mut node, &SHAPE, START));
        let next = START + Span::from_seconds(5);
        assert!(pass(&mut ring, &mut node, &SHAPE, next));
        let counted = ring.count(next);
        let bucket = node.last.unwrap().bucket;
        node.put_back(bucket - 1, next);
        assert_eq!(node.give_back(), [(bucket - 1, 1), (bucket, 1)]);
        assert_eq!(counted, 3, "one of the first bucket, two of the second");
    }

    proptest::proptest! {
        /// However many nodes and whichever of them dies with tokens in its hand: no stretch of the
        /// window's length sees more than the limit.
        #[test]
        fn no_window_sees_more_than_the_limit_over_all_nodes(
            hits in proptest::collection::vec((0i64..6_000_000, 0usize..4, 0u8..20), 1..300),
            limit in 1u32..40,
            parts in 1u32..20,
        ) {
            let shape = Shape { limit, parts, ..SHAPE };
            let mut ring = shape.ring();
            let mut nodes = vec![Block::default(); 4];
            let mut passed: Vec<Timestamp> = Vec::new();
            let mut now = START;
            for (gap, node, fate) in hits {
                now = now + Span::from_micros(gap);
                match fate {
                    0 => nodes[node] = Block::default(),
                    1 => ring = Ring::read(shape.length, shape.parts, &ring.write()).unwrap(),
                    _ => {}
                }
                if pass(&mut ring, &mut nodes[node], &shape, now) {
                    passed.push(now);
                }
                let inside = passed.iter().filter(|at| **at + shape.length > now).count();
                proptest::prop_assert!(inside <= limit as usize, "{inside} of {limit}");
                proptest::prop_assert!(nodes[node].remaining(&shape, now) <= limit);
            }
        }
    }
}
