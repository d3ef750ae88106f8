//! `parse_mode` HTML: a handful of tags, and strict about them.

use super::markup::{Builder, Marked};

/// Reads a text with tags.
///
/// # Errors
/// In the platform's words.
pub(super) fn parse(input: &str) -> Result<Marked, String> {
    let mut builder = Builder::default();
    let mut at = 0;
    while let Some(letter) = input[at..].chars().next() {
        match letter {
            '<' => at = tag(input, at, &mut builder)?,
            '&' => {
                let (letter, length) = character(&input[at..]);
                builder.push(letter);
                at += length;
            }
            other => {
                builder.push(other);
                at += other.len_utf8();
            }
        }
    }
    match builder.open.last() {
        Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
        None => Ok(builder.marked),
    }
}

/// Reads the tag at `at`, and says where it ends.
fn tag(input: &str, at: usize, builder: &mut Builder) -> Result<usize, String> {
    let rest = &input[at + 1..];
    let end = rest.find('>');
    if let Some(name) = rest.strip_prefix('/') {
        let end = end.ok_or_else(|| format!("Unclosed end tag at byte offset {at}"))?;
        let name = name[..end - 1].trim().to_ascii_lowercase();
        let Some(open) = builder.open.last() else {
            return Err(format!("Unexpected end tag at byte offset {at}"));
        };
        if open.tag != name {
            let expected = &open.tag;
            return Err(format!(
                "Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{name}>\""
            ));
        }
        builder.end();
        return Ok(at + end + 2);
    }
    let length = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    let name = rest[..length.unwrap_or(rest.len())].to_ascii_lowercase();
    let end = end.ok_or_else(|| format!("Unclosed start tag at byte offset {at}"))?;
    let attributes = rest.get(name.len()..end).unwrap_or_default();
    let is_in_pre = builder.open.last().is_some_and(|open| open.tag == "pre");
    let kind = match name.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" if attribute(attributes, "class").as_deref() == Some("tg-spoiler") => "spoiler",
        "span" => return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}")),
        "a" => "text_link",
        "tg-emoji" => "custom_emoji",
        "code" if is_in_pre => "",
        "code" => "code",
        "pre" => "pre",
        "blockquote" if attributes.contains("expandable") => "expandable_blockquote",
        "blockquote" => "blockquote",
        _ => return Err(format!("Unsupported start tag \"{name}\" at byte offset {at}")),
    };
    let language =
        attribute(attributes, "class").and_then(|class| class.strip_prefix("language-").map(str::to_owned));
    if is_in_pre
        && language.is_some()
        && let Some(pre) = builder.open.last_mut()
    {
        pre.entity.language.clone_from(&language);
    }
    // A link that leads nowhere is text.
    let url = attribute(attributes, "href").filter(|url| url.contains('.') || url.starts_with("tg://"));
    let kind = if kind == "text_link" && url.is_none() { "" } else { kind };
    let entity = builder.begin(&name, kind, at);
    entity.url = url.filter(|_| kind == "text_link");
    entity.custom_emoji_id = attribute(attributes, "emoji-id").filter(|_| kind == "custom_emoji");
    Ok(at + end + 2)
}

/// The value of an attribute.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let start = attributes.find(&format!("{name}="))? + name.len() + 1;
    let rest = &attributes[start..];
    let quoted = ['"', '\''].into_iter().find(|quote| rest.starts_with(*quote));
    let value = match quoted {
        Some(quote) => rest[1..].split(quote).next()?,
        None => rest.split_whitespace().next()?,
    };
    let mut text = String::new();
    let mut at = 0;
    while let Some(letter) = value[at..].chars().next() {
        let (letter, length) =
            if letter == '&' { character(&value[at..]) } else { (letter, letter.len_utf8()) };
        text.push(letter);
        at += length;
    }
    Some(text)
}

/// The character that a text beginning with `&` stands for, and how long its name is. What is no
/// name stands for itself.
fn character(text: &str) -> (char, usize) {
    let Some(end) = text.find(';').filter(|end| *end <= 10) else { return ('&', 1) };
    let name = &text[1..end];
    let letter = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        _ => name.strip_prefix('#').and_then(|code| {
            let number = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(number).filter(|letter| *letter != '\0')
        }),
    };
    letter.map_or(('&', 1), |letter| (letter, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_entities() {
        let marked = parse(
            "a &lt; b &amp; <b>bo<i>ld</i></b> <a href=\"https://example.org/?a=1&amp;b\">l</a> \
             <pre><code class=\"language-rust\">x</code></pre> <blockquote expandable>q</blockquote>&nosuch;",
        )
        .unwrap();
        assert_eq!(marked.text, "a < b & bold l x q&nosuch;");
        let kinds: Vec<_> = marked
            .entities
            .iter()
            .map(|entity| (entity.kind.as_str(), entity.offset, entity.length))
            .collect();
        assert_eq!(
            kinds,
            [
                ("italic", 10, 2),
                ("bold", 8, 4),
                ("text_link", 13, 1),
                ("pre", 15, 1),
                ("expandable_blockquote", 17, 1)
            ]
        );
        assert_eq!(marked.entities[2].url.as_deref(), Some("https://example.org/?a=1&b"));
        assert_eq!(marked.entities[3].language.as_deref(), Some("rust"));
    }

    #[test]
    fn what_is_not_right_is_refused_with_its_place() {
        for (text, why) in [
            ("a <b>b", "Can't find end tag corresponding to start tag \"b\""),
            ("a </b>", "Unexpected end tag at byte offset 2"),
            ("<b>a</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
            ("é <div>", "Unsupported start tag \"div\" at byte offset 3"),
            ("1 < 2 > 1", "Unsupported start tag \"\" at byte offset 2"),
            ("a <b", "Unclosed start tag at byte offset 2"),
            ("<span>a</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
        ] {
            assert_eq!(parse(text).unwrap_err(), why, "{text}");
        }
    }
}
