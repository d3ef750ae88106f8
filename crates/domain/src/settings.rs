//! Per-platform settings of a post, as the caller gave them. Unknown keys are kept and ignored.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A platform's settings: an object of named values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub Map<String, Value>);

impl Settings {
    /// The text under `key`; absent, empty and other types are `None`.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// The boolean under `key`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key).and_then(Value::as_bool)
    }

    /// Takes over every key of `newer`, keeping the ones it does not name.
    pub fn merge(&mut self, newer: &Self) {
        for (key, value) in &newer.0 {
            self.0.insert(key.clone(), value.clone());
        }
    }
}
