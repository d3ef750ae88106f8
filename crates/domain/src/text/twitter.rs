//! How X counts: the weights of twitter-text's configuration version 3.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::{emoji, twitter_urls};

/// What a link counts, whatever its length: X replaces it by a short one.
const URL_WEIGHT: usize = 23;
/// What an emoji counts, of however many code points it is made.
const EMOJI_WEIGHT: usize = 2;

/// The weighted length of `text`.
pub(super) fn weighted(text: &str) -> usize {
    if text.is_ascii() && !text.contains('.') {
        return text.len();
    }
    let text: Cow<'_, str> = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    };
    let (mut total, mut from) = (0, 0);
    for url in twitter_urls(&text) {
        total += plain(&text[from..url.start]) + URL_WEIGHT;
        from = url.end;
    }
    total + plain(&text[from..])
}

/// The weight of a text without links.
fn plain(text: &str) -> usize {
    let (mut total, mut at) = (0, 0);
    while let Some(letter) = text[at..].chars().next() {
        if let Some(bytes) = emoji::leading(&text[at..]) {
            total += EMOJI_WEIGHT;
            at += bytes;
        } else {
            total += weight(letter);
            at += letter.len_utf8();
        }
    }
    total
}

fn weight(letter: char) -> usize {
    match letter {
        '\0'..='\u{10ff}' | '\u{2000}'..='\u{200d}' | '\u{2010}'..='\u{201f}' | '\u{2032}'..='\u{2037}' => 1,
        _ => 2,
    }
}
