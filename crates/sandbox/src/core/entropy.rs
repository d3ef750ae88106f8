//! The sandbox's one source of randomness: ids, tokens, dice of faults.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::lock;

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A generator shared by all emulators.
pub(crate) struct Entropy(Mutex<StdRng>);

impl Entropy {
    /// A generator seeded by the operating system.
    pub(crate) fn from_system() -> Self {
        let mut seed = [0; 32];
        #[expect(clippy::disallowed_methods, reason = "this is the sandbox's one owner of randomness")]
        rand::rng().fill_bytes(&mut seed);
        Self(Mutex::new(StdRng::from_seed(seed)))
    }

    /// A generator that repeats itself for the same seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// Fills `bytes`.
    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        lock(&self.0).fill_bytes(bytes);
    }

    /// Any number.
    pub(crate) fn number(&self) -> u64 {
        lock(&self.0).next_u64()
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub(crate) fn below(&self, limit: u64) -> u64 {
        self.number().checked_rem(limit).unwrap_or(0)
    }

    /// `length` letters and digits, for tokens and opaque ids.
    pub(crate) fn token(&self, length: usize) -> String {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes);
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
    }
}
