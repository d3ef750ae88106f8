//! The encryption keys as they stand in their file or in the configuration. Must not know where
//! either is, nor what the keys encrypt.

use std::fmt::Write as _;

/// Why a text holds no encryption keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// There is none.
    #[error("there is no encryption key")]
    Empty,
    /// A key has another form.
    #[error("an encryption key is 64 hexadecimal characters, with a number and a colon before them")]
    Malformed,
    /// Two keys have the same number.
    #[error("two encryption keys have the number {0}")]
    Twice(u32),
    /// There is no number left for a new key.
    #[error("there is no number left for a new encryption key")]
    Full,
}

/// Numbered keys of 32 bytes. Secrets are written with the first one and read with any.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySet(Vec<(u32, [u8; 32])>);

impl KeySet {
    /// The number of a key that has none in its text.
    const FIRST: u32 = 1;

    /// One key, with number 1.
    pub fn single(key: [u8; 32]) -> Self {
        Self(vec![(Self::FIRST, key)])
    }

    /// Reads `number:hex`, one a line or separated by commas. A lone `hex` has number 1.
    ///
    /// # Errors
    /// When a key is malformed or none is there.
    pub fn parse(text: &str) -> Result<Self, KeySetError> {
        let mut keys: Vec<(u32, [u8; 32])> = Vec::new();
        for entry in text.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty()) {
            let (number, hex) = match entry.split_once(':') {
                Some((number, hex)) => {
                    (number.trim().parse().map_err(|_| KeySetError::Malformed)?, hex.trim())
                }
                None => (Self::FIRST, entry),
            };
            if keys.iter().any(|(known, _)| *known == number) {
                return Err(KeySetError::Twice(number));
            }
            keys.push((number, bytes_of(hex)?));
        }
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(Self(keys)) }
    }

    /// The text that [`KeySet::parse`] reads; the old form where there is only the first key ever.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (number, key) in &self.0 {
            if self.0.len() > 1 || *number != Self::FIRST {
                let _ = write!(text, "{number}:");
            }
            for byte in key {
                let _ = write!(text, "{byte:02x}");
            }
            text.push('\n');
        }
        text
    }

    /// The number of the key that is written with.
    pub fn current(&self) -> u32 {
        self.0.first().map_or(Self::FIRST, |(number, _)| *number)
    }

    /// The bytes of the key that is written with.
    pub fn current_key(&self) -> [u8; 32] {
        self.0.first().map_or([0; 32], |(_, key)| *key)
    }

    /// The numbers, the one that is written with first.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|(number, _)| *number)
    }

    /// The same keys and a new one, which is written with from now on.
    ///
    /// # Errors
    /// [`KeySetError::Full`] after four thousand million keys.
    pub fn with_new(&self, key: [u8; 32]) -> Result<Self, KeySetError> {
        let number = self.numbers().max().unwrap_or(0).checked_add(1).ok_or(KeySetError::Full)?;
        Ok(Self(std::iter::once((number, key)).chain(self.0.iter().copied()).collect()))
    }

    /// Only the key that is written with.
    #[must_use]
    pub fn only_current(&self) -> Self {
        Self(self.0.iter().take(1).copied().collect())
    }

    /// The numbers and the keys, the one that is written with first.
    pub fn iter(&self) -> impl Iterator<Item = (u32, [u8; 32])> + '_ {
        self.0.iter().copied()
    }
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySet").field("current", &self.current()).finish_non_exhaustive()
    }
}

fn bytes_of(hex: &str) -> Result<[u8; 32], KeySetError> {
    let mut key = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(KeySetError::Malformed);
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).map_err(|_| KeySetError::Malformed)?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_key_is_number_one_and_keeps_its_old_form() {
        let text = "ab".repeat(32);
        let keys = KeySet::parse(&text).unwrap();
        assert_eq!((keys.current(), keys.current_key()), (1, [0xab; 32]));
        assert_eq!(keys.to_text().trim(), text);
        assert_eq!(KeySet::parse(&keys.to_text()), Ok(keys));
    }

    #[test]
    fn a_new_key_comes_first_and_the_others_stay_readable() {
        let keys = KeySet::single([1; 32]).with_new([2; 32]).unwrap();
        assert_eq!(keys.numbers().collect::<Vec<_>>(), [2, 1]);
        assert_eq!(KeySet::parse(&keys.to_text()), Ok(keys.clone()));
        assert_eq!(KeySet::parse(&keys.to_text().replace('\n', ",")), Ok(keys.clone()));
        let left = keys.only_current();
        assert_eq!(left.to_text(), format!("2:{}\n", "02".repeat(32)));
        assert_eq!(left.with_new([3; 32]).unwrap().current(), 3, "a number is not used again");
    }

    #[test]
    fn what_is_no_key_is_refused_and_none_is_shown() {
        assert_eq!(KeySet::parse(" \n"), Err(KeySetError::Empty));
        assert_eq!(KeySet::parse("12"), Err(KeySetError::Malformed));
        assert_eq!(KeySet::parse(&format!("x:{}", "00".repeat(32))), Err(KeySetError::Malformed));
        assert_eq!(KeySet::parse(&format!("+{}", "0".repeat(63))), Err(KeySetError::Malformed));
        let twice = format!("{0},1:{0}", "00".repeat(32));
        assert_eq!(KeySet::parse(&twice), Err(KeySetError::Twice(1)));
        assert!(!format!("{:?}", KeySet::single([0xab; 32])).contains("ab"));
    }
}
