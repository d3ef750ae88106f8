//! Chance that repeats itself for the same seed.

/// A generator of numbers (SplitMix64): small, and the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    /// The generator of case number `case` of a run: each can be replayed without those before it.
    pub(crate) fn new(seed: u64, case: usize) -> Self {
        let mut dice = Self(seed ^ (case as u64).wrapping_mul(0xd134_2543_de82_ef95));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap()
    }

    /// A number near `middle`: up to two beside it.
    pub(crate) fn near(&mut self, middle: usize) -> usize {
        (middle + self.below(5)).saturating_sub(2)
    }

    /// True in `percent` of all cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}
