//! Answers of Instagram's APIs. Unknown fields are ignored, missing ones are errors.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `{"error": …}`, or what the upload host says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) error: Option<Problem>,
    pub(super) debug_info: Option<DebugInfo>,
    pub(super) success: Option<bool>,
    /// The code's exchange has a shape of its own.
    pub(super) error_type: Option<String>,
    pub(super) error_message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) code: i64,
    pub(super) error_subcode: i64,
    pub(super) is_transient: bool,
    pub(super) error_user_msg: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DebugInfo {
    pub(super) retriable: bool,
    pub(super) message: String,
}

/// An object that was made. A container for bytes says where they go.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    pub(super) id: String,
    #[serde(default)]
    pub(super) uri: Option<String>,
}

/// `GET /{container}`.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) status_code: String,
    #[serde(default)]
    pub(super) status: String,
}

/// A list with cursors.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Paging {
    cursors: Cursors,
    next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

impl<T> List<T> {
    /// The cursor of the next page, if there is one.
    pub(super) fn after(&self) -> Option<String> {
        self.paging.cursors.after.clone().filter(|_| self.paging.next.is_some())
    }
}

/// `GET /{account}/content_publishing_limit`.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    #[serde(default)]
    pub(super) quota_usage: i64,
    #[serde(default)]
    pub(super) config: Option<LimitConfig>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LimitConfig {
    pub(super) quota_total: i64,
    #[serde(default)]
    pub(super) quota_duration: Option<i64>,
}

/// Something that was published.
#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    #[serde(default)]
    pub(super) caption: Option<String>,
    #[serde(default)]
    pub(super) media_type: Option<String>,
    #[serde(default)]
    pub(super) permalink: Option<String>,
    #[serde(default)]
    pub(super) timestamp: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Comment {
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    pub(super) username: Option<String>,
}

/// An account: with Instagram Login `user_id` is the one that counts, with Facebook Login `id`.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    #[serde(deserialize_with = "text_or_number")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "maybe_text_or_number")]
    pub(super) user_id: Option<String>,
    #[serde(default)]
    pub(super) username: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) account_type: Option<String>,
    #[serde(default)]
    pub(super) profile_picture_url: Option<String>,
}

/// A Page, as far as it leads to an account.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) access_token: Option<String>,
    #[serde(default)]
    pub(super) instagram_business_account: Option<Account>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) permission: String,
    pub(super) status: String,
}

/// A token, whichever call it is the answer of.
#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
    #[serde(default)]
    pub(super) permissions: Option<Value>,
}

/// The code's exchange is documented as wrapped, and was seen flat.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ShortToken {
    Wrapped { data: Vec<Tokens> },
    Flat(Tokens),
}

impl ShortToken {
    pub(super) fn tokens(self) -> Option<Tokens> {
        match self {
            Self::Wrapped { data } => data.into_iter().next(),
            Self::Flat(tokens) => Some(tokens),
        }
    }
}

impl Tokens {
    /// The granted scopes, if the answer names them: a list, or a text with commas.
    pub(super) fn scopes(&self) -> Option<Vec<String>> {
        match self.permissions.as_ref()? {
            Value::String(text) => Some(
                text.split([',', ' ']).filter(|scope| !scope.is_empty()).map(ToOwned::to_owned).collect(),
            ),
            Value::Array(list) => {
                Some(list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        }
    }
}

/// Ids are texts, or numbers above 2^53.
fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(serde::de::Error::custom(format!("an id is {other}"))),
    }
}

fn maybe_text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    text_or_number(from).map(Some)
}
