use super::*;

#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let found: Vec<&str> = twitter_urls(text).into_iter().map(|link| &text[link]).collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn links_are_found_with_and_without_scheme() {
    check("see https://example.com/a?b=c#d now", &["https://example.com/a?b=c#d"]);
    check("HTTP://EXAMPLE.ORG and example.co.uk", &["HTTP://EXAMPLE.ORG", "example.co.uk"]);
    check("https://example.com:8080/x example.com:8080", &["https://example.com:8080/x", "example.com"]);
    check("https://münchen.example.рф/привет", &["https://münchen.example.рф/привет"]);
}

#[test]
fn punctuation_around_a_link_is_not_part_of_it() {
    check(
        "(https://example.com/a). \"example.com\", example.com!",
        &["https://example.com/a", "example.com", "example.com"],
    );
    check("https://example.com/a_(b_(c))? ", &["https://example.com/a_(b_(c))"]);
    check("https://example.com/(a", &["https://example.com/"]);
}

#[test]
fn what_is_no_link_stays_text() {
    check("me@example.com @example.com #example.com $example.com", &[]);
    check("v1.2.3 e.g. file.txt foo.notanending http://localhost/", &[]);
    check("-example.com _example.com /example.com ./example.com", &[]);
    check("example.com-x example.com@y", &[]);
    check("john.me@example.com", &[]);
}

#[test]
fn bare_domains_are_found_next_to_other_scripts() {
    check("パンはexample.comで", &["example.com"]);
    check("面包example.com/a面包", &["example.com/a"]);
    check("a_b.example.com", &["b.example.com"]);
}

#[test]
fn short_links_end_behind_their_name() {
    check("https://t.co/abc123/extra", &["https://t.co/abc123"]);
    check(&format!("https://t.co/{}", "a".repeat(41)), &[]);
}

#[test]
fn names_that_dns_refuses_are_no_links() {
    check(&format!("https://{}.com", "a".repeat(63)), &[&format!("https://{}.com", "a".repeat(63))]);
    check(&format!("https://{}.com", "a".repeat(64)), &[]);
}
