//! The seed's decisions. The generator is written out here, so that a seed means the same run with
//! every version of every library.

use domain::Span;

/// One in so many is what chances are given in.
pub(crate) const WHOLE: u64 = 10_000;

/// A generator of decisions (SplitMix64).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x005E_ED0F_FA4F_A4E5)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `from..to`; `from` where there is none between.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        let drawn = self.next();
        from + drawn % to.saturating_sub(from).max(1)
    }

    /// An index below `length`.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.between(0, u64::try_from(length).unwrap_or(1))).unwrap_or(0)
    }

    /// Whether something happens that happens `rate` times in [`WHOLE`].
    pub(crate) fn happens(&mut self, rate: u64) -> bool {
        self.between(0, WHOLE) < rate
    }

    /// A span of `from..to` milliseconds.
    pub(crate) fn span_ms(&mut self, from: u64, to: u64) -> Span {
        let micros = self.between(from * 1000, to * 1000);
        Span::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// The engine's own source of randomness, apart from the decisions of what goes wrong.
#[derive(Debug)]
pub(crate) struct SeededBytes(std::sync::Mutex<Chance>);

impl SeededBytes {
    pub(crate) fn new(seed: u64) -> Self {
        Self(std::sync::Mutex::new(Chance::new(!seed)))
    }
}

impl net::Entropy for SeededBytes {
    fn fill(&self, bytes: &mut [u8]) {
        let mut chance = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            let drawn = chance.next().to_le_bytes();
            for (byte, drawn) in chunk.iter_mut().zip(drawn) {
                *byte = drawn;
            }
        }
    }
}
