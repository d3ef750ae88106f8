//! Reading the members of a JSON post, so that a wrong type is refused with its field named.

use domain::{PostId, Timestamp};
use serde_json::{Map, Value};

use super::Entry;

/// What is wrong with a row: the field, and why.
pub(super) type Wrong = (String, String);

/// A post of a file, member by member.
pub(super) struct Members<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(super) fn of(value: &'a Value) -> Result<Self, Wrong> {
        value.as_object().map(Self).ok_or_else(|| wrong("post", "must be an object"))
    }

    /// The member, where `null` is the same as missing.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Wrong> {
        self.get(name).map(|value| value.as_str().ok_or_else(|| wrong(name, "must be a text"))).transpose()
    }

    /// A text that is not empty.
    pub(super) fn word(&self, name: &str) -> Option<&'a str> {
        self.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A text or a number, as a text.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Wrong> {
        self.get(name)
            .map(|value| value.as_i64().ok_or_else(|| wrong(name, "must be an integer")))
            .transpose()
    }

    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], Wrong> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(wrong(name, "must be a list")),
        }
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Wrong> {
        let Some(value) = self.get(name) else { return Ok(None) };
        value.as_object().map(|members| Some(Self(members))).ok_or_else(|| wrong(name, "must be an object"))
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let time = Timestamp::parse(text);
        time.map(Some).map_err(|_| wrong(name, "must be an ISO 8601 time such as 2027-01-31T09:00:00Z"))
    }

    pub(super) fn post_id(&self, name: &str) -> Option<PostId> {
        self.word(name)?.parse().ok()
    }
}

pub(super) fn wrong(field: &str, what: &str) -> Wrong {
    (field.to_owned(), format!("{field} {what}."))
}

/// A row that cannot be read.
pub(super) fn refused(row: usize, (field, message): Wrong) -> Entry {
    Entry::Refused { row, field, message }
}
