//! How long a text is on X. A reading of its own of the published weights, on purpose.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::links;

/// What every link counts, whatever its length.
const LINK_WEIGHT: usize = 23;

/// The weighted length: Latin letters 1, most others and every emoji 2, links 23.
pub(super) fn weighted(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let (mut total, mut from) = (0, 0);
    for link in links::find(&text) {
        total += plain(&text[from..link.start]) + LINK_WEIGHT;
        from = link.end;
    }
    total + plain(&text[from..])
}

/// Whether the text has characters X refuses.
pub(super) fn is_invalid(text: &str) -> bool {
    text.contains(['\u{FFFE}', '\u{FEFF}', '\u{FFFF}'])
}

fn plain(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| if is_emoji(cluster) { 2 } else { cluster.chars().map(weight).sum() })
        .sum()
}

fn weight(letter: char) -> usize {
    match u32::from(letter) {
        0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037 => 1,
        _ => 2,
    }
}

/// Whether several code points together show one emoji.
fn is_emoji(cluster: &str) -> bool {
    let mut letters = cluster.chars();
    let Some(first) = letters.next() else { return false };
    let is_keycap = cluster.ends_with('\u{20E3}') && matches!(first, '0'..='9' | '#' | '*');
    let can_be_emoji = matches!(u32::from(first),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x24C2
        | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299
        | 0x1F000..=0x1FAFF);
    let is_joined = letters.any(|letter| {
        matches!(u32::from(letter), 0x200D | 0xFE0F | 0x1F1E6..=0x1F1FF | 0x1F3FB..=0x1F3FF | 0xE0020..=0xE007F)
    });
    is_keycap || (can_be_emoji && is_joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_scripts_emoji_and_links_have_their_weights() {
        assert_eq!(weighted(&"a".repeat(280)), 280);
        assert_eq!(weighted(&"面".repeat(140)), 280);
        assert_eq!(weighted("👨‍👩‍👧‍👦"), 2);
        assert_eq!(weighted("🇩🇪👍🏽❤️"), 6);
        assert_eq!(weighted("1️⃣"), 2);
        assert_eq!(weighted("go https://example.com/a/very/long/path/that/does/not/matter now"), 30);
        assert_eq!(weighted("cafe\u{301}"), 4);
    }
}
