//! The article that a publication is: its title, and its body with the files in their places. The
//! text is HTML already, or plain text of which WordPress makes paragraphs.

use connector::{MediaKind, Publication};
use domain::rules::title_from_text;

use super::state::File;

const TITLE_CHARS: u32 = 200;
/// What an image's place looks like: `![caption](image:2)`.
const PLACE: (&str, &str) = ("![", "](image:");

/// The title: the author's own, else the text's heading or first line.
pub(super) fn title(to: &Publication) -> String {
    let own = to.settings.text("title").map(str::trim).filter(|title| !title.is_empty());
    own.map(str::to_owned).or_else(|| title_from_text(&to.text, TITLE_CHARS)).unwrap_or_default()
}

/// The article's text. A heading that is its title does not stand above it a second time.
fn text(to: &Publication) -> &str {
    let text = to.text.trim_start();
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    match line.strip_prefix("# ") {
        Some(heading) if heading.trim() == title(to) => rest.trim_start(),
        Some(_) | None => &to.text,
    }
}

/// The body, and remarks about what it could not hold.
pub(super) fn body(to: &Publication, files: &[File]) -> (String, Vec<String>) {
    let of_kind = |kind: MediaKind| {
        to.media.iter().zip(files).filter(move |(item, _)| item.kind == kind).collect::<Vec<_>>()
    };
    let (videos, images) = (of_kind(MediaKind::Video), of_kind(MediaKind::Image));
    let mut shown = vec![false; images.len()];
    let mut warnings = Vec::new();
    let mut body = String::new();
    for (_, file) in &videos {
        let url = escape(&file.url);
        add(
            &mut body,
            &format!(r#"<figure class="wp-block-video"><video controls src="{url}"></video></figure>"#),
        );
    }
    let mut rest = text(to);
    while let Some(place) = Place::find(rest) {
        body_text(&mut body, &rest[..place.start]);
        match place.number.checked_sub(1).and_then(|at| Some((at, images.get(at)?))) {
            Some((at, (item, file))) => {
                shown[at] = true;
                let alt = item.alt_text.as_deref().unwrap_or(place.caption);
                add(&mut body, &figure(file, alt, place.caption));
            }
            None => warnings.push(format!("There is no image {}; its place is left out.", place.number)),
        }
        rest = &rest[place.end..];
    }
    body_text(&mut body, rest);
    if featured(to, files).is_some()
        && let Some(first) = shown.first_mut()
    {
        // Themes show it above the text.
        *first = true;
    }
    for ((item, file), _) in images.iter().zip(&shown).filter(|(_, shown)| !**shown) {
        add(&mut body, &figure(file, item.alt_text.as_deref().unwrap_or_default(), ""));
    }
    (body, warnings)
}

/// The image that stands for the article, if the author did not choose otherwise.
pub(super) fn featured(to: &Publication, files: &[File]) -> Option<u64> {
    if to.settings.text("featuredImage") == Some("none") {
        return None;
    }
    to.media.iter().zip(files).find(|(item, _)| item.kind == MediaKind::Image).map(|(_, file)| file.id)
}

/// The place of an image in the text.
struct Place<'a> {
    start: usize,
    end: usize,
    caption: &'a str,
    number: usize,
}

impl<'a> Place<'a> {
    /// The first one.
    fn find(text: &'a str) -> Option<Self> {
        let (open, middle) = PLACE;
        let mut from = 0;
        while let Some(at) = text[from..].find(middle) {
            let middle_at = from + at;
            let after = &text[middle_at + middle.len()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let start = text[..middle_at].rfind(open).filter(|start| !text[*start..middle_at].contains(']'));
            if let (Some(start), true, Ok(number)) =
                (start, after[digits..].starts_with(')'), after[..digits].parse())
            {
                let caption = text[start + open.len()..middle_at].trim();
                let end = middle_at + middle.len() + digits + 1;
                return Some(Self { start, end, caption, number });
            }
            from = middle_at + middle.len();
        }
        None
    }
}

fn figure(file: &File, alt: &str, caption: &str) -> String {
    let (url, alt, id) = (escape(&file.url), escape(alt), file.id);
    let caption = match caption {
        "" => String::new(),
        caption => format!("<figcaption>{}</figcaption>", escape(caption)),
    };
    format!(
        r#"<figure class="wp-block-image"><img src="{url}" alt="{alt}" class="wp-image-{id}" />{caption}</figure>"#
    )
}

fn body_text(body: &mut String, text: &str) {
    let text = text.trim_matches(['\n', '\r']);
    if !text.trim().is_empty() {
        add(body, text);
    }
}

/// Adds a paragraph of its own.
fn add(body: &mut String, block: &str) {
    if !body.is_empty() {
        body.push_str("\n\n");
    }
    body.push_str(block);
}

/// Text as part of HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
