//! Which parts of a text X takes for links: twitter-text's rules, read in one pass.
//!
//! A host is looked for in each run of characters that a host may be made of. The run is cut at its
//! dots once, and for each piece the end of the best host from there on is noted, so that no text
//! costs more than a few looks at each character.

mod letters;

use std::ops::Range;

use self::letters::{is_host_letter, is_latin, is_path_end, is_path_letter, is_query_byte, may_precede};
use super::{domain_endings, punycode};

/// The longest link, the scheme counted as below; longer ones stay text.
const MAX_URL_UNITS: usize = 4096;
/// The longest label of a domain name, as DNS sees it.
const MAX_LABEL: usize = 63;
/// The longest name behind `t.co/`.
const MAX_SHORT_NAME: usize = 40;

/// The links in `text` as byte ranges, in order: with or without a scheme, bare domains only with a
/// known ending. Mail addresses and names behind `@`, `#` or `$` are none.
pub fn twitter_urls(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut run = Run::default();
    let mut previous: Option<char> = None;
    let mut is_behind_link = false;
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        // The character behind a link stands before the next one, so none begins with it.
        let mut before = previous.replace(letter);
        let mut may_begin = !is_behind_link && before.is_none_or(may_precede);
        is_behind_link = false;
        if !may_begin && letter.len_utf8() == 4 {
            // twitter-text sees two characters here, the first of which may stand before a link.
            (before, may_begin) = (Some(letter), true);
        }
        // It prefers a link behind the first character to one that begins with it, which shows where
        // that character is an accented letter.
        let waits =
            at == 0 && may_precede(letter) && Candidate::at(text, letter.len_utf8(), &mut run).is_some();
        if may_begin
            && !waits
            && let Some(link) = Candidate::at(text, at, &mut run)
        {
            link.take(text, before, &mut found);
            at = link.end;
            is_behind_link = true;
        } else {
            at += letter.len_utf8();
        }
    }
    found
}

/// The links of [`twitter_urls`] that name their scheme.
pub fn web_links(text: &str) -> Vec<Range<usize>> {
    let mut links = twitter_urls(text);
    links.retain(|link| scheme_length(&text[link.clone()]) > 0);
    links
}

/// Something with the shape of a link.
struct Candidate {
    start: usize,
    scheme: usize,
    host: Range<usize>,
    has_path: bool,
    end: usize,
}

impl Candidate {
    fn at(text: &str, start: usize, run: &mut Run) -> Option<Self> {
        let mut scheme = scheme_length(&text[start..]);
        let mut host_end = if scheme > 0 { run.host_end(text, start + scheme) } else { None };
        if host_end.is_none() {
            scheme = 0;
            host_end = run.host_end(text, start);
        }
        let host = start + scheme..host_end?;
        let path_start = host.end + port_length(&text[host.end..]);
        let path_end = path_start + path_length(&text[path_start..]);
        let end = path_end + query_length(&text[path_end..]);
        Some(Self { start, scheme, host, has_path: path_end > path_start, end })
    }

    /// Adds the links that the candidate really is: none, one, or the ASCII names inside of it.
    fn take(&self, text: &str, previous: Option<char>, found: &mut Vec<Range<usize>>) {
        if !self.is_valid(text) {
            return;
        }
        if self.scheme > 0 {
            found.extend(self.with_scheme(text));
            return;
        }
        if matches!(previous, Some('-' | '_' | '.' | '/')) {
            return;
        }
        let before = found.len();
        ascii_hosts(text, &self.host, found);
        if self.has_path
            && found.len() > before
            && let Some(last) = found.last_mut()
        {
            last.end = self.end;
        }
    }

    /// A link to X's own shortener has nothing behind its name and query.
    fn with_scheme(&self, text: &str) -> Option<Range<usize>> {
        let rest = &text[self.start + self.scheme..self.end];
        let short = rest
            .split_at_checked(5)
            .filter(|(head, _)| head.eq_ignore_ascii_case("t.co/"))
            .map(|(_, name)| name.bytes().take_while(u8::is_ascii_alphanumeric).count())
            .filter(|name| *name > 0);
        match short {
            None => Some(self.start..self.end),
            Some(name) if name > MAX_SHORT_NAME => None,
            Some(name) => {
                let end = self.start + self.scheme + 5 + name;
                Some(self.start..end + query_length(&text[end..self.end]))
            }
        }
    }

    fn is_valid(&self, text: &str) -> bool {
        let host = &text[self.host.clone()];
        // Most links are short; counting units is for the others.
        let scheme = if self.scheme > 0 { self.scheme } else { "https://".len() };
        if self.end - self.start > MAX_URL_UNITS - scheme {
            let units = text[self.start..self.end].encode_utf16().count();
            if units + scheme > MAX_URL_UNITS {
                return false;
            }
        }
        if host.starts_with("xn--") && !has_ascii_host(text, &self.host) {
            return false;
        }
        host.split('.').all(|label| (1..=MAX_LABEL).contains(&punycode::encoded_length(label, MAX_LABEL)))
    }
}

/// A stretch of characters that hosts are made of, cut at its dots.
#[derive(Default)]
struct Run {
    range: Range<usize>,
    pieces: Vec<Piece>,
}

/// What is between two dots.
struct Piece {
    range: Range<usize>,
    /// It begins with a character that a label may begin with.
    starts_well: bool,
    /// It ends with one that a label may end with, and a dot follows.
    ends_well: bool,
    /// The last `_`, which only a label before the last two may have.
    underscore: Option<usize>,
    /// The end of the top-level domain that it begins with.
    ending: Option<usize>,
    /// The end of the longest host that begins with this whole piece.
    best: Option<usize>,
}

impl Run {
    /// The end of the longest host that begins at `at`.
    fn host_end(&mut self, text: &str, at: usize) -> Option<usize> {
        text[at..].chars().next().filter(|letter| is_host_letter(*letter))?;
        if !self.range.contains(&at) {
            self.read(text, at);
        }
        let index = self.pieces.partition_point(|piece| piece.range.end < at);
        let (piece, next) = (self.pieces.get(index)?, self.pieces.get(index + 1)?);
        if !piece.ends_well {
            return None;
        }
        next.best
            .or_else(|| next.ending.filter(|_| piece.underscore.is_none_or(|underscore| underscore < at)))
    }

    fn read(&mut self, text: &str, start: usize) {
        let in_run = |letter: char| is_host_letter(letter) || matches!(letter, '.' | '_' | '-');
        let end = text[start..].find(|letter| !in_run(letter)).map_or(text.len(), |length| start + length);
        self.range = start..end;
        self.pieces.clear();
        let mut from = start;
        for label in text[start..end].split('.') {
            let range = from..from + label.len();
            from = range.end + 1;
            self.pieces.push(Piece {
                starts_well: label.starts_with(is_host_letter),
                ends_well: label.ends_with(is_host_letter) && range.end < end,
                underscore: label.rfind('_').map(|at| range.start + at),
                ending: domain_endings::leading(&text[range.start..]).map(|length| range.start + length),
                best: None,
                range,
            });
        }
        let mut best = None;
        let mut ending = None;
        for piece in self.pieces.iter_mut().rev() {
            let own = ending.filter(|_| piece.underscore.is_none());
            best = if piece.starts_well && piece.ends_well { best.or(own) } else { None };
            piece.best = best;
            ending = piece.ending;
        }
    }
}

/// The names inside `host` that are written in Latin letters alone: without a scheme only they are
/// links.
fn ascii_hosts(text: &str, host: &Range<usize>, found: &mut Vec<Range<usize>>) {
    let pieces = latin_pieces(&text[..host.end], host.start);
    let mut from = host.start;
    let mut index = 0;
    while index + 1 < pieces.len() {
        let start = pieces[index].latin_from.max(from);
        let next = &pieces[index + 1];
        match next.best.or(next.ending).filter(|_| start < pieces[index].end) {
            Some(end) => {
                found.push(start..end);
                from = end;
                index = pieces.partition_point(|piece| piece.end < end);
            }
            None => index += 1,
        }
    }
}

fn has_ascii_host(text: &str, host: &Range<usize>) -> bool {
    let mut found = Vec::new();
    ascii_hosts(text, host, &mut found);
    !found.is_empty()
}

/// What is between two dots, seen with Latin letters only.
struct LatinPiece {
    end: usize,
    /// Where the Latin letters before the dot begin.
    latin_from: usize,
    ending: Option<usize>,
    best: Option<usize>,
}

fn latin_pieces(text: &str, start: usize) -> Vec<LatinPiece> {
    let mut pieces = Vec::new();
    let mut whole = Vec::new();
    let mut from = start;
    for label in text[start..].split('.') {
        let latin = label.trim_end_matches(is_latin).len();
        whole.push(latin == 0 && !label.is_empty());
        pieces.push(LatinPiece {
            end: from + label.len(),
            latin_from: from + latin,
            ending: domain_endings::leading(&text[from..]).map(|length| from + length),
            best: None,
        });
        from += label.len() + 1;
    }
    for index in (0..pieces.len().saturating_sub(1)).rev() {
        if whole[index] {
            pieces[index].best = pieces[index + 1].best.or(pieces[index + 1].ending);
        }
    }
    pieces
}

fn scheme_length(text: &str) -> usize {
    let is_scheme =
        |scheme: &&str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    ["https://", "http://"].iter().find(|scheme| is_scheme(scheme)).map_or(0, |scheme| scheme.len())
}

fn port_length(text: &str) -> usize {
    let Some(port) = text.strip_prefix(':') else { return 0 };
    let digits = port.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 { 1 + digits } else { 0 }
}

/// A path ends with a letter, a digit, a few signs or a closing parenthesis that was opened, so that
/// the full stop behind a link is not part of it.
fn path_length(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut at, mut end) = (1, 1);
    while let Some(letter) = text[at..].chars().next() {
        if is_path_letter(letter) {
            at += letter.len_utf8();
            if is_path_end(letter) {
                end = at;
            }
        } else if let Some(length) = parentheses_length(&text[at..]) {
            // Behind a full stop or the like parentheses alone do not carry the path on.
            let goes_on = at == end;
            at += length;
            if goes_on {
                end = at;
            }
        } else {
            break;
        }
    }
    end
}

/// Balanced parentheses with something inside, nested at most once.
fn parentheses_length(text: &str) -> Option<usize> {
    let letters = |at: usize| {
        text[at..].find(|letter| !is_path_letter(letter)).map_or(text.len(), |length| at + length)
    };
    if !text.starts_with('(') {
        return None;
    }
    let mut at = letters(1);
    if text[at..].starts_with(')') {
        return (at > 1).then_some(at + 1);
    }
    let inner = at + 1;
    if !text[at..].starts_with('(') {
        return None;
    }
    at = letters(inner);
    if at == inner || !text[at..].starts_with(')') {
        return None;
    }
    at = letters(at + 1);
    text[at..].starts_with(')').then_some(at + 1)
}

fn query_length(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let run = text.bytes().take_while(|byte| is_query_byte(*byte)).count();
    let is_end = |byte: u8| byte.is_ascii_alphanumeric() || b"-_&=#/".contains(&byte);
    text.as_bytes()[..run].iter().rposition(|byte| is_end(*byte)).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests;
