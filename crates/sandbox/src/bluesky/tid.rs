//! Record keys: 53 bits of microseconds and 10 bits of chance in a sortable base32.

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
const LETTERS: usize = 13;

/// Whether `text` is a record key of the kind that posts have.
pub(super) fn is_valid(text: &str) -> bool {
    text.len() == LETTERS
        && text.bytes().all(|letter| ALPHABET.contains(&letter))
        && matches!(text.as_bytes()[0], b'2'..=b'7' | b'a'..=b'j')
}

/// A key for this moment.
pub(super) fn make(micros: i64, chance: u64) -> String {
    let micros = u64::try_from(micros).unwrap_or(0) & ((1 << 53) - 1);
    let mut number = (micros << 10) | (chance & 1023);
    let mut letters = [0; LETTERS];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET[usize::try_from(number & 31).unwrap_or(0)];
        number >>= 5;
    }
    letters.iter().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_time() {
        let (early, late) = (make(1_700_000_000_000_000, 1023), make(1_700_000_000_000_001, 0));
        assert!(early < late);
        assert!(is_valid(&early) && is_valid(&late));
    }

    #[test]
    fn other_texts_are_no_keys() {
        for text in
            ["", "self", "3jzfcijpj2z2", "3jzfcijpj2z2aa", "zzzzzzzzzzzzz", "3JZFCIJPJ2Z2A", "0000000000000"]
        {
            assert!(!is_valid(text), "{text}");
        }
        assert!(is_valid("3jzfcijpj2z2a"));
    }
}
