//! How long a text is, as each platform counts it, and what links and tags are in it.

mod domain_endings;
mod emoji;
mod emoji_tables;
mod mastodon;
mod punycode;
mod tags;
mod twitter;
mod twitter_url;

use unicode_segmentation::UnicodeSegmentation;

pub use domain_endings::is_domain_ending;
pub use mastodon::without_hosts;
pub use tags::{cashtags, hashtags, is_hashtag, mentions};
pub use twitter_url::{twitter_urls, web_links};

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
    let length = match rule {
        CountingRule::TwitterWeighted => twitter::weighted(text),
        CountingRule::Graphemes => text.graphemes(true).count(),
        CountingRule::Utf16Units => text.encode_utf16().count(),
        CountingRule::CodePoints => text.chars().count(),
        CountingRule::Utf8Bytes => text.len(),
        CountingRule::EmojiAsUtf8Bytes => characters_and_emoji_bytes(text),
        CountingRule::MastodonUrl23 => mastodon::length(text),
    };
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The same text without its emoji.
pub fn without_emoji(text: &str) -> String {
    let (mut plain, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(letter) = text[at..].chars().next() {
        let emoji = emoji::leading(&text[at..]);
        if emoji.is_none() {
            plain.push(letter);
        }
        at += emoji.unwrap_or(letter.len_utf8());
    }
    plain
}

fn characters_and_emoji_bytes(text: &str) -> usize {
    let (mut total, mut at) = (0, 0);
    while let Some(letter) = text[at..].chars().next() {
        if let Some(bytes) = emoji::leading(&text[at..]) {
            total += bytes;
            at += bytes;
        } else {
            total += 1;
            at += letter.len_utf8();
        }
    }
    total
}
