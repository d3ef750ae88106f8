//! Which parts of a text are one emoji to the reader: keycaps, flags, skin tones and joined emoji
//! included. Knows Unicode's tables, no platform.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::emoji_tables::{FLAGS, JOINED, SHOWN_AS_EMOJI, SHOWN_AS_TEXT, TAKES_SELECTOR, TAKES_SKIN_TONE};

const JOINER: char = '\u{200d}';
const EMOJI_SELECTOR: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';
const CANCEL_TAG: char = '\u{e007f}';
/// The most emoji that one joined emoji is made of.
const MAX_JOINED: usize = 4;
/// The flags that are spelled with tags: England, Scotland, Wales.
const TAG_FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

static JOINED_SET: LazyLock<HashSet<&'static str>> = LazyLock::new(|| JOINED.lines().collect());

/// The flags as pairs of regional indicators.
static FLAG_SET: LazyLock<HashSet<(char, char)>> = LazyLock::new(|| {
    let indicator = |letter: u8| char::from_u32(0x1f1e6 + u32::from(letter) - u32::from(b'A'));
    let pair = |region: &str| match *region.as_bytes() {
        [first, second] => indicator(first).zip(indicator(second)),
        _ => None,
    };
    FLAGS.split(' ').filter_map(pair).collect()
});

/// The bytes of the emoji that `text` begins with; `None` when it begins with something else.
///
/// A character that is shown as text unless a selector follows, such as `©`, counts only with it.
pub(super) fn leading(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    match first {
        '0'..='9' | '#' | '*' => keycap(rest).map(|tail| 1 + tail),
        '\u{1f1e6}'..='\u{1f1ff}' => flag(first, rest),
        ..'\u{a9}' => None,
        BLACK_FLAG => Some(
            tag_flag(rest)
                .map(|tail| first.len_utf8() + tail)
                .or_else(|| joined(text))
                .unwrap_or(first.len_utf8()),
        ),
        _ if is_emoji(first) => joined(text).or_else(|| single(first, rest)),
        _ => None,
    }
}

fn keycap(rest: &str) -> Option<usize> {
    let marked = rest.strip_prefix(EMOJI_SELECTOR).unwrap_or(rest);
    marked.starts_with(KEYCAP).then(|| rest.len() - marked.len() + KEYCAP.len_utf8())
}

fn flag(first: char, rest: &str) -> Option<usize> {
    let second = rest.chars().next().filter(|next| matches!(next, '\u{1f1e6}'..='\u{1f1ff}'))?;
    FLAG_SET.contains(&(first, second)).then(|| first.len_utf8() + second.len_utf8())
}

fn tag_flag(rest: &str) -> Option<usize> {
    TAG_FLAGS.iter().find_map(|region| {
        let mut tags = rest.chars();
        let spelled =
            region.chars().all(|letter| tags.next().map(u32::from) == Some(0xe0000 + u32::from(letter)));
        (spelled && tags.next() == Some(CANCEL_TAG)).then(|| rest.len() - tags.as_str().len())
    })
}

fn single(first: char, rest: &str) -> Option<usize> {
    let next = rest.chars().next();
    if let Some(tone) = next.filter(|next| is_skin_tone(*next) && contains(TAKES_SKIN_TONE, first)) {
        return Some(first.len_utf8() + tone.len_utf8());
    }
    let has_selector = next == Some(EMOJI_SELECTOR);
    if contains(SHOWN_AS_TEXT, first) {
        return has_selector.then(|| first.len_utf8() + EMOJI_SELECTOR.len_utf8());
    }
    let absorbed = has_selector && contains(TAKES_SELECTOR, first);
    Some(first.len_utf8() + if absorbed { EMOJI_SELECTOR.len_utf8() } else { 0 })
}

/// The longest emoji of several with joiners between them. Skin tones and selectors may stand
/// anywhere: keyboards differ in where they put them.
fn joined(text: &str) -> Option<usize> {
    let mut bare = String::new();
    let mut longest = None;
    let mut at = 0;
    for part in 0..MAX_JOINED {
        let Some(first) = text[at..].chars().next().filter(|first| is_emoji(*first)) else { break };
        bare.push(first);
        at += first.len_utf8();
        if let Some(mark) =
            text[at..].chars().next().filter(|next| is_skin_tone(*next) || *next == EMOJI_SELECTOR)
        {
            at += mark.len_utf8();
        }
        if part > 0 && JOINED_SET.contains(bare.as_str()) {
            longest = Some(at);
        }
        if !text[at..].starts_with(JOINER) {
            break;
        }
        bare.push(JOINER);
        at += JOINER.len_utf8();
    }
    longest
}

fn is_emoji(letter: char) -> bool {
    contains(SHOWN_AS_EMOJI, letter) || contains(SHOWN_AS_TEXT, letter)
}

fn is_skin_tone(letter: char) -> bool {
    matches!(letter, '\u{1f3fb}'..='\u{1f3ff}')
}

fn contains(ranges: &[(u32, u32)], letter: char) -> bool {
    let code = u32::from(letter);
    let after = ranges.partition_point(|(start, _)| *start <= code);
    after > 0 && code <= ranges[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, emoji: Option<&str>) {
        assert_eq!(leading(text).map(|end| &text[..end]), emoji, "{text}");
    }

    #[test]
    fn what_a_reader_sees_as_one_is_one() {
        for emoji in ["😀", "👍🏽", "🇩🇪", "1️⃣", "#⃣", "❤️", "⚡️", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴‍☠️", "👩🏽‍❤️‍💋‍👨🏻", "🧑‍💻", "©️"]
        {
            check(emoji, Some(emoji));
            check(&format!("{emoji}x"), Some(emoji));
        }
        let england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        check(england, Some(england));
    }

    #[test]
    fn text_is_no_emoji() {
        for text in ["", "a", "1", "#", "©", "™", "❤", "🇩", "🇽🇽", "面", "\u{200d}", "\u{fe0f}"]
        {
            check(text, None);
        }
    }

    #[test]
    fn what_does_not_belong_is_left() {
        check("👍🏽🏽", Some("👍🏽"));
        check("👩‍🍕", Some("👩"));
        check("👍\u{fe0f}", Some("👍"));
        check("🇩🇪🇫", Some("🇩🇪"));
        check("🏴\u{e0067}", Some("🏴"));
    }
}
