//! Hashtags and mentions in a text.

/// How many hashtags `text` has: `#` at the start of a word, then a name with at least one letter.
pub fn hashtags(text: &str) -> usize {
    count(text, is_hash, |name| {
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
        name[..end].chars().any(char::is_alphabetic)
    })
}

/// Whether a word is a hashtag, with what may stand behind it.
pub fn is_hashtag(word: &str) -> bool {
    word.starts_with(is_hash) && hashtags(word) > 0
}

/// How many mentions `text` has: `@` at the start of a word, then a name. Mail addresses are none.
pub fn mentions(text: &str) -> usize {
    count(text, is_at, |name| {
        name.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

/// How many cashtags `text` has: `$` at the start of a word, then up to six letters that end it.
pub fn cashtags(text: &str) -> usize {
    let is_dollar = |letter: char| letter == '$';
    count(text, is_dollar, |name| {
        let end = name.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(name.len());
        let goes_on = name[end..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        (1..=6).contains(&end) && !goes_on
    })
}

fn is_hash(letter: char) -> bool {
    matches!(letter, '#' | '＃')
}

fn is_at(letter: char) -> bool {
    matches!(letter, '@' | '＠')
}

/// How many signs that are not inside a word or an address have a name behind them.
fn count(text: &str, is_sign: impl Fn(char) -> bool, is_name: impl Fn(&str) -> bool) -> usize {
    let mut previous = None;
    let mut total = 0;
    for (at, letter) in text.char_indices() {
        let before: Option<char> = previous.replace(letter);
        let starts_word =
            before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '/' | '&' | '='));
        if starts_word && is_sign(letter) && is_name(&text[at + letter.len_utf8()..]) {
            total += 1;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashtags_are_words_with_a_sign() {
        assert_eq!(hashtags("#rye and #Spelt, #żyto ＃面包 (#one)"), 5);
        assert_eq!(hashtags("a#b #1 # #! ## https://x.com/#top &#39; #_"), 0);
        assert_eq!(hashtags("##double"), 1);
    }

    #[test]
    fn cashtags_are_short_words_with_a_sign() {
        assert_eq!(cashtags("$RYE and ($bread), $a."), 3);
        assert_eq!(cashtags("$5 $ $TOOLONGS a$RYE $RYE2 US$10"), 0);
    }

    #[test]
    fn mentions_are_names_with_a_sign() {
        assert_eq!(mentions("@ada and (@bob_1), .@cy"), 3);
        assert_eq!(mentions("me@example.com @ @! https://example.com/@ada"), 0);
    }
}
