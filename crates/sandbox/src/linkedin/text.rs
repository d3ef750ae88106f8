//! LinkedIn's "little text": how a `commentary` shows to readers.
//! Written from the page "little Text Format"; unescaped reserved characters cut the text, as
//! they do on LinkedIn, so that missing escapes show up.

const RESERVED: &str = "|{}@[]()<>#\\*_~";

/// A commentary as readers see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    /// Whether the rest was lost at an unescaped reserved character.
    pub(super) is_cut: bool,
}

/// Reads little text.
pub(super) fn show(commentary: &str) -> Shown {
    let mut text = String::new();
    let mut rest = commentary;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let taken = match letter {
            '\\' => after.chars().next().map(|escaped| (escaped.to_string(), &after[escaped.len_utf8()..])),
            '{' => template(after),
            '@' => mention(after),
            // Outside the grammar, but shown as a hashtag in practice.
            '#' if after.starts_with(char::is_alphanumeric) => Some(("#".to_owned(), after)),
            reserved if RESERVED.contains(reserved) => None,
            other => Some((other.to_string(), after)),
        };
        match taken {
            Some((shown, left)) => {
                text.push_str(&shown);
                rest = left;
            }
            None => return Shown { text: text.trim_end().to_owned(), is_cut: true },
        }
    }
    Shown { text, is_cut: false }
}

/// `{hashtag|\#|word}`, after the brace.
fn template(after: &str) -> Option<(String, &str)> {
    let (parts, left) = parts_until(after, '}')?;
    match parts.as_slice() {
        [name, sign, word] if name == "hashtag" && (sign == "#" || sign == "＃") && !word.is_empty() => {
            Some((format!("#{word}"), left))
        }
        _ => None,
    }
}

/// `@[Name](urn:li:…)`, after the at sign.
fn mention(after: &str) -> Option<(String, &str)> {
    let (name, left) = parts_until(after.strip_prefix('[')?, ']')?;
    let (target, left) = parts_until(left.strip_prefix('(')?, ')')?;
    let is_entity = target
        .first()
        .is_some_and(|urn| urn.starts_with("urn:li:person:") || urn.starts_with("urn:li:organization:"));
    is_entity.then(|| (name.join("|"), left))
}

/// The unescaped parts up to `end`, split at bars, and what follows.
fn parts_until(text: &str, end: char) -> Option<(Vec<String>, &str)> {
    let mut parts = vec![String::new()];
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let last = parts.len() - 1;
        match letter {
            '\\' => parts[last].push(letters.next()?.1),
            '|' => parts.push(String::new()),
            other if other == end => return Some((parts, &text[at + other.len_utf8()..])),
            other => parts[last].push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(commentary: &str, text: &str, is_cut: bool) {
        assert_eq!(show(commentary), Shown { text: text.to_owned(), is_cut }, "{commentary}");
    }

    #[test]
    fn escapes_and_templates_show_as_readers_see_them() {
        check(r"Rye \(dark\) \_now\_ \\ ok", r"Rye (dark) _now_ \ ok", false);
        check(r"Fresh {hashtag|\#|bread} today", "Fresh #bread today", false);
        check("Thanks @[Harbour Bakery](urn:li:organization:2414183)!", "Thanks Harbour Bakery!", false);
        check("Bare #bread too\nand a line", "Bare #bread too\nand a line", false);
    }

    #[test]
    fn an_unescaped_reserved_character_cuts_the_text() {
        check("Open daily (also Sunday) 7-12", "Open daily", true);
        check("50% * off", "50%", true);
        check("mail me@example.com", "mail me", true);
        check("price # 4", "price", true);
        check("{hashtag|bread", "", true);
    }
}
