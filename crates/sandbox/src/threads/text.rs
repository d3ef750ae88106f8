//! How long a text is on Threads, and what links and topic it has. A reading of its own of the
//! published rules, on purpose.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

/// The length: characters, but an emoji counts its UTF-8 bytes.
pub(super) fn length(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| if is_emoji(cluster) { cluster.len() } else { cluster.chars().count() })
        .sum()
}

/// Signs that most systems show as pictures by themselves, outside the blocks of pictures.
#[rustfmt::skip]
const PICTURES: &[u32] = &[
    0x231A, 0x231B, 0x23E9, 0x23EA, 0x23EB, 0x23EC, 0x23F0, 0x23F3, 0x25FD, 0x25FE, 0x2614, 0x2615,
    0x2648, 0x2649, 0x264A, 0x264B, 0x264C, 0x264D, 0x264E, 0x264F, 0x2650, 0x2651, 0x2652, 0x2653,
    0x267F, 0x2693, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26D4, 0x26EA,
    0x26F2, 0x26F3, 0x26F5, 0x26FA, 0x26FD, 0x2705, 0x270A, 0x270B, 0x2728, 0x274C, 0x274E, 0x2753,
    0x2754, 0x2755, 0x2757, 0x2795, 0x2796, 0x2797, 0x27B0, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B55,
    0x1F004, 0x1F0CF,
];

fn is_emoji(cluster: &str) -> bool {
    let Some(first) = cluster.chars().next().map(u32::from) else { return false };
    match first {
        0x1F1E6..=0x1FAFF => true,
        // Signs that are pictures only when it is asked for.
        0xA9 | 0xAE | 0x203C..=0x3299 if cluster.contains('\u{FE0F}') => true,
        0x23 | 0x2A | 0x30..=0x39 => cluster.contains('\u{20E3}'),
        other => PICTURES.contains(&other),
    }
}

/// The different links of a text.
pub(super) fn links(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .filter_map(|word| {
            let at = word.find("https://").or_else(|| word.find("http://"))?;
            let link = word[at..].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'']);
            (link.len() > 8).then(|| link.to_owned())
        })
        .collect()
}

/// The first link of a text.
pub(super) fn first_link(text: &str) -> Option<String> {
    let all = links(text);
    all.into_iter().min_by_key(|link| text.find(link.as_str()))
}

/// The topic: the first tag of a text.
pub(super) fn first_tag(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        let name = word.strip_prefix('#')?;
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
        is_topic(&name[..end]).then(|| name[..end].to_owned())
    })
}

/// Whether `topic` can be one.
pub(super) fn is_topic(topic: &str) -> bool {
    (1..=50).contains(&topic.chars().count()) && !topic.contains(['.', '&'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_counts_its_bytes_and_everything_else_one() {
        for (text, expect) in [
            ("abc", 3),
            ("żółw", 4),
            ("面", 1),
            ("😀", 4),
            ("👨‍👩‍👧‍👦", 25),
            ("🇩🇪", 8),
            ("❤️", 6),
            ("❤", 1),
            ("1", 1),
            ("a b", 3),
        ] {
            assert_eq!(length(text), expect, "{text}");
        }
    }

    #[test]
    fn links_are_counted_once_and_the_first_tag_is_the_topic() {
        let text = "see https://a.example/x, https://b.example and (https://a.example/x) #rye #oats";
        assert_eq!(links(text).len(), 2);
        assert_eq!(first_link(text).as_deref(), Some("https://a.example/x"));
        assert_eq!(first_tag(text).as_deref(), Some("rye"));
        assert_eq!(first_tag("no # tag a#b"), None);
    }
}
