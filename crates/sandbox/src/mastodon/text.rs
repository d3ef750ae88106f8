//! How long a status is, and the HTML that a server makes of it. A reading of its own of the
//! published rules, on purpose.

use unicode_segmentation::UnicodeSegmentation;

use crate::core::page::escape;

const LINK_LENGTH: usize = 23;

/// A piece of a text.
enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
    /// The name, and the host of somebody of another server.
    Mention(&'a str, Option<&'a str>),
    Tag(&'a str),
}

/// The length: what people see as one character, a link as 23, a mention without its server.
pub(super) fn length(text: &str) -> usize {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.graphemes(true).count(),
            Piece::Link(_) => LINK_LENGTH,
            Piece::Mention(name, _) | Piece::Tag(name) => 1 + name.graphemes(true).count(),
        })
        .sum()
}

/// The content of a status on `host`: paragraphs, line breaks, links cut for the eye, tags. Nobody is
/// known by their handle here but `known`.
pub(super) fn content(text: &str, host: &str, known: impl Fn(&str, &str) -> bool) -> String {
    let text = text.trim().replace("\r\n", "\n");
    let mut html = String::new();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        html.push_str("<p>");
        html.push_str(&inside(paragraph.trim_matches('\n'), host, &known));
        html.push_str("</p>");
    }
    html
}

fn inside(text: &str, host: &str, known: &impl Fn(&str, &str) -> bool) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => escape(text).replace('\n', "<br />"),
            Piece::Link(url) => link(url),
            Piece::Tag(name) => format!(
                "<a href=\"https://{host}/tags/{0}\" class=\"mention hashtag\" rel=\"tag\">#<span>{0}</span></a>",
                escape(name)
            ),
            Piece::Mention(name, at) if known(name, at.unwrap_or(host)) => format!(
                "<span class=\"h-card\" translate=\"no\"><a href=\"https://{}/@{name}\" class=\"u-url mention\">@<span>{name}\
                 </span></a></span>",
                at.unwrap_or(host)
            ),
            Piece::Mention(name, at) => match at {
                Some(at) => format!("@{name}@{}", escape(at)),
                None => format!("@{name}"),
            },
        })
        .collect()
}

/// A link shows its host and the first thirty characters, and hides the rest.
fn link(url: &str) -> String {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    let scheme = if url[scheme..].starts_with("www.") { scheme + 4 } else { scheme };
    let end = url[scheme..].char_indices().nth(30).map_or(url.len(), |(at, _)| scheme + at);
    let class = if end < url.len() { "ellipsis" } else { "" };
    format!(
        "<a href=\"{0}\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span class=\"invisible\">{1}</span>\
         <span class=\"{class}\">{2}</span><span class=\"invisible\">{3}</span></a>",
        escape(url),
        escape(&url[..scheme]),
        escape(&url[scheme..end]),
        escape(&url[end..])
    )
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut before: Option<char> = None;
    while let Some(letter) = text[at..].chars().next() {
        let begins =
            before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '/' | '@' | '#'));
        let piece = if begins { special(&text[at..]) } else { None };
        if let Some((piece, size)) = piece {
            found.push(Piece::Text(&text[from..at]));
            found.push(piece);
            at += size;
            from = at;
            before = text[..at].chars().next_back();
        } else {
            at += letter.len_utf8();
            before = Some(letter);
        }
    }
    found.push(Piece::Text(&text[from..]));
    found
}

/// What a text begins with, and its size in bytes.
fn special(text: &str) -> Option<(Piece<'_>, usize)> {
    if text.starts_with("https://") || text.starts_with("http://") {
        let end = text
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"'))
            .unwrap_or(text.len());
        let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        return url.contains('.').then_some((Piece::Link(url), url.len()));
    }
    if let Some(rest) = text.strip_prefix('#') {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let is_tag = rest[..end].chars().any(|letter| !letter.is_ascii_digit());
        return is_tag.then_some((Piece::Tag(&rest[..end]), 1 + end));
    }
    let rest = text.strip_prefix('@')?;
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let end = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    if name.is_empty() {
        return None;
    }
    let host = rest.strip_prefix('@').map(|host| {
        let is_host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        let end = host.find(|letter| !is_host(letter)).unwrap_or(host.len());
        host[..end].trim_end_matches(['.', '-'])
    });
    let host = host.filter(|host| host.contains('.'));
    Some((Piece::Mention(name, host), 1 + name.len() + host.map_or(0, |host| 1 + host.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_mentions_have_lengths_of_their_own() {
        for (text, expect) in [
            ("abc", 3),
            ("see https://example.com/a/very/long/path?with=query now", 31),
            ("@ada@example.social, hi", 8),
            ("#rye 👨‍👩‍👧‍👦", 6),
            ("a@b.example", 11),
        ] {
            assert_eq!(length(text), expect, "{text}");
        }
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        let html =
            content("<b> & #rye\n@ada@x.example\n\nhttps://example.org/a?b=1&c=2.", "m.example", |_, _| {
                false
            });
        assert!(html.starts_with("<p>&lt;b&gt; &amp; <a href"), "{html}");
        assert!(
            html.contains("<br />@ada@x.example</p><p><a href=\"https://example.org/a?b=1&amp;c=2\""),
            "{html}"
        );
        assert!(html.ends_with("</a>.</p>"), "{html}");
    }
}
