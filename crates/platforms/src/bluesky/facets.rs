//! Links, mentions and tags in a text, by byte offsets ("Rich text" in Bluesky's documentation).
//! Without them they are shown as plain text. Must not know records or the network.

use unicode_segmentation::UnicodeSegmentation as _;
use url::Url;

use super::wire::ByteRange;
use domain::text::is_domain_ending;

const TAG_MAX_GRAPHEMES: usize = 64;
const TAG_MAX_BYTES: usize = 640;

/// A stretch of a text that is more than text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Detected {
    pub range: ByteRange,
    pub what: What,
}

/// What a stretch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The full address.
    Link(String),
    /// The handle, without `@`.
    Mention(String),
    /// The tag, without `#`; a cashtag with its `$`.
    Tag(String),
}

/// Everything in `text`, in its order, by the rules of Bluesky's own library.
pub(super) fn detect(text: &str) -> Vec<Detected> {
    let mut found = Vec::new();
    let mut before = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let byte_start = text.len() - rest.len();
        let length = match at_boundary(before, first, rest) {
            Some((length, what)) => {
                found.push(Detected { range: ByteRange { byte_start, byte_end: byte_start + length }, what });
                length
            }
            None => first.len_utf8(),
        };
        let (passed, left) = rest.split_at(length);
        before = passed.chars().next_back();
        rest = left;
    }
    found
}

/// The first link of `text`: what a card is made of.
pub(super) fn first_link(text: &str) -> Option<String> {
    detect(text).into_iter().find_map(|detected| match detected.what {
        What::Link(uri) => Some(uri),
        What::Mention(_) | What::Tag(_) => None,
    })
}

/// What begins here, and its length in bytes.
fn at_boundary(before: Option<char>, first: char, rest: &str) -> Option<(usize, What)> {
    let after_space = before.is_none_or(char::is_whitespace);
    if !after_space && before != Some('(') {
        return None;
    }
    match first {
        '@' => mention(rest),
        '#' | '＃' if after_space => tag(rest, first.len_utf8()),
        '$' => cashtag(rest),
        'a'..='z' | 'A'..='Z' => link(rest),
        _ => None,
    }
}

fn mention(rest: &str) -> Option<(usize, What)> {
    let after = &rest[1..];
    let end =
        after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(after.len());
    if after[end..].starts_with('_') {
        return None;
    }
    let handle = after[..end].trim_end_matches(['.', '-']);
    // The ending of private networks, such as the ones that tests run.
    let known = |last: &str| last == "test" || is_domain_ending(last);
    is_domain(handle, known).then(|| (1 + handle.len(), What::Mention(handle.to_ascii_lowercase())))
}

fn link(rest: &str) -> Option<(usize, What)> {
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let token = &rest[..end];
    let has_scheme = ["http://", "https://"]
        .iter()
        .any(|scheme| token.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if !has_scheme && !begins_with_domain(token) {
        return None;
    }
    let token = token.strip_suffix(['.', ',', ';', ':', '!', '?']).unwrap_or(token);
    let token = match token.strip_suffix(')') {
        Some(without) if !token.contains('(') => without,
        Some(_) | None => token,
    };
    let uri = if has_scheme { token.to_owned() } else { format!("https://{token}") };
    // The server refuses a whole post because of a link that is no address.
    let has_host = Url::parse(&uri).is_ok_and(|url| url.host().is_some());
    let names_it_at_once = uri.split_once("://").is_some_and(|(_, rest)| !rest.starts_with('/'));
    if has_host && names_it_at_once { Some((token.len(), What::Link(uri))) } else { None }
}

/// `example.org`, `example.org/page`, but neither `e.g.` nor a mail address.
fn begins_with_domain(token: &str) -> bool {
    let end =
        token.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).unwrap_or(token.len());
    let domain = token[..end].trim_end_matches(['.', '-']);
    !token[end..].starts_with(['@', '_']) && is_domain(domain, is_domain_ending)
}

fn is_domain(domain: &str, is_ending: impl Fn(&str) -> bool) -> bool {
    let labels_are_sound =
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    labels_are_sound && domain.rsplit_once('.').is_some_and(|(_, last)| is_ending(last))
}

fn tag(rest: &str, sign_bytes: usize) -> Option<(usize, What)> {
    let after = &rest[sign_bytes..];
    // `#` with a variation selector is the keycap emoji.
    if after.starts_with('\u{fe0f}') {
        return None;
    }
    let end = after.find(|c: char| c.is_whitespace() || is_invisible(c)).unwrap_or(after.len());
    let name = after[..end].trim_end_matches(is_punctuation);
    let says_something = name.chars().any(|c| !c.is_ascii_digit() && !is_punctuation(c));
    let short_enough = name.len() <= TAG_MAX_BYTES && name.graphemes(true).count() <= TAG_MAX_GRAPHEMES;
    (says_something && short_enough).then(|| (sign_bytes + name.len(), What::Tag(name.to_owned())))
}

/// `$ABCDE`, a share's symbol: one letter and up to four more letters or digits.
fn cashtag(rest: &str) -> Option<(usize, What)> {
    let after = &rest[1..];
    let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
    let symbol = &after[..end];
    let ends_well = after[end..]
        .chars()
        .next()
        .is_none_or(|next| next.is_whitespace() || ".,;:!?)\"'\u{2019}".contains(next));
    let well_formed = symbol.len() <= 5 && symbol.starts_with(|c: char| c.is_ascii_alphabetic());
    (ends_well && well_formed).then(|| (1 + end, What::Tag(format!("${}", symbol.to_ascii_uppercase()))))
}

/// Characters without width that end a tag.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{2060}' | '\u{200a}'..='\u{200d}' | '\u{20e2}')
}

/// Unicode's punctuation, as far as it is in use beside Latin and East Asian text. Symbols such as
/// `+` and `$` are none.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c);
    }
    match c {
        '\u{2044}' | '\u{2052}' => false,
        '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{205e}'
        | '\u{3001}'..='\u{3003}'
        | '\u{3008}'..='\u{3011}'
        | '\u{3014}'..='\u{301f}' => true,
        other => "¡§«¶·»¿؟،।・！＂＃％＆＇（）＊，－．／：；？＠［＼］＿｛｝｡｢｣､".contains(other),
    }
}

#[cfg(test)]
mod tests;
