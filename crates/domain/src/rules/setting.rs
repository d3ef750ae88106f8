//! The settings that a platform refuses when they are wrong.

/// A setting that the platform refuses when it is wrong.
#[derive(Clone, Copy, Debug)]
pub struct SettingRule {
    /// Its key and other keys that mean the same.
    pub keys: &'static [&'static str],
    /// What it must be.
    pub takes: SettingTakes,
}

/// What a setting must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingTakes {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A text of at most so many characters.
    Text(u32),
    /// A text of at most so many UTF-16 units.
    Units(u32),
    /// An alternative text, or a list of them; see `PlatformRules::alt_text_max`.
    AltText,
    /// A text that goes out as a post of its own, with the limits of one.
    Post,
    /// A number, as digits.
    Digits,
    /// The address of a page, with `http` or `https`, of at most so many characters.
    Address(u32),
    /// The same, for the card below a post without media. Beside media it goes unused.
    CardAddress,
    /// A shown name of at most so many UTF-16 units.
    Name {
        /// The most units.
        max: u32,
        /// Words that must not be in it.
        without: &'static [&'static str],
        /// Words that it must not be.
        never: &'static [&'static str],
    },
    /// A colour, such as `#6E7874`.
    Colour,
    /// A poll.
    Poll(PollRules),
    /// A list of words, at most so many characters with the commas between them; a word with a space
    /// counts two more.
    Words(u32),
}

/// What a poll must be like: an object with `options`, a list of texts, and perhaps `expiresIn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollRules {
    /// The most options.
    pub options_max: u32,
    /// The longest option, in graphemes.
    pub option_max: u32,
    /// The shortest and the longest time for which it is open, in seconds.
    pub seconds: (u64, u64),
}
