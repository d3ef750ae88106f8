//! Text with entities: what marks which stretch, counted in UTF-16 units, as the Bot API tells it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors::{BotError, bad, unparsed};
use super::{html, markdown};
use crate::core::form::Form;

/// A stretch of the text that is more than text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) offset: usize,
    pub(super) length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) custom_emoji_id: Option<String>,
}

/// A text without its markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) text: String,
    pub(super) entities: Vec<Entity>,
}

/// A text that is being read, and the stretches that have begun in it.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) marked: Marked,
    pub(super) units: usize,
    pub(super) open: Vec<Open>,
}

/// A stretch that has begun.
pub(super) struct Open {
    /// The tag or mark that ends it.
    pub(super) tag: String,
    pub(super) entity: Entity,
    /// Where its mark stands in what was sent.
    pub(super) at: usize,
}

impl Builder {
    pub(super) fn push(&mut self, letter: char) {
        self.marked.text.push(letter);
        self.units += letter.len_utf16();
    }

    pub(super) fn begin(&mut self, tag: &str, kind: &str, at: usize) -> &mut Entity {
        let entity = Entity {
            kind: kind.to_owned(),
            offset: self.units,
            length: 0,
            url: None,
            language: None,
            custom_emoji_id: None,
        };
        self.open.push(Open { tag: tag.to_owned(), entity, at });
        let last = self.open.len() - 1;
        &mut self.open[last].entity
    }

    /// Ends the stretch that began last.
    pub(super) fn end(&mut self) {
        if let Some(Open { mut entity, .. }) = self.open.pop() {
            entity.length = self.units - entity.offset;
            // What marks nothing, and a tag without a meaning of its own, is left out.
            if entity.length > 0 && !entity.kind.is_empty() {
                self.marked.entities.push(entity);
            }
        }
    }
}

/// The text under `name` of a call, or of an entry of an album, with its entities.
pub(super) fn read(form: &Form, name: &str) -> Result<Marked, BotError> {
    let text = form.text(name).unwrap_or_default();
    let given = if name == "text" { "entities" } else { "caption_entities" };
    let mut marked = match form.text("parse_mode").as_deref().map(str::to_ascii_lowercase).as_deref() {
        None => Marked { entities: given_entities(form.nested(given), &text)?, text },
        Some("html") => html::parse(&text).map_err(|why| unparsed(&why))?,
        Some("markdownv2") => markdown::parse(&text).map_err(|why| unparsed(&why))?,
        Some(_) => return Err(bad("unsupported parse_mode")),
    };
    trim(&mut marked);
    find_plain(&mut marked);
    marked.entities.sort_by_key(|entity| (entity.offset, usize::MAX - entity.length));
    marked.entities.truncate(100);
    Ok(marked)
}

/// How long a text is to Telegram.
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn given_entities(value: Option<Value>, text: &str) -> Result<Vec<Entity>, BotError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let entities: Vec<Entity> =
        serde_json::from_value(value).map_err(|_| bad("can't parse MessageEntity"))?;
    let length = length(text);
    if entities.iter().any(|entity| entity.offset + entity.length > length) {
        return Err(bad("entity beginning or end is out of the text"));
    }
    Ok(entities)
}

/// Takes white space from both ends.
fn trim(marked: &mut Marked) {
    let start = marked.text.len() - marked.text.trim_start().len();
    let cut = length(&marked.text[..start]);
    marked.text = marked.text.trim().to_owned();
    let end = length(&marked.text);
    for entity in &mut marked.entities {
        let last = (entity.offset + entity.length).saturating_sub(cut).min(end);
        entity.offset = entity.offset.saturating_sub(cut).min(end);
        entity.length = last - entity.offset;
    }
    marked.entities.retain(|entity| entity.length > 0);
}

/// Marks addresses, tags and names that nobody marked.
fn find_plain(marked: &mut Marked) {
    let mut found = Vec::new();
    let mut units = 0;
    for word in marked.text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"']);
        let lead = bare.len() - bare.trim_start_matches(['(', '"']).len();
        let core = &bare[lead..];
        let is_name = |text: &str| {
            !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        };
        let kind = if core.starts_with("https://") || core.starts_with("http://") {
            Some("url").filter(|_| core.contains('.'))
        } else if let Some(tag) = core.strip_prefix('#') {
            Some("hashtag").filter(|_| is_name(tag))
        } else if let Some(name) = core.strip_prefix('@') {
            Some("mention").filter(|_| is_name(name) && name.is_ascii() && name.len() >= 4)
        } else {
            None
        };
        if let Some(kind) = kind {
            let offset = units + length(&bare[..lead]);
            found.push(Entity {
                kind: kind.to_owned(),
                offset,
                length: length(core),
                url: None,
                language: None,
                custom_emoji_id: None,
            });
        }
        units += length(word);
    }
    let is_closed = |entity: &Entity| {
        matches!(entity.kind.as_str(), "code" | "pre" | "text_link" | "url" | "hashtag" | "mention")
    };
    let overlaps = |one: &Entity, two: &Entity| {
        one.offset < two.offset + two.length && two.offset < one.offset + one.length
    };
    found.retain(|one| !marked.entities.iter().any(|two| is_closed(two) && overlaps(one, two)));
    marked.entities.extend(found);
}

/// The first address in a text, marked or not.
pub(super) fn first_link(text: &str, entities: &[Entity]) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    entities.iter().find_map(|entity| match entity.kind.as_str() {
        "text_link" => entity.url.clone(),
        "url" => Some(String::from_utf16_lossy(units.get(entity.offset..entity.offset + entity.length)?)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(fields: &Value) -> Form {
        Form { fields: fields.as_object().unwrap().clone(), files: Vec::new() }
    }

    fn kinds(marked: &Marked) -> Vec<(&str, usize, usize)> {
        let all = marked.entities.iter();
        all.map(|entity| (entity.kind.as_str(), entity.offset, entity.length)).collect()
    }

    #[test]
    fn addresses_tags_and_names_are_marked_in_utf16_units() {
        let marked =
            read(&form(&json!({"text": " 😀 (https://example.org/a), #rye @orchard @ab # "})), "text")
                .unwrap();
        assert_eq!(marked.text, "😀 (https://example.org/a), #rye @orchard @ab #");
        assert_eq!(kinds(&marked), [("url", 4, 21), ("hashtag", 28, 4), ("mention", 33, 8)]);
        assert_eq!(first_link(&marked.text, &marked.entities).as_deref(), Some("https://example.org/a"));
    }

    #[test]
    fn given_entities_stay_within_the_text() {
        let entities = json!([{"type": "bold", "offset": 1, "length": 3}]);
        let marked = read(&form(&json!({"text": " ab ", "entities": entities})), "text").unwrap();
        assert_eq!((marked.text.as_str(), kinds(&marked)), ("ab", vec![("bold", 0, 2)]));
        assert!(read(&form(&json!({"text": "ab", "entities": entities})), "text").is_err());
        assert!(read(&form(&json!({"text": "ab", "entities": [{"type": "bold"}]})), "text").is_err());
        assert!(read(&form(&json!({"text": "ab", "parse_mode": "BBCode"})), "text").is_err());
    }
}
