//! The checks of a body's fields, with the sentences that a schema's validator writes.

use serde_json::{Map, Value};

use super::errors::{PinterestError, invalid};

/// A text of at most `max` characters; `None` if it is missing or null.
pub(super) fn text(
    fields: &Map<String, Value>,
    name: &str,
    max: usize,
) -> Result<Option<String>, PinterestError> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= max => Ok(Some(text.clone())),
        Some(Value::String(_)) => Err(invalid(&format!("{name} is too long, constraint: maxLength={max}"))),
        Some(other) => Err(invalid(&format!("{name}: {other} is not of type 'string'"))),
    }
}

/// An id, which is digits; `None` if it is missing or null.
pub(super) fn digits(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, PinterestError> {
    let id = text(fields, name, 64)?;
    match id {
        Some(id) if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(invalid(&format!("{{'{name}': '{id}'}} does not match '^\\d+$'")))
        }
        other => Ok(other),
    }
}

/// A text that must be there.
pub(super) fn needed<T>(value: Option<T>, name: &str) -> Result<T, PinterestError> {
    value.ok_or_else(|| invalid(&format!("'{name}' is a required property")))
}

/// One of these words; `usual` if it is missing.
pub(super) fn word(
    fields: &Map<String, Value>,
    name: &str,
    known: &[&str],
    usual: &str,
) -> Result<String, PinterestError> {
    let word = text(fields, name, 64)?.unwrap_or_else(|| usual.to_owned());
    if known.contains(&word.as_str()) {
        return Ok(word);
    }
    Err(invalid(&format!("{name}: '{word}' is not one of {known:?}")))
}

/// A colour such as `#6E7874`.
pub(super) fn color(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, PinterestError> {
    let color = text(fields, name, 7)?;
    let is_color = |text: &str| {
        text.strip_prefix('#')
            .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    match color {
        Some(color) if !is_color(&color) => {
            Err(invalid(&format!("{name}: '{color}' does not match '^#[0-9a-fA-F]{{6}}$'")))
        }
        other => Ok(other),
    }
}
