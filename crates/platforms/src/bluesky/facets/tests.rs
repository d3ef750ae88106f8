use super::*;

/// What was found, each with the very bytes that its range covers.
fn found(text: &str) -> Vec<(&str, What)> {
    detect(text)
        .into_iter()
        .map(|detected| (&text[detected.range.byte_start..detected.range.byte_end], detected.what))
        .collect()
}

#[track_caller]
fn check_links(text: &str, expect: &[(&str, &str)]) {
    let expect: Vec<_> = expect.iter().map(|(shown, uri)| (*shown, What::Link((*uri).to_owned()))).collect();
    assert_eq!(found(text), expect, "{text}");
}

#[track_caller]
fn check_tags(text: &str, expect: &[(&str, &str)]) {
    let expect: Vec<_> = expect.iter().map(|(shown, tag)| (*shown, What::Tag((*tag).to_owned()))).collect();
    assert_eq!(found(text), expect, "{text}");
}

#[track_caller]
fn check_mentions(text: &str, expect: &[(&str, &str)]) {
    let expect: Vec<_> =
        expect.iter().map(|(shown, handle)| (*shown, What::Mention((*handle).to_owned()))).collect();
    assert_eq!(found(text), expect, "{text}");
}

#[test]
fn offsets_are_utf8_bytes() {
    // Polish letters take two bytes, the family emoji 25, the ideographs three.
    let text = "Zażółć 👨‍👩‍👧‍👦 https://example.org/gęś #jaźń @ola.bsky.social 日本 #日本";
    let ranges: Vec<_> =
        detect(text).iter().map(|found| (found.range.byte_start, found.range.byte_end)).collect();
    assert_eq!(ranges, [(37, 62), (63, 70), (71, 87), (95, 102)]);
    let shown: Vec<_> = found(text).into_iter().map(|(shown, _)| shown).collect();
    assert_eq!(shown, ["https://example.org/gęś", "#jaźń", "@ola.bsky.social", "#日本"]);
}

#[test]
fn links_are_found_and_lose_the_sentence_around_them() {
    check_links(
        "see https://example.org/a?b=c#d.",
        &[("https://example.org/a?b=c#d", "https://example.org/a?b=c#d")],
    );
    check_links("(https://example.org)", &[("https://example.org", "https://example.org")]);
    check_links(
        "https://en.example.org/wiki/A_(b)!",
        &[("https://en.example.org/wiki/A_(b)", "https://en.example.org/wiki/A_(b)")],
    );
    check_links("HTTPS://Example.org x", &[("HTTPS://Example.org", "HTTPS://Example.org")]);
    check_links("one.com\ntwo.org/x", &[("one.com", "https://one.com"), ("two.org/x", "https://two.org/x")]);
    check_links("(see my-shop.co.uk/new).", &[("my-shop.co.uk/new", "https://my-shop.co.uk/new")]);
    check_links("see (my-shop.co.uk/new).", &[("my-shop.co.uk/new", "https://my-shop.co.uk/new")]);
    check_links("http://127.0.0.1:8080/x", &[("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x")]);
}

#[test]
fn what_only_looks_like_a_link_is_left_alone() {
    for text in [
        "e.g. this",
        "file.unknownending",
        "a@example.org",
        "first.me@example.org",
        "3.14",
        "https://",
        "xhttps://a.org",
        "https:///x",
        "..com",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn mentions_need_a_real_ending() {
    check_mentions("hi @Bob.bsky.social!", &[("@Bob.bsky.social", "bob.bsky.social")]);
    check_mentions("(@bob.test)", &[("@bob.test", "bob.test")]);
    check_mentions("@a.test @b.test", &[("@a.test", "a.test"), ("@b.test", "b.test")]);
    check_mentions("@bob.test.", &[("@bob.test", "bob.test")]);
    for text in ["@bob", "@bob.invalidending", "mail@bob.test", "@", "@.test", "@bob_x.test", "@bob.test_x"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn tags_are_found_without_their_sign_and_trailing_punctuation() {
    check_tags(
        "#Rust, #web3. #a-b! ＃全角",
        &[("#Rust", "Rust"), ("#web3", "web3"), ("#a-b", "a-b"), ("＃全角", "全角")],
    );
    check_tags("#C++", &[("#C++", "C++")]);
    check_tags("#👍 ok", &[("#👍", "👍")]);
    check_tags("#one\u{200b}two", &[("#one", "one")]);
    for text in ["#1", "#", "# a", "#!?", "a#b", "(#no", "#\u{fe0f}\u{20e3}"] {
        assert_eq!(found(text), [], "{text}");
    }
    let fits = format!("#{}", "é".repeat(64));
    assert_eq!(found(&fits).len(), 1);
    let too_long = format!("#{}", "é".repeat(65));
    assert_eq!(found(&too_long), []);
}

#[test]
fn cashtags_are_tags() {
    check_tags("buy $aapl, ($X)", &[("$aapl", "$AAPL"), ("$X", "$X")]);
    for text in ["$100", "$toolong", "$a-b", "$"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn the_first_link_is_the_cards() {
    assert_eq!(first_link("#a @b.test c.org d.org").as_deref(), Some("https://c.org"));
    assert_eq!(first_link("nothing"), None);
}
