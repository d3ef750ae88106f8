//! API keys: `pe_live_` and 32 lower-case hex characters, and what each may do.

/// What every key begins with.
pub const PREFIX: &str = "pe_live_";

/// A right that a key carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Every look-up.
    Read,
    /// Create, change, delete, schedule, retry, upload.
    Write,
    /// Caption and image generation.
    Ai,
    /// Approve posts that wait for it, and publish without asking where others have to ask.
    Approve,
}

impl Scope {
    /// Every scope, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Ai, Self::Approve];

    /// What a key may do unless somebody says otherwise: all but approve.
    pub const USUAL: [Self; 3] = [Self::Read, Self::Write, Self::Ai];

    /// The scope's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Ai => "ai",
            Self::Approve => "approve",
        }
    }

    /// Reads a scope's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A new key from 16 random bytes.
pub fn format(random: [u8; 16]) -> String {
    use std::fmt::Write as _;
    let mut key = String::with_capacity(PREFIX.len() + 32);
    key.push_str(PREFIX);
    for byte in random {
        let _ = write!(key, "{byte:02x}");
    }
    key
}

/// Whether `text` has a key's shape. Says nothing about whether it exists.
pub fn is_well_formed(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| {
        rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The part of a key that may be shown: `pe_live_` and four characters.
pub fn shown_prefix(key: &str) -> &str {
    key.get(..12).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_formatted_is_well_formed() {
        let key = format([0xab; 16]);
        assert!(is_well_formed(&key));
        assert_eq!(shown_prefix(&key), "pe_live_abab");
        assert!(!is_well_formed("pe_live_ABABABABABABABABABABABABABABABAB"));
        assert!(!is_well_formed("pe_live_ab"));
    }
}
