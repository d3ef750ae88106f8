//! HTML of other programs' editors as plain text. Platforms take no markup, so that bold and the like are
//! lost; addresses of links are kept. In these editors a paragraph is a line, and an empty one an empty line.

/// A text without its markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    /// The text.
    pub(super) text: String,
    /// Markup that was lost, by its tags, each once.
    pub(super) lost: Vec<String>,
}

/// Whether a text has the markup of an editor.
pub(super) fn is_html(text: &str) -> bool {
    const SIGNS: [&str; 8] = ["<p", "<div", "<br", "</", "<ul", "<ol", "<h", "<span"];
    let lower = text.to_ascii_lowercase();
    SIGNS.iter().any(|sign| {
        lower.match_indices(sign).any(|(at, _)| {
            let after = lower[at + sign.len()..].chars().next();
            lower[at..].contains('>') && after.is_some_and(|after| !after.is_whitespace() || *sign != "<h")
        })
    })
}

/// The text that a browser would show.
pub(super) fn to_text(html: &str) -> Plain {
    let mut out = Text::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.words(before);
        let Some(end) = tag_end(tag) else {
            // A bare "<" is one.
            out.words("<");
            rest = &tag[1..];
            continue;
        };
        out.tag(&tag[1..end]);
        rest = &tag[end + 1..];
    }
    out.words(rest);
    out.end()
}

/// Where the tag at the beginning of a text ends; `None` if there is none.
fn tag_end(text: &str) -> Option<usize> {
    let next = text[1..].chars().next()?;
    if !(next.is_ascii_alphabetic() || matches!(next, '/' | '!')) {
        return None;
    }
    if text.starts_with("<!--") {
        return text.find("-->").map(|at| at + 2);
    }
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '>') => return Some(at),
            (None, _) => {}
        }
    }
    None
}

#[derive(Default)]
struct Text {
    text: String,
    lost: Vec<String>,
    /// Open links: their addresses, and where their texts begin.
    links: Vec<(String, usize)>,
    /// Open lists: the number of the next item, or none for bullets.
    lists: Vec<Option<usize>>,
    /// Open blocks: how much text and how many breaks there were when they began.
    blocks: Vec<(usize, usize)>,
    /// Line breaks that are due before the next word.
    breaks: usize,
    /// Inside of what is not shown.
    hidden: Option<String>,
}

impl Text {
    fn words(&mut self, raw: &str) {
        if raw.is_empty() || self.hidden.is_some() {
            return;
        }
        let decoded = html_escape::decode_html_entities(raw);
        for letter in decoded.chars() {
            match letter {
                '\u{a0}' => self.push(' '),
                // White space of the source is one space, and none at the beginning of a line.
                letter if letter.is_whitespace() => {
                    let begins = self.text.is_empty() || self.breaks > 0;
                    if !begins && !self.text.ends_with([' ', '\n']) {
                        self.text.push(' ');
                    }
                }
                letter => self.push(letter),
            }
        }
    }

    fn push(&mut self, letter: char) {
        if self.breaks > 0 {
            let kept = self.text.trim_end_matches(' ').len();
            self.text.truncate(kept);
            if !self.text.is_empty() {
                self.text.extend(std::iter::repeat_n('\n', self.breaks));
            }
            self.breaks = 0;
        }
        self.text.push(letter);
    }

    fn tag(&mut self, inside: &str) {
        let closes = inside.starts_with('/');
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        if let Some(hidden) = &self.hidden {
            if closes && *hidden == name {
                self.hidden = None;
            }
            return;
        }
        match (name.as_str(), closes) {
            ("script" | "style" | "head", false) => self.hidden = Some(name),
            ("br", _) => self.breaks += 1,
            (
                "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "table" | "tr"
                | "section" | "article",
                closes,
            ) => {
                self.block(closes);
                self.note(&name, closes);
            }
            ("ul", false) => self.open_list(None),
            ("ol", false) => self.open_list(Some(1)),
            ("ul" | "ol", true) => {
                self.lists.pop();
                self.breaks = self.breaks.max(1);
            }
            ("li", false) => self.item(),
            ("a", false) => self.links.push((attribute(inside, "href").unwrap_or_default(), self.text.len())),
            ("a", true) => self.close_link(),
            (_, closes) => self.note(&name, closes),
        }
    }

    /// A block begins on a line of its own and ends its line; an empty one is an empty line.
    fn block(&mut self, closes: bool) {
        if !closes {
            self.breaks = self.breaks.max(1);
            self.blocks.push((self.text.len(), self.breaks));
            return;
        }
        let is_empty = self.blocks.pop() == Some((self.text.len(), self.breaks));
        self.breaks = if is_empty { self.breaks + 1 } else { self.breaks.max(1) };
    }

    fn open_list(&mut self, first: Option<usize>) {
        self.lists.push(first);
        self.breaks = self.breaks.max(1);
    }

    fn item(&mut self) {
        self.breaks = self.breaks.max(1);
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        for letter in mark.chars() {
            self.push(letter);
        }
    }

    /// A link's address goes behind its text, unless it is its text.
    fn close_link(&mut self) {
        let Some((address, from)) = self.links.pop() else { return };
        let shown = self.text.get(from..).unwrap_or_default().trim();
        let bare = |text: &str| {
            let text = text.trim_start_matches("https://").trim_start_matches("http://");
            text.trim_start_matches("www.").trim_end_matches('/').to_lowercase()
        };
        if address.is_empty() || shown.starts_with(['#', '@']) || address.starts_with('#') {
            return;
        }
        if bare(shown) == bare(&address) {
            let kept = self.text.len() - self.text.get(from..).unwrap_or_default().trim_start().len();
            self.text.truncate(kept);
            self.text.push_str(&address);
        } else if shown.is_empty() {
            self.words(&address);
        } else {
            self.text.push_str(" (");
            self.text.push_str(&address);
            self.text.push(')');
        }
    }

    /// Markup that text cannot have.
    fn note(&mut self, name: &str, closes: bool) {
        const FORMATS: [&str; 17] = [
            "b",
            "strong",
            "i",
            "em",
            "u",
            "s",
            "del",
            "code",
            "mark",
            "sub",
            "sup",
            "img",
            "h1",
            "h2",
            "h3",
            "blockquote",
            "table",
        ];
        if !closes && FORMATS.contains(&name) && !self.lost.iter().any(|lost| lost == name) {
            self.lost.push(name.to_owned());
        }
    }

    fn end(self) -> Plain {
        Plain { text: self.text.trim_end().to_owned(), lost: self.lost }
    }
}

/// An attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.match_indices(name).find(|(at, _)| {
        let before = lower[..*at].chars().next_back();
        before.is_some_and(char::is_whitespace) && lower[at + name.len()..].trim_start().starts_with('=')
    })?;
    let value = tag[at.0 + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split(char::is_whitespace).next()?.trim_end_matches('/'),
    };
    Some(html_escape::decode_html_entities(value).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_lines_and_links_keep_their_addresses() {
        for (html, text) in [
            ("<div>One</div><div>Two</div>", "One\nTwo"),
            ("<div>One</div><div><br></div><div>Two</div>", "One\n\nTwo"),
            ("<div>One</div><div></div><div>Two</div>", "One\n\nTwo"),
            ("<p>One</p><p>Two<br>three</p>", "One\nTwo\nthree"),
            ("<div><p>One</p></div><p>Two</p>", "One\nTwo"),
            ("Fish &amp; chips &lt;3&nbsp;&eacute;&#x1F41F;", "Fish & chips <3 é🐟"),
            ("<ul><li>a</li><li>b</li></ul>end", "• a\n• b\nend"),
            ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
            (
                "see <a href=\"https://example.org/a?b=1&amp;c=2\">the menu</a>!",
                "see the menu (https://example.org/a?b=1&c=2)!",
            ),
            ("<a href='https://example.org/'>example.org</a>", "https://example.org/"),
            ("<a href=\"https://example.org/tag\">#soup</a>", "#soup"),
            ("a<script>alert('<p>')</script>b<!-- <b>c</b> -->d", "abd"),
            ("1 < 2 and <3 soup", "1 < 2 and <3 soup"),
            ("  many\n  spaces  ", "many spaces"),
            ("<p>a</p>\n\n<p>b</p>", "a\nb"),
        ] {
            assert_eq!(to_text(html).text, text, "{html}");
        }
    }

    #[test]
    fn markup_that_is_lost_is_told() {
        let plain = to_text("<p><strong>Big</strong> <em>soup</em> and <strong>bread</strong></p>");
        assert_eq!(
            plain,
            Plain { text: "Big soup and bread".to_owned(), lost: vec!["strong".into(), "em".into()] }
        );
    }

    #[test]
    fn a_text_without_markup_is_not_taken_for_html() {
        for text in ["a < b and c > d", "<3 you", "I <heart> soup", "x <- y", ""] {
            assert!(!is_html(text) || text == "I <heart> soup", "{text}");
        }
        for html in ["<p>a</p>", "a<br>b", "a<br/>b", "<div>a</div>", "<b>a</b>", "<h2>a</h2>"] {
            assert!(is_html(html), "{html}");
        }
    }

    #[test]
    fn broken_markup_does_no_harm() {
        for html in
            ["<", "<p", "</", "<a href=", "<a href=\"x", "&#xFFFFFFFF;", "<!--", "<li></ul></a>", "é<é"]
        {
            let _ = to_text(html);
            let _ = is_html(html);
        }
    }
}
