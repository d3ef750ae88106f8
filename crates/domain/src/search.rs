//! Searching texts in any language: what counts as the same letter, and what of a text goes into an
//! index.
//!
//! An index holds every three neighbouring characters of a text, whatever the script: Chinese has no
//! spaces, and German puts words together. It finds the texts that may have what is searched for; whether
//! they have it is seen by looking into them.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

/// How many neighbouring characters make a term.
const GRAM: usize = 3;
/// A text with more terms than this is not indexed by them: it may have anything.
const MOST_TERMS: usize = 20_000;
/// More terms than this make no search more exact.
const MOST_ASKED: usize = 32;

/// The text in lower case, without the marks on Latin letters and Arabic vowels, and with one form of
/// every character. What is searched and what it is searched in are folded alike.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let mut is_latin = false;
    for letter in text.nfkd().flat_map(char::to_lowercase) {
        match letter {
            '\u{300}'..='\u{36f}' if is_latin => {}
            // Vowels and lengthening in Arabic, and the choice between two looks of an emoji.
            '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}' | '\u{fe0e}' | '\u{fe0f}' => {}
            'ß' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            letter => {
                is_latin = letter.is_ascii_alphabetic();
                folded.push(letter);
            }
        }
    }
    folded.nfc().collect()
}

/// What of a text goes into an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terms {
    /// These.
    Some(Vec<String>),
    /// Too many to name.
    Any,
}

/// The terms of a folded text: up to three characters from each place, within stretches without spaces
/// and punctuation.
pub fn terms(folded: &str) -> Terms {
    let mut found = BTreeSet::new();
    for run in runs(folded) {
        for (at, _) in run.char_indices() {
            found.insert(gram(&run[at..]));
            if found.len() > MOST_TERMS {
                return Terms::Any;
            }
        }
    }
    Terms::Some(found.into_iter().map(ToOwned::to_owned).collect())
}

/// What a search looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Folded; a text has to have all of them, wherever.
    pub words: Vec<String>,
    /// What of them an index can tell.
    pub terms: Vec<Term>,
}

/// What an index is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Its characters.
    pub text: String,
    /// Whether it is the beginning of a term.
    pub is_beginning: bool,
}

impl Search {
    /// Reads what somebody looks for; nothing in it has a meaning but the spaces between words.
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let words: BTreeSet<&str> = folded.split_whitespace().collect();
        let mut terms = BTreeSet::new();
        for run in words.iter().flat_map(|word| runs(word)) {
            let length = run.chars().count();
            if length < GRAM {
                terms.insert(Term { text: run.to_owned(), is_beginning: true });
                continue;
            }
            let starts = run.char_indices().take(length - GRAM + 1);
            terms.extend(
                starts.map(|(at, _)| Term { text: gram(&run[at..]).to_owned(), is_beginning: false }),
            );
        }
        Self {
            words: words.into_iter().map(ToOwned::to_owned).collect(),
            terms: terms.into_iter().take(MOST_ASKED).collect(),
        }
    }
}

fn runs(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()).filter(|run| !run.is_empty())
}

fn gram(rest: &str) -> &str {
    let end = rest.char_indices().nth(GRAM).map_or(rest.len(), |(at, _)| at);
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, folded: &str) {
        assert_eq!(fold(text), folded, "{text}");
        assert_eq!(fold(folded), folded, "{folded} once more");
    }

    #[test]
    fn letters_that_people_take_for_the_same_are() {
        check("Crème BRÛLÉE", "creme brulee");
        check("Cre\u{300}me", "creme");
        check("Straße STRASSE", "strasse strasse");
        check("ŻÓŁTA Łódź", "zołta łodz");
        check("ＡＢＣ", "abc");
        check("ガギ", "ガギ");
        check("ｶﾞ", "ガ");
        check("مَرْحَبًا", "مرحبا");
        check("ΟΔΥΣΣΕΎΣ Οδυσσεύς", &fold("οδυσσεύσ οδυσσεύσ"));
        check("❤️", "❤");
        check("Ёлка", "ёлка");
        check("İstanbul", "istanbul");
    }

    #[test]
    fn a_text_is_indexed_by_three_characters_from_each_place() {
        let Terms::Some(found) = terms("ab, 東京都の x") else { panic!("too many") };
        assert_eq!(found, ["ab", "b", "x", "の", "京都の", "東京都", "都の"]);
        let long: String = (0..30_000_u32).filter_map(|n| char::from_u32(0x4e00 + n % 20_000)).collect();
        assert_eq!(terms(&format!("{long}{}", fold(&long))), Terms::Any);
    }

    #[test]
    fn a_search_has_its_words_and_no_operators() {
        let search = Search::of("  \"Soup\" OR -menu* 東京 ");
        assert_eq!(search.words, ["\"soup\"", "-menu*", "or", "東京"]);
        let beginnings: Vec<&str> =
            search.terms.iter().filter(|term| term.is_beginning).map(|term| term.text.as_str()).collect();
        assert_eq!(beginnings, ["or", "東京"]);
        assert!(Search::of("%").terms.is_empty());
        assert!(Search::of(" ").words.is_empty());
    }

    proptest! {
        /// What the index is asked for is there in every text that has the word.
        #[test]
        fn no_text_with_a_word_is_missed(before in "\\PC{0,8}", word in "\\PC{1,8}", after in "\\PC{0,8}") {
            let folded = fold(&format!("{before}{word}{after}"));
            let search = Search::of(&word);
            prop_assume!(search.words.iter().all(|word| folded.contains(word.as_str())));
            let Terms::Some(found) = terms(&folded) else { panic!("too many") };
            for Term { text, is_beginning } in search.terms {
                let is_there = |term: &String| if is_beginning { term.starts_with(&text) } else { *term == text };
                prop_assert!(found.iter().any(is_there), "{text} of {word} in {folded}");
            }
        }
    }
}
