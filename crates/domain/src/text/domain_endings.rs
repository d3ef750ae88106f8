//! Which names are top-level domains. Data: the list that twitter-text counts by.

use std::collections::HashSet;
use std::sync::LazyLock;

static ENDINGS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("domain_endings.txt").lines().collect());

/// The characters of the longest ending.
const MAX_CHARS: usize = 18;

/// Whether `label` is a top-level domain, in any case.
pub fn is_domain_ending(label: &str) -> bool {
    // Few labels are long enough to be worth refusing early, but a text may be one long "label".
    if label.len() > MAX_CHARS * 4 {
        return false;
    }
    if label.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return ENDINGS.contains(label);
    }
    ENDINGS.contains(label.to_lowercase().as_str())
}

/// The bytes of the ending that `text` begins with. What follows must not continue the name.
pub(super) fn leading(text: &str) -> Option<usize> {
    if let Some(("xn--", name)) = text.split_at_checked(4).map(|(head, name)| (lower_xn(head), name)) {
        let run = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        return (run > 0).then_some(4 + run);
    }
    let ascii = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let after = &text[ascii..];
    // A part of an ASCII run is never an ending, so the run itself is the only candidate.
    if after.is_empty() || after.starts_with(|next: char| next.is_ascii()) {
        return (!continues_name(after) && is_domain_ending(&text[..ascii])).then_some(ascii);
    }
    let mut lower = String::with_capacity(MAX_CHARS * 4);
    let mut longest = None;
    for (at, letter) in text.char_indices().take(MAX_CHARS).take_while(|(_, letter)| *letter != '.') {
        lower.extend(letter.to_lowercase());
        let end = at + letter.len_utf8();
        if ENDINGS.contains(lower.as_str()) && !continues_name(&text[end..]) {
            longest = Some(end);
        }
    }
    longest
}

fn lower_xn(head: &str) -> &str {
    if head.eq_ignore_ascii_case("xn--") { "xn--" } else { head }
}

fn continues_name(after: &str) -> bool {
    after.starts_with(|next: char| next.is_ascii_alphanumeric() || matches!(next, '@' | '+' | '-'))
}
