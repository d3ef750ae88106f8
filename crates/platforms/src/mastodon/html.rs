//! What a reader sees of a status: its content is HTML that the server made of the text.

use domain::text::without_hosts;
use unicode_normalization::UnicodeNormalization as _;

use crate::page::decode;

/// The text of a status's content: line breaks for `<br>` and between paragraphs, no other tags.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else { return decode(&text) };
        let tag = &rest[open + 1..open + close];
        if tag.starts_with("br") || tag.starts_with("/p") {
            text.push('\n');
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    decode(&text)
}

/// What is left when spelling that a server may change is taken out: white space, the hosts of
/// mentions, the form of accented letters.
pub(super) fn comparable(text: &str) -> String {
    let composed: String = without_hosts(text).nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, text: &str) {
        assert_eq!(comparable(&plain(html)), comparable(text), "{html}");
    }

    #[test]
    fn the_content_of_a_status_is_compared_with_its_text() {
        check(
            "<p>Rye &amp; &lt;spelt&gt; at 7<br />and 8</p><p>more</p>",
            "Rye & <spelt> at 7\nand 8\n\nmore",
        );
        check(
            "<p>see <a href=\"https://example.org/menu?a=1&amp;b=2\" rel=\"nofollow\"><span class=\"invisible\">https://\
             </span><span class=\"ellipsis\">example.org/menu?a=1</span><span class=\"invisible\">&amp;b=2</span></a></p>",
            "see https://example.org/menu?a=1&b=2",
        );
        check(
            "<p><span class=\"h-card\"><a href=\"https://x.example/@ada\" class=\"u-url mention\">@<span>ada</span></a></span> \
             <a href=\"https://a.example/tags/rye\" class=\"mention hashtag\" rel=\"tag\">#<span>rye</span></a></p>",
            "@ada@x.example #rye",
        );
        check("<p>caf\u{e9}</p>", "cafe\u{301}");
        assert_ne!(comparable(&plain("<p>one</p>")), comparable("one two"));
    }

    #[test]
    fn broken_html_ends_where_it_breaks() {
        assert_eq!(plain("a<b"), "a");
        assert_eq!(plain("a < b"), "a ");
        assert_eq!(plain(""), "");
    }
}
