//! Record keys: 13 characters that sort by time ("TID" in the AT Protocol's specification).

use connector::Publication;
use domain::Timestamp;
use net::Entropy;

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// The keys of a destination's `count` parts, each greater than the one before.
///
/// They depend on the destination's id alone: whoever publishes it, in whatever state, writes under
/// the same keys, and the host takes each key once.
pub(super) fn of(to: &Publication, count: usize) -> Vec<String> {
    let (high, random) = to.destination_id.0.as_u64_pair();
    // Ids begin with the millisecond in which they were made.
    let millis = if to.destination_id.0.get_version_num() == 7 {
        high >> 16
    } else {
        u64::try_from(to.scheduled_for.as_millis()).unwrap_or(0)
    };
    let clock_id = u16::try_from(random & 0x3ff).unwrap_or(0);
    let first = millis * 1_000 + (random >> 10) % 1_000;
    (first..).take(count).map(|micros| encode(micros, clock_id)).collect()
}

/// `count` keys that nobody has, each greater than the one before.
///
/// The microseconds below `now`'s millisecond are random, as is the clock id: two posts of the same
/// moment get different keys.
pub(super) fn choose(now: Timestamp, entropy: &dyn Entropy, count: usize) -> Vec<String> {
    let mut random = [0; 4];
    entropy.fill(&mut random);
    let [a, b, c, d] = random;
    let clock_id = u16::from_le_bytes([a, b]);
    let below_the_millisecond = u64::from(u16::from_le_bytes([c, d]) % 1_000);
    let first = u64::try_from(now.as_millis()).unwrap_or(0) * 1_000 + below_the_millisecond;
    (first..).take(count).map(|micros| encode(micros, clock_id)).collect()
}

/// One zero bit, 53 bits of microseconds, 10 bits of clock id; five bits per character.
fn encode(micros: u64, clock_id: u16) -> String {
    let number = ((micros << 10) | u64::from(clock_id & 0x3ff)) & (u64::MAX >> 1);
    (0..13)
        .rev()
        .filter_map(|place| ALPHABET.get(usize::try_from(number >> (5 * place) & 31).ok()?))
        .map(|&letter| char::from(letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use net::SeededEntropy;

    use super::*;

    #[test]
    fn a_known_moment_has_a_known_key() {
        assert_eq!(encode(0, 0), "2222222222222");
        assert_eq!(encode(0, 31), "222222222222z");
        assert_eq!(encode(1, 0), "2222222222322");
        // 53 bits of microseconds and 10 of clock id, all set.
        assert_eq!(encode((1 << 53) - 1, 0x3ff), "bzzzzzzzzzzzz");
    }

    #[test]
    fn keys_of_a_thread_grow_and_have_the_required_form() {
        let keys = choose(Timestamp::from_seconds(1_795_425_600), &SeededEntropy::new(1), 50);
        assert_eq!(keys.len(), 50);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        for key in keys {
            assert_eq!(key.len(), 13);
            assert!(key.bytes().all(|letter| ALPHABET.contains(&letter)));
            assert!(key.starts_with(|first| ('2'..='7').contains(&first) || ('a'..='j').contains(&first)));
        }
    }

    #[test]
    fn a_later_moment_has_a_greater_key_and_one_moment_has_many() {
        let entropy = SeededEntropy::new(2);
        let now = Timestamp::from_seconds(1_795_425_600);
        let earlier = choose(now, &entropy, 1);
        let again = choose(now, &entropy, 1);
        let later = choose(now + domain::Span::from_millis(2), &entropy, 1);
        assert_ne!(earlier, again);
        assert!(later > earlier && later > again);
    }
}
