//! `parse_mode` MarkdownV2: every mark that is not meant as one has to be escaped.

use super::markup::{Builder, Marked};

const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// Reads a text with marks.
///
/// # Errors
/// In the platform's words.
pub(super) fn parse(input: &str) -> Result<Marked, String> {
    let mut reader = Reader { input, at: 0, builder: Builder::default() };
    while reader.at < input.len() {
        reader.next()?;
    }
    reader.end_quote();
    match reader.builder.open.last() {
        Some(open) => {
            Err(format!("Can't find end of {} entity at byte offset {}", name_of(&open.entity.kind), open.at))
        }
        None => Ok(reader.builder.marked),
    }
}

struct Reader<'a> {
    input: &'a str,
    at: usize,
    builder: Builder,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.input[self.at..]
    }

    fn next(&mut self) -> Result<(), String> {
        let is_line_start = self.at == 0 || self.input[..self.at].ends_with('\n');
        if is_line_start && !self.rest().starts_with('>') {
            self.end_quote();
        }
        let Some(letter) = self.rest().chars().next() else { return Ok(()) };
        match letter {
            '\\' => self.escaped(),
            '`' => return self.code(),
            '>' if is_line_start => {
                if !self.is_open(">") {
                    let at = self.at;
                    self.builder.begin(">", "blockquote", at);
                }
                self.at += 1;
            }
            '*' => return self.toggle("*", "bold"),
            '_' if self.rest().starts_with("__") => return self.toggle("__", "underline"),
            '_' => return self.toggle("_", "italic"),
            '~' => return self.toggle("~", "strikethrough"),
            '|' if self.rest().starts_with("||") => return self.toggle("||", "spoiler"),
            '[' => self.begin_link(1, "text_link"),
            '!' if self.rest().starts_with("![") => self.begin_link(2, "custom_emoji"),
            ']' if self.is_open("]") => return self.end_link(),
            other if RESERVED.contains(other) => {
                return Err(format!(
                    "Character '{other}' is reserved and must be escaped with the preceding '\\'"
                ));
            }
            other => {
                self.builder.push(other);
                self.at += other.len_utf8();
            }
        }
        Ok(())
    }

    fn is_open(&self, tag: &str) -> bool {
        self.builder.open.last().is_some_and(|open| open.tag == tag)
    }

    /// A backslash takes the meaning from the ASCII character behind it.
    fn escaped(&mut self) {
        let next = self.rest()[1..].chars().next().filter(|next| next.is_ascii() && *next != '\0');
        self.builder.push(next.unwrap_or('\\'));
        self.at += 1 + next.map_or(0, char::len_utf8);
    }

    fn toggle(&mut self, mark: &str, kind: &str) -> Result<(), String> {
        let at = self.at;
        self.at += mark.len();
        if self.is_open(mark) {
            self.builder.end();
        } else if self.builder.open.iter().any(|open| open.tag == mark) {
            let inner = self.builder.open.last().map(|open| (name_of(&open.entity.kind), open.at));
            let (name, begun) = inner.unwrap_or(("text", at));
            return Err(format!("Can't find end of {name} entity at byte offset {begun}"));
        } else {
            self.builder.begin(mark, kind, at);
        }
        Ok(())
    }

    fn begin_link(&mut self, length: usize, kind: &str) {
        let at = self.at;
        self.builder.begin("]", kind, at);
        self.at += length;
    }

    /// The text of a link is over; its address follows in brackets.
    fn end_link(&mut self) -> Result<(), String> {
        let at = self.at;
        self.at += 1;
        let mut url = String::new();
        if self.rest().starts_with('(') {
            let mut letters = self.rest()[1..].chars();
            let mut length = 1;
            loop {
                match letters.next() {
                    Some(')') => break,
                    Some('\\') => {
                        let next = letters.next().unwrap_or('\\');
                        url.push(next);
                        length += 1 + next.len_utf8();
                    }
                    Some(other) => {
                        url.push(other);
                        length += other.len_utf8();
                    }
                    None => return Err(format!("Can't find end of a URL at byte offset {at}")),
                }
            }
            self.at += length + 1;
        }
        if let Some(open) = self.builder.open.last_mut() {
            if open.entity.kind == "custom_emoji" {
                open.entity.custom_emoji_id = url.strip_prefix("tg://emoji?id=").map(str::to_owned);
            } else if url.contains('.') || url.starts_with("tg://") {
                open.entity.url = Some(url);
            } else {
                open.entity.kind.clear();
            }
        }
        self.builder.end();
        Ok(())
    }

    /// Code, in a line or as a block; nothing in it but a backslash and its own end has a meaning.
    fn code(&mut self) -> Result<(), String> {
        let begun = self.at;
        let mark = if self.rest().starts_with("```") { "```" } else { "`" };
        self.at += mark.len();
        let kind = if mark == "`" { "code" } else { "pre" };
        let mut language = None;
        if kind == "pre" {
            let line = self.rest().split('\n').next().unwrap_or_default();
            let is_name = !line.is_empty() && !line.contains(['`', ' ']);
            if is_name && self.rest().len() > line.len() {
                language = Some(line.to_owned());
                self.at += line.len();
            }
            if self.rest().starts_with('\n') {
                self.at += 1;
            }
        }
        self.builder.begin(mark, kind, begun).language = language;
        while !self.rest().starts_with(mark) {
            match self.rest().chars().next() {
                Some('\\') => self.escaped(),
                Some(other) => {
                    self.builder.push(other);
                    self.at += other.len_utf8();
                }
                None => {
                    return Err(format!("Can't find end of {} entity at byte offset {begun}", name_of(kind)));
                }
            }
        }
        self.at += mark.len();
        self.builder.end();
        Ok(())
    }

    fn end_quote(&mut self) {
        if self.is_open(">") {
            self.builder.end();
        }
    }
}

fn name_of(kind: &str) -> &'static str {
    match kind {
        "bold" => "Bold",
        "italic" => "Italic",
        "underline" => "Underline",
        "strikethrough" => "Strikethrough",
        "spoiler" => "Spoiler",
        "code" => "Code",
        "pre" => "Pre",
        "custom_emoji" => "CustomEmoji",
        "blockquote" => "BlockQuote",
        _ => "TextUrl",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<(String, usize, usize)>) {
        let marked = parse(text).unwrap();
        let entities = marked.entities.into_iter();
        (marked.text, entities.map(|entity| (entity.kind, entity.offset, entity.length)).collect())
    }

    #[test]
    fn marks_become_entities() {
        let (text, entities) = read("*bold _it_* __un__ ~s~ ||sp|| [l](https://a.org/\\)) `c\\`o` 1\\.5");
        assert_eq!(text, "bold it un s sp l c`o 1.5");
        let expect = [
            ("italic", 5, 2),
            ("bold", 0, 7),
            ("underline", 8, 2),
            ("strikethrough", 11, 1),
            ("spoiler", 13, 2),
            ("text_link", 16, 1),
            ("code", 18, 3),
        ];
        assert_eq!(entities, expect.map(|(kind, offset, length)| (kind.to_owned(), offset, length)));
        let (text, entities) = read(">one\n>two\nthree\n```rust\nlet x\\;\n```");
        assert_eq!(text, "one\ntwo\nthree\nlet x;\n");
        assert_eq!(entities, [("blockquote".to_owned(), 0, 8), ("pre".to_owned(), 14, 7)]);
    }

    #[test]
    fn a_mark_that_is_not_escaped_is_refused() {
        for (text, why) in [
            ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
            ("a - b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
            ("*a", "Can't find end of Bold entity at byte offset 0"),
            ("*a _b* c_", "Can't find end of Italic entity at byte offset 3"),
            ("`a", "Can't find end of Code entity at byte offset 0"),
            ("[a](b", "Can't find end of a URL at byte offset 2"),
        ] {
            assert_eq!(parse(text).unwrap_err(), why, "{text}");
        }
    }
}
