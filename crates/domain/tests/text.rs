//! How texts are counted, against lengths that twitter-text 3.1.0 gave, and as properties.

use fanfare_domain::text::{CountingRule, hashtags, length, mentions, twitter_urls, web_links};
use proptest::prelude::*;
use serde::Deserialize;

const RULES: [CountingRule; 7] = [
    CountingRule::TwitterWeighted,
    CountingRule::Graphemes,
    CountingRule::Utf16Units,
    CountingRule::CodePoints,
    CountingRule::Utf8Bytes,
    CountingRule::EmojiAsUtf8Bytes,
    CountingRule::MastodonUrl23,
];

#[derive(Deserialize)]
struct Counted {
    text: String,
    length: u32,
}

#[test]
fn x_counts_as_twitter_text_does() {
    let counted: Vec<Counted> = serde_json::from_str(include_str!("data/twitter_lengths.json")).unwrap();
    assert!(counted.len() > 300);
    let wrong: Vec<String> = counted
        .iter()
        .map(|case| (case, length(CountingRule::TwitterWeighted, &case.text)))
        .filter(|(case, ours)| *ours != case.length)
        .map(|(case, ours)| format!("{:?}: {ours} instead of {}", case.text, case.length))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn newer_emoji_are_one_emoji_on_x() {
    for emoji in ["🧑‍🤝‍🧑", "❤️‍🔥", "🧑🏽‍💻", "🫱🏻‍🫲🏿", "👩🏽‍❤️‍💋‍👨🏻", "🏳️‍⚧️", "♾️"]
    {
        assert_eq!(length(CountingRule::TwitterWeighted, emoji), 2, "{emoji}");
    }
}

#[test]
fn each_rule_has_its_unit() {
    let check = |text: &str, expect: [u32; 7]| {
        let lengths = RULES.map(|rule| length(rule, text));
        assert_eq!(lengths, expect, "{text}");
    };
    check("", [0; 7]);
    check("abc", [3; 7]);
    check("é", [1, 1, 1, 1, 2, 1, 1]);
    check("e\u{301}", [1, 1, 2, 2, 3, 2, 1]);
    check("面包", [4, 2, 2, 2, 6, 2, 2]);
    check("😀", [2, 1, 2, 1, 4, 4, 1]);
    check("👨‍👩‍👧‍👦", [2, 1, 11, 7, 25, 25, 1]);
    check("\r\n", [2, 1, 2, 2, 2, 2, 1]);
    check("https://example.com/bread", [23, 25, 25, 25, 25, 25, 23]);
    check("@ada@example.social", [19, 19, 19, 19, 19, 19, 4]);
}

/// Texts out of pieces that make links, tags and emoji likely.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,8}",
        "[a-z]{1,6}",
        prop::sample::select(vec![
            "https://",
            "http://",
            "example",
            ".com",
            ".co.uk",
            "t.co/",
            "xn--",
            ".",
            "/",
            "(",
            ")",
            "?",
            "@",
            "#",
            "_",
            " ",
            "\n",
            "😀",
            "👨‍👩‍👧‍👦",
            "❤️",
            "1️⃣",
            "🇩🇪",
            "\u{200d}",
            "\u{fe0f}",
            "面包",
            "\u{301}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn counting_never_fails(text in any::<String>()) {
        for rule in RULES {
            length(rule, &text);
        }
        hashtags(&text);
        mentions(&text);
    }

    #[test]
    fn ascii_without_dots_and_signs_has_its_length(text in "[ -!$-)+-\\-/:-?A-~]{0,200}") {
        for rule in RULES {
            prop_assert_eq!(length(rule, &text) as usize, text.len());
        }
    }

    #[test]
    fn a_text_of_two_is_little_longer_than_both(one in texts(), two in texts()) {
        for rule in RULES {
            let (joint, slack) = match rule {
                // A link can arise or vanish where texts meet, so they meet at a line break. A name
                // of a host that begins the text is read a little differently from one that does not.
                CountingRule::TwitterWeighted | CountingRule::MastodonUrl23 => ("\n", 3),
                // The second text can make the end of the first an emoji of several bytes.
                CountingRule::EmojiAsUtf8Bytes => ("", 48),
                CountingRule::Graphemes
                | CountingRule::Utf16Units
                | CountingRule::CodePoints
                | CountingRule::Utf8Bytes => ("", 0),
            };
            let both = format!("{one}{joint}{two}");
            prop_assert!(length(rule, &both) <= length(rule, &one) + length(rule, &two) + slack);
        }
    }

    #[test]
    fn x_never_counts_a_plain_text_as_more_than_two_for_each_character(text in texts()) {
        let links = u32::try_from(twitter_urls(&text).len()).unwrap();
        let characters = length(CountingRule::CodePoints, &text);
        prop_assert!(length(CountingRule::TwitterWeighted, &text) <= characters * 2 + links * 23);
    }

    #[test]
    fn links_are_in_order_and_whole_characters(text in texts()) {
        let mut end = 0;
        for link in twitter_urls(&text) {
            prop_assert!(link.start >= end && link.end > link.start);
            prop_assert!(text[link.clone()].contains('.'));
            end = link.end;
        }
        for link in web_links(&text) {
            prop_assert!(text[link].to_ascii_lowercase().starts_with("http"));
        }
    }

    #[test]
    fn a_link_between_spaces_counts_23(path in "[a-z0-9/]{0,300}", before in "[a-z ]{0,20}") {
        let text = format!("{before} https://example.com/{path} ");
        prop_assert_eq!(length(CountingRule::TwitterWeighted, &text) as usize, before.len() + 25);
        prop_assert_eq!(length(CountingRule::MastodonUrl23, &text) as usize, before.len() + 25);
    }
}
