//! The length of a label in its ASCII form (RFC 3492), which DNS limits.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;

/// The bytes of `label` in its ASCII form; more than `limit` as soon as it is clear that it is more.
pub(super) fn encoded_length(label: &str, limit: usize) -> usize {
    if label.is_ascii() {
        return label.len();
    }
    // The full stops of East Asian scripts separate labels too, once encoded.
    let parts = label.split(['\u{3002}', '\u{ff0e}', '\u{ff61}']);
    let lengths = parts.map(|part| if part.is_ascii() { part.len() } else { part_length(part, limit) });
    // One more for each part is one too many: a dot stands only between them.
    lengths.fold(0, |total: usize, length| total.saturating_add(length).saturating_add(1)).saturating_sub(1)
}

fn part_length(label: &str, limit: usize) -> usize {
    let letters: Vec<u32> = label.chars().take(limit + 1).map(u32::from).collect();
    // Every character costs at least one byte.
    if letters.len() > limit {
        return usize::MAX;
    }
    let basic = letters.iter().filter(|letter| **letter < 0x80).count();
    let mut length = "xn--".len() + basic + usize::from(basic > 0);
    let (mut next, mut delta, mut bias) = (0x80, 0_u32, 72);
    let mut done = basic;
    while done < letters.len() {
        let Some(smallest) = letters.iter().copied().filter(|letter| *letter >= next).min() else { break };
        let handled = u32::try_from(done + 1).unwrap_or(u32::MAX);
        delta = delta.saturating_add((smallest - next).saturating_mul(handled));
        for letter in &letters {
            if *letter < smallest {
                delta += 1;
            }
            if *letter == smallest {
                length += digits(delta, bias);
                let handled = u32::try_from(done + 1).unwrap_or(u32::MAX);
                bias = adapt(delta, handled, basic == done);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        next = smallest + 1;
    }
    length
}

/// How many digits the generalized variable-length integer of `delta` has.
fn digits(delta: u32, bias: u32) -> usize {
    let (mut rest, mut position, mut count) = (delta, BASE, 1);
    loop {
        let threshold = position.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            return count;
        }
        rest = (rest - threshold) / (BASE - threshold);
        position += BASE;
        count += 1;
    }
}

fn adapt(delta: u32, handled: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / handled;
    let mut position = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        position += BASE;
    }
    position + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_encoded_names() {
        for (label, encoded) in [
            ("münchen", "xn--mnchen-3ya"),
            ("例え", "xn--r8jz45g"),
            ("рф", "xn--p1ai"),
            ("bücher", "xn--bcher-kva"),
        ] {
            assert_eq!(encoded_length(label, 63), encoded.len(), "{label}");
        }
        assert!(encoded_length(&"é".repeat(64), 63) > 63);
    }
}
