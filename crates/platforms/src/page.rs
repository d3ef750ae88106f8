//! What a web page says of itself: the title, description and picture of a link card. A tolerant
//! look at the head of the page, not an HTML parser.

use net::GuardedClient;
use url::Url;

/// How much of a page is read.
const MAX_BYTES: usize = 512 * 1024;
/// Titles and descriptions longer than this are cut.
const MAX_CHARS: usize = 300;

/// A page's description of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PagePreview {
    /// `og:title`, else the title element.
    pub(crate) title: String,
    /// `og:description`, else the description; may be empty.
    pub(crate) description: String,
    /// `og:image`, as a full address.
    pub(crate) image: Option<Url>,
}

/// Fetches a page and reads its description; `None` when it cannot be fetched or has no title.
pub(crate) async fn preview(guarded: &GuardedClient, url: &Url) -> Option<PagePreview> {
    let fetched = guarded.fetch_beginning(url, MAX_BYTES).await.ok()?;
    if !fetched.content_type.contains("html") {
        return None;
    }
    let preview = parse_preview(&String::from_utf8_lossy(&fetched.bytes), &fetched.url);
    (!preview.title.is_empty()).then_some(preview)
}

/// Reads the description out of a page's HTML.
pub(crate) fn parse_preview(html: &str, base: &Url) -> PagePreview {
    let mut preview = PagePreview::default();
    let (mut plain_title, mut plain_description) = (String::new(), String::new());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let Some(close) = rest.find('>') else { break };
        let (tag, after) = (&rest[..close], &rest[close + 1..]);
        let name: String =
            tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match name.as_str() {
            "title" if plain_title.is_empty() => {
                let end = after.find('<').unwrap_or(after.len());
                plain_title = clean(&after[..end]);
            }
            "meta" => {
                let key = attribute(tag, "property").or_else(|| attribute(tag, "name"));
                let content = attribute(tag, "content");
                if let (Some(key), Some(content)) = (key, content) {
                    match key.to_ascii_lowercase().as_str() {
                        "og:title" => preview.title = clean(&content),
                        "og:description" => preview.description = clean(&content),
                        "description" => plain_description = clean(&content),
                        "og:image" | "og:image:url" if preview.image.is_none() => {
                            preview.image = base.join(decode(&content).trim()).ok();
                        }
                        _ => {}
                    }
                }
            }
            "body" => break,
            _ => {}
        }
        rest = after;
    }
    if preview.title.is_empty() {
        preview.title = plain_title;
    }
    if preview.description.is_empty() {
        preview.description = plain_description;
    }
    preview
}

/// The value of an attribute of a tag, quoted or not.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = lower[from..].find(name) {
        let start = from + at;
        let before = lower[..start].chars().next_back();
        let after = lower[start + name.len()..].trim_start();
        from = start + name.len();
        if !before.is_some_and(char::is_whitespace) || !after.starts_with('=') {
            continue;
        }
        let value_at = tag.len() - after.len() + 1;
        let value = tag.get(value_at..)?.trim_start();
        return Some(match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next().unwrap_or("").to_owned(),
            _ => value.split(char::is_whitespace).next().unwrap_or("").to_owned(),
        });
    }
    None
}

fn clean(text: &str) -> String {
    let decoded = decode(text);
    let mut words = decoded.split_whitespace();
    let mut cleaned = words.next().unwrap_or("").to_owned();
    for word in words {
        cleaned.push(' ');
        cleaned.push_str(word);
    }
    cleaned.chars().take(MAX_CHARS).collect()
}

/// Resolves the entities that titles really use, and numeric ones.
pub(crate) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(end, _)| end);
        if let Some((end, character)) = end.and_then(|end| entity(&rest[1..end]).map(|c| (end, c))) {
            decoded.push(character);
            rest = &rest[end + 1..];
        } else {
            decoded.push('&');
            rest = &rest[1..];
        }
    }
    decoded.push_str(rest);
    decoded
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, title: &str, description: &str, image: Option<&str>) {
        let preview = parse_preview(html, &Url::parse("https://example.org/a/b").unwrap());
        assert_eq!(preview.title, title);
        assert_eq!(preview.description, description);
        assert_eq!(preview.image.as_ref().map(Url::as_str), image);
    }

    #[test]
    fn open_graph_wins_over_plain_tags() {
        check(
            "<html><head><title>Plain</title><meta name=description content='plain one'>\
             <meta property=\"og:title\" content=\"Rye &amp; spelt &#8212; today\"/>\
             <META content='From the oven' PROPERTY='og:description'>\
             <meta property=og:image content=/img/x.png></head>",
            "Rye & spelt — today",
            "From the oven",
            Some("https://example.org/img/x.png"),
        );
    }

    #[test]
    fn plain_tags_stand_in() {
        check("<title>\n  Two\n lines </title>", "Two lines", "", None);
    }

    #[test]
    fn broken_pages_are_read_as_far_as_they_go() {
        check("<title>Cut", "Cut", "", None);
        check("<meta property=\"og:title\" content=\"no end", "", "", None);
        check("&&&<<<>>>", "", "", None);
        check("<meta content>", "", "", None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(html in "\\PC{0,200}") {
            parse_preview(&html, &Url::parse("https://example.org/").unwrap());
            parse_preview(&format!("<meta property=\"og:title\" content={html}"), &Url::parse("https://example.org/").unwrap());
        }
    }
}
