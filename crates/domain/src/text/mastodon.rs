//! How Mastodon counts: grapheme clusters, a link as 23, a remote mention without its host.

use unicode_segmentation::UnicodeSegmentation;

use super::web_links;

/// What a link counts, whatever its length.
const URL_LENGTH: usize = 23;

/// The length of `text`.
pub(super) fn length(text: &str) -> usize {
    let (mut total, mut from) = (0, 0);
    for link in web_links(text) {
        total += without_hosts(&text[from..link.start]).graphemes(true).count() + URL_LENGTH;
        from = link.end;
    }
    total + without_hosts(&text[from..]).graphemes(true).count()
}

/// The text with `@user@host` cut down to `@user`, as Mastodon counts and shows mentions.
pub fn without_hosts(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let (mut at, mut from) = (0, 0);
    let mut previous: Option<char> = None;
    while let Some(letter) = text[at..].chars().next() {
        let starts_word = previous
            .is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '=' | '/' | '['));
        previous = Some(letter);
        at += letter.len_utf8();
        if letter != '@' || !starts_word {
            continue;
        }
        let name = name_length(&text[at..]);
        let host = host_length(&text[at + name..]);
        if name > 0 && host > 0 {
            kept.push_str(&text[from..at + name]);
            at += name + host;
            from = at;
            previous = text[..at].chars().next_back();
        }
    }
    kept.push_str(&text[from..]);
    kept
}

/// A user name: letters, digits and `_`, with dots and dashes inside.
fn name_length(text: &str) -> usize {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let run = text.bytes().take_while(is_name).count();
    text[..run].trim_end_matches(['.', '-']).len()
}

/// `@host` with its sign, or 0.
fn host_length(text: &str) -> usize {
    let Some(host) = text.strip_prefix('@') else { return 0 };
    let is_host = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let run = host.find(|letter| !is_host(letter)).unwrap_or(host.len());
    let host = host[..run].trim_end_matches(['.', '-']);
    // One letter is not enough for a host: "@a@b" is two words.
    if host.chars().count() < 2 { 0 } else { 1 + host.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_mentions_lose_their_host() {
        assert_eq!(without_hosts("hi @ada@example.social, @bob and @c_1@x.y."), "hi @ada, @bob and @c_1.");
        assert_eq!(without_hosts("a@b@example.org @@x @a@b"), "a@b@example.org @@x @a@b");
    }

    #[test]
    fn links_and_mentions_have_their_lengths() {
        assert_eq!(length("see https://example.com/a/very/long/path?with=query now"), 4 + 23 + 4);
        assert_eq!(length("@ada@example.social"), 4);
        assert_eq!(length("example.com 👨‍👩‍👧‍👦"), 13);
    }
}
