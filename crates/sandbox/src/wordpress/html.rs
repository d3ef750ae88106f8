//! What WordPress does to texts: names for addresses, paragraphs, and the tags that users without
//! `unfiltered_html` may not write. A reading of its own of the documentation.

use unicode_normalization::UnicodeNormalization as _;

/// Tags that everybody may write (kses, context `post`).
const ALLOWED: &[&str] = &[
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "b",
    "big",
    "blockquote",
    "br",
    "button",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "track",
    "u",
    "ul",
    "var",
    "video",
];
/// What is a paragraph of its own already.
const BLOCKS: &[&str] = &[
    "<address",
    "<article",
    "<aside",
    "<blockquote",
    "<div",
    "<dl",
    "<figure",
    "<footer",
    "<h1",
    "<h2",
    "<h3",
    "<h4",
    "<h5",
    "<h6",
    "<header",
    "<hr",
    "<ol",
    "<p",
    "<pre",
    "<section",
    "<table",
    "<ul",
    "<!--",
];

/// The text without the tags that may not be in it.
pub(super) fn filtered(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        kept.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('>') else {
            kept.push_str("&lt;");
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[..=close];
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if tag.starts_with("<!--") || ALLOWED.contains(&name.as_str()) {
            kept.push_str(tag);
        }
        rest = &rest[close + 1..];
    }
    kept.push_str(rest);
    kept
}

/// Paragraphs where lines are empty.
pub(super) fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let is_block = |part: &str| BLOCKS.iter().any(|start| part.starts_with(start));
    text.split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            if is_block(part) {
                format!("{part}\n")
            } else {
                format!("<p>{}</p>\n", part.replace('\n', "<br />\n"))
            }
        })
        .collect()
}

/// The name of something in addresses.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)) {
        if letter.is_alphanumeric() || letter == '_' {
            slug.extend(letter.to_lowercase());
        } else if (letter.is_whitespace() || matches!(letter, '-' | '/' | '.')) && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    // Other scripts are kept percent-encoded.
    let encoded: String = url::form_urlencoded::byte_serialize(slug.as_bytes()).collect();
    encoded.to_lowercase().chars().take(200).collect()
}

/// The first of `slug`, `slug-2`, `slug-3` … that is not taken.
pub(super) fn free(slug: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2_u32..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_go_and_the_rest_stays() {
        assert_eq!(
            filtered("a <script>x</script><b>c</b> <!-- n --> 1 < 2"),
            "a x<b>c</b> <!-- n --> 1 &lt; 2"
        );
    }

    #[test]
    fn empty_lines_make_paragraphs() {
        let text = "one\ntwo\n\n<figure>x</figure>\n\nthree";
        assert_eq!(paragraphs(text), "<p>one<br />\ntwo</p>\n<figure>x</figure>\n<p>three</p>\n");
    }

    #[test]
    fn names_are_lower_case_words() {
        assert_eq!(slug("Rye & Spelt: Crème"), "rye-spelt-creme");
        assert_eq!(free("rye", |name| name == "rye" || name == "rye-2"), "rye-3");
    }
}
