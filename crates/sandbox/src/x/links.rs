//! Which parts of a text X takes for links, and how it shows a text with them.
//! A reading of its own of twitter-text's rules for links, on purpose.

use super::state::Link;

/// A link in a text, as byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
}

const GENERIC_ENDINGS: &str = " com net org edu gov mil int info biz name pro aero coop museum mobi travel jobs \
    app dev page blog shop store site online website tech cloud art design studio news media social club live \
    life world today xyz top icu space fun agency company digital email events finance games group guide health \
    house link marketing network photo photography pizza press restaurant school science show software solutions \
    support systems team tips tools video watch wiki work works zone berlin london nyc paris tokyo bakery cafe \
    coffee beer wine food kitchen garden academy center community foundation fm ";
const COUNTRY_ENDINGS: &str = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm \
    bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg \
    er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id \
    ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma \
    mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe \
    pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv \
    sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt \
    za zm zw ";

/// The links of `text`, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut previous = None;
    let mut skip_to = 0;
    for (start, letter) in text.char_indices() {
        let before = previous.replace(letter);
        if start < skip_to || before.is_some_and(glues) {
            continue;
        }
        if let Some(length) = link_length(&text[start..], before) {
            found.push(Found { start, end: start + length });
            skip_to = start + length;
        }
    }
    found
}

/// A letter that makes what follows part of a word, a mention, a hashtag or a cashtag.
fn glues(letter: char) -> bool {
    // Scripts written without spaces do not glue: a link may follow them directly.
    letter.is_ascii_alphanumeric()
        || matches!(letter, '\u{202A}'..='\u{202E}' | '@' | '＠' | '#' | '＃' | '$')
}

fn link_length(text: &str, before: Option<char>) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
        .map_or(0, str::len);
    if scheme == 0 && matches!(before, Some('-' | '_' | '.' | '/')) {
        return None;
    }
    let host = host_length(&text[scheme..], scheme > 0)?;
    let mut end = scheme + host;
    end += port_length(&text[end..]);
    let path = path_length(&text[end..]);
    end += path;
    // A bare domain takes a query only behind a path.
    if scheme > 0 || path > 0 {
        end += query_length(&text[end..]);
    }
    Some(end)
}

/// The longest run of labels that ends in a known ending.
fn host_length(text: &str, has_scheme: bool) -> Option<usize> {
    let in_host = |letter: char| {
        letter.is_ascii_alphanumeric()
            || matches!(letter, '.' | '-')
            || (has_scheme && (letter == '_' || is_accented(letter)))
    };
    let run = text.find(|letter| !in_host(letter)).unwrap_or(text.len());
    let host = &text[..run];
    let ends: Vec<usize> =
        host.match_indices('.').map(|(dot, _)| dot).chain(std::iter::once(host.len())).collect();
    ends.into_iter().rev().find(|end| {
        let labels: Vec<&str> = host[..*end].split('.').collect();
        let followed_by_at = text[*end..].starts_with('@');
        labels.len() >= 2
            && !followed_by_at
            && labels
                .iter()
                .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
            && labels.last().is_some_and(|ending| is_known_ending(ending))
    })
}

fn is_known_ending(ending: &str) -> bool {
    let padded = format!(" {} ", ending.to_ascii_lowercase());
    GENERIC_ENDINGS.contains(&padded) || COUNTRY_ENDINGS.contains(&padded)
}

/// Latin letters beyond ASCII, which hosts and paths may have.
fn is_accented(letter: char) -> bool {
    matches!(letter, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

fn is_cyrillic(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{4FF}')
}

fn port_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(':') else { return 0 };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { 0 } else { 1 + digits }
}

fn path_length(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut open, mut end) = (0_u32, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' if open > 0 => {
                open -= 1;
                end = at + 1;
            }
            '=' | '_' | '#' | '/' | '+' | '-' => end = at + letter.len_utf8(),
            other if other.is_ascii_alphanumeric() || is_accented(other) || is_cyrillic(other) => {
                end = at + other.len_utf8();
            }
            '!' | '*' | '\'' | ';' | ':' | ',' | '.' | '$' | '%' | '[' | ']' | '~' | '@' | '|' | '&'
            | '–' => {}
            _ => break,
        }
    }
    end
}

fn query_length(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '-' | '_' | '&' | '=' | '#' | '/' => end = at + 1,
            other if other.is_ascii_alphanumeric() => end = at + 1,
            '!' | '?' | '*' | '\'' | '@' | '(' | ')' | ';' | ':' | '+' | '$' | '%' | '[' | ']' | '.'
            | ',' | '~' | '|' => {}
            _ => break,
        }
    }
    end
}

/// The text as the API returns it: every link short, `&`, `<` and `>` as HTML entities.
/// `shorten` makes a short address.
pub(super) fn show(text: &str, mut shorten: impl FnMut() -> String) -> (String, Vec<Link>) {
    let (mut shown, mut links, mut from) = (String::new(), Vec::new(), 0);
    for Found { start, end } in find(text) {
        shown.push_str(&with_entities(&text[from..start]));
        let target = &text[start..end];
        let expanded = if target.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("http")) {
            target.to_owned()
        } else {
            format!("http://{target}")
        };
        links.push(append(&mut shown, shorten(), expanded, None));
        from = end;
    }
    shown.push_str(&with_entities(&text[from..]));
    (shown, links)
}

/// Appends a short address to `shown`; the answer says where it stands.
pub(super) fn append(shown: &mut String, short: String, expanded: String, media_key: Option<String>) -> Link {
    let start = shown.chars().count();
    shown.push_str(&short);
    Link { start, end: start + short.chars().count(), short, expanded, media_key }
}

fn with_entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|link| &text[link.start..link.end]).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn links_are_what_a_reader_would_click() {
        check("See https://example.com/a_(b)?x=1&y=2.", &["https://example.com/a_(b)?x=1&y=2"]);
        check("(example.com/rye), and foo.co.uk!", &["example.com/rye", "foo.co.uk"]);
        check(
            "http://example.com:8080/ HTTPS://EXAMPLE.ORG",
            &["http://example.com:8080/", "HTTPS://EXAMPLE.ORG"],
        );
    }

    #[test]
    fn what_only_looks_like_a_link_is_text() {
        check("mail me@example.com, v1.2.3, e.g. this, file.rs? no, @a.com #b.com", &["file.rs"]);
        check("http://localhost/x and https://example.invalidtld", &[]);
    }

    #[test]
    fn a_shown_text_has_short_links_and_entities() {
        let (shown, links) = show("a & b example.com", || "https://t.co/0123456789".to_owned());
        assert_eq!(shown, "a &amp; b https://t.co/0123456789");
        assert_eq!((links[0].start, links[0].end), (10, 33));
        assert_eq!(links[0].expanded, "http://example.com");
    }
}
