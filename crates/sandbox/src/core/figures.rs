//! Figures of what is public, on every platform the same: made up from an id, and growing with the
//! emulated time, quickly at first and then ever more slowly. The same id of the same age has the same
//! figures.

use domain::{Span, Timestamp};

/// Half of what a post ever gets comes within two days.
const HALF_IN_MINUTES: i64 = 2_880;
const DAY_SECONDS: i64 = 86_400;
/// A day some time before anything here was made.
const FIRST_DAY: i64 = 20_000;

/// How a post does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// How often it was shown.
    pub(crate) seen: i64,
    pub(crate) likes: i64,
    pub(crate) comments: i64,
    pub(crate) shares: i64,
    pub(crate) clicks: i64,
}

impl Figures {
    /// Those of the post with this id that became public so long ago.
    pub(crate) fn of(id: &str, age: Span) -> Self {
        let weight = weight(id);
        let minutes = (age.as_millis() / 60_000).max(0);
        let seen = (600 + weight % 2_400) * minutes / (minutes + HALF_IN_MINUTES);
        Self {
            seen,
            likes: seen / (12 + weight % 9),
            comments: seen / (40 + weight % 17),
            shares: seen / (60 + weight % 31),
            clicks: seen / (25 + weight % 13),
        }
    }
}

/// How many follow the account with this id.
pub(crate) fn followers(id: &str, now: Timestamp) -> i64 {
    let weight = weight(id);
    let days = (now.as_seconds() / DAY_SECONDS - FIRST_DAY).max(0);
    100 + weight % 900 + days * (1 + weight % 4)
}

fn weight(id: &str) -> i64 {
    // FNV-1a: the same on every machine.
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::try_from(hash >> 40).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_grow_and_depend_on_the_id() {
        let at = |hours| Figures::of("1", Span::from_hours(hours));
        assert_eq!(at(0), Figures::default());
        for (earlier, later) in [(1, 6), (6, 24), (24, 48), (48, 96), (96, 720)] {
            assert!(at(earlier).seen < at(later).seen, "{later}");
        }
        assert_eq!(at(24), at(24));
        assert_ne!(at(24), Figures::of("2", Span::from_hours(24)));
        let now = Timestamp::from_seconds(1_800_000_000);
        assert!(followers("1", now) < followers("1", now + Span::from_days(1)));
    }
}
