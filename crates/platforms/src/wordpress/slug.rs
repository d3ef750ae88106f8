//! The names that posts and files get on the site. They depend on the destination alone, so that
//! whoever publishes it, in whatever state, chooses the same ones.

use connector::{MediaItem, Publication};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::article;

const POST_CHARS: usize = 80;
const FILE_CHARS: usize = 40;
const TOKEN_CHARS: usize = 11;

/// The slug of a post: the author's own, else the title's words and the destination's token.
pub(super) fn of(to: &Publication) -> String {
    let own = to.settings.text("slug").map(|text| words(text, POST_CHARS)).unwrap_or_default();
    if own.is_empty() { marked(to) } else { own }
}

/// The slug that no other post has.
pub(super) fn marked(to: &Publication) -> String {
    let own = to.settings.text("slug").map(|text| words(text, POST_CHARS)).unwrap_or_default();
    let words = if own.is_empty() { words(&article::title(to), POST_CHARS) } else { own };
    let start = if words.is_empty() { "post" } else { &words };
    format!("{start}-{}", token(to))
}

/// The name of a post's file number `number`, from 0, without its ending.
pub(super) fn of_file(to: &Publication, item: &MediaItem, number: usize) -> String {
    let stem = item.filename.rsplit_once('.').map_or(item.filename.as_str(), |(stem, _)| stem);
    let words = words(stem, FILE_CHARS);
    let start = if words.is_empty() { "file" } else { &words };
    format!("{start}-{}-{}", token(to), number + 1)
}

/// What a site may call the post: it numbers a slug that is taken.
pub(super) fn variants(slug: &str) -> [String; 3] {
    [slug.to_owned(), format!("{slug}-2"), format!("{slug}-3")]
}

/// A piece of the destination's id that is random.
fn token(to: &Publication) -> String {
    let id = to.destination_id.0.simple().to_string();
    id[id.len().saturating_sub(TOKEN_CHARS)..].to_owned()
}

/// The Latin letters and digits of a text, the rest as single hyphens.
fn words(text: &str, limit: usize) -> String {
    let mut slug = String::new();
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)) {
        let letter = match letter {
            'ł' | 'Ł' => 'l',
            'ø' | 'Ø' => 'o',
            'đ' | 'Đ' => 'd',
            other => other.to_ascii_lowercase(),
        };
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') && !matches!(letter, '\'' | '’') {
            slug.push('-');
        }
    }
    if slug.len() > limit {
        slug.truncate(limit);
        if let Some(end) = slug.rfind('-').filter(|end| *end > limit / 2) {
            slug.truncate(end);
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_latin_words() {
        for (text, expect) in [
            ("Rye & Spelt: our bread", "rye-spelt-our-bread"),
            ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
            ("Don’t panic", "dont-panic"),
            ("  --  ", ""),
            ("面包", ""),
            ("Crème brûlée №5", "creme-brulee-no5"),
        ] {
            assert_eq!(words(text, 80), expect, "{text}");
        }
        assert_eq!(words("the whole story of our bread", 20), "the-whole-story-of");
    }
}
