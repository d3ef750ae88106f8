//! Embeds: cards with a title, a text, fields and pictures, and how much they may hold.

use serde_json::{Map, Value};

use super::errors::Problems;

const EMBEDS_MAX: usize = 10;
const FIELDS_MAX: usize = 25;
const TOTAL_MAX: usize = 6_000;
/// The texts of an embed: where each stands, and how long it may be.
const TEXTS: [(&str, usize); 4] =
    [("title", 256), ("description", 4_096), ("footer.text", 2_048), ("author.name", 256)];
const ADDRESSES: [&str; 6] =
    ["url", "image.url", "thumbnail.url", "footer.icon_url", "author.url", "author.icon_url"];

/// Reads the embeds of a message; `None` where there are none given.
pub(super) fn read(value: Option<&Value>, problems: &mut Problems) -> Option<Vec<Value>> {
    let embeds = match value? {
        Value::Null => return None,
        Value::Array(embeds) => embeds,
        _ => {
            problems.add("embeds", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            return None;
        }
    };
    if embeds.len() > EMBEDS_MAX {
        problems.add("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
    }
    let mut total = 0;
    let shown = embeds.iter().enumerate().map(|(at, embed)| {
        let Some(members) = embed.as_object() else {
            let message = "Only dictionaries may be used in a DictType";
            problems.add(&format!("embeds.{at}"), "DICT_TYPE_CONVERT", message);
            return Value::Null;
        };
        total += check(at, members, problems);
        let mut shown = members.clone();
        // What only Discord sets is left out.
        for name in ["provider", "video"] {
            shown.remove(name);
        }
        shown.insert("type".to_owned(), "rich".into());
        Value::Object(shown)
    });
    let shown: Vec<Value> = shown.collect();
    if total > TOTAL_MAX {
        problems.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
    Some(shown)
}

/// Notes what is wrong with one embed, and answers how many characters it has.
fn check(at: usize, embed: &Map<String, Value>, problems: &mut Problems) -> usize {
    let mut total = 0;
    for (path, max) in TEXTS {
        let text = find(embed, path).and_then(Value::as_str).unwrap_or_default();
        problems.at_most(&format!("embeds.{at}.{path}"), text, max);
        total += text.encode_utf16().count();
    }
    for path in ADDRESSES {
        if let Some(url) = find(embed, path).and_then(Value::as_str) {
            let also: &[&str] = if path == "url" || path == "author.url" { &[] } else { &["attachment"] };
            problems.web_address(&format!("embeds.{at}.{path}"), url, also);
        }
    }
    if let Some(time) = embed.get("timestamp").and_then(Value::as_str)
        && domain::Timestamp::parse(time).is_err()
    {
        let message = format!("Could not parse {time}. Should be ISO8601.");
        problems.add(&format!("embeds.{at}.timestamp"), "DATE_TIME_TYPE_PARSE", &message);
    }
    if embed.get("color").and_then(Value::as_u64).is_some_and(|color| color > 0xff_ffff) {
        let message = "int value should be less than or equal to 16777215.";
        problems.add(&format!("embeds.{at}.color"), "NUMBER_TYPE_MAX", message);
    }
    let fields = embed.get("fields").and_then(Value::as_array);
    if fields.is_some_and(|fields| fields.len() > FIELDS_MAX) {
        problems.add(
            &format!("embeds.{at}.fields"),
            "BASE_TYPE_MAX_LENGTH",
            "Must be 25 or fewer in length.",
        );
    }
    for (number, field) in fields.into_iter().flatten().enumerate() {
        for (name, max) in [("name", 256), ("value", 1_024)] {
            let path = format!("embeds.{at}.fields.{number}.{name}");
            match field[name].as_str().filter(|text| !text.is_empty()) {
                None => problems.add(&path, "BASE_TYPE_REQUIRED", "This field is required"),
                Some(text) => {
                    problems.at_most(&path, text, max);
                    total += text.encode_utf16().count();
                }
            }
        }
    }
    total
}

fn find<'a>(embed: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((first, rest)) => embed.get(first)?.get(rest),
        None => embed.get(path),
    }
}
