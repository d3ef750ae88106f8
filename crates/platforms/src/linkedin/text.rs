//! LinkedIn's "little text": what must be escaped, and how a hashtag is written. An unescaped
//! reserved character gives no error; the text just ends there.

/// Characters that mean something in little text (LinkedIn: little text format).
const RESERVED: [char; 15] = ['|', '{', '}', '@', '[', ']', '(', ')', '<', '>', '#', '\\', '*', '_', '~'];

/// Plain text as little text.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        if character == '#' && starts_word(before) {
            let tag = hashtag(after);
            if !tag.is_empty() {
                escaped.push_str("{hashtag|\\#|");
                tag.chars().for_each(|c| push(&mut escaped, c));
                escaped.push('}');
                before = tag.chars().next_back();
                rest = &after[tag.len()..];
                continue;
            }
        }
        push(&mut escaped, character);
        before = Some(character);
        rest = after;
    }
    escaped
}

/// Little text as a person reads it, for comparing with what was sent.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some((tag, after)) = rest.strip_prefix("{hashtag|\\#|").and_then(|tag| tag.split_once('}')) {
            plain.push('#');
            plain.push_str(&tag.replace('\\', ""));
            rest = after;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if character != '\\' {
            plain.push(character);
        } else if let Some(escaped) = rest.chars().next() {
            plain.push(escaped);
            rest = &rest[escaped.len_utf8()..];
        }
    }
    plain
}

fn push(escaped: &mut String, character: char) {
    if RESERVED.contains(&character) {
        escaped.push('\\');
    }
    escaped.push(character);
}

fn starts_word(before: Option<char>) -> bool {
    before.is_none_or(|character| character.is_whitespace() || "([{\"'".contains(character))
}

/// The word after a `#`; empty when it is none, such as in `#1`.
fn hashtag(after: &str) -> &str {
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
    let tag = &after[..end];
    if tag.chars().any(char::is_alphabetic) { tag } else { "" }
}
