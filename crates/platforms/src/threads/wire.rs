//! Answers of the Threads API. Unknown fields are ignored, missing ones are errors.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Id {
    pub(super) id: String,
}

/// A container.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) status: String,
    pub(super) error_message: Option<String>,
}

/// A list, and how it goes on.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Paging {
    pub(super) cursors: Cursors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cursors {
    pub(super) after: Option<String>,
}

/// A post of the account.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) id: String,
    #[serde(default)]
    pub(super) text: String,
    #[serde(default)]
    pub(super) media_type: String,
    pub(super) replied_to: Option<Id>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Address {
    pub(super) permalink: String,
}

/// What is left of the allowances. Those that are not told are not known to be used up.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    pub(super) quota_usage: u64,
    pub(super) config: Quota,
    pub(super) reply_quota_usage: u64,
    pub(super) reply_config: Quota,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct Quota {
    pub(super) quota_total: u64,
}

impl Default for Quota {
    fn default() -> Self {
        Self { quota_total: u64::MAX }
    }
}

/// The answer to a code. `user_id` is a number that is too large for some readers, or a text.
#[derive(Debug, Deserialize)]
pub(super) struct ShortToken {
    pub(super) access_token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct LongToken {
    pub(super) access_token: String,
    pub(super) expires_in: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Looked {
    pub(super) data: LookedToken,
}

#[derive(Debug, Deserialize)]
pub(super) struct LookedToken {
    pub(super) scopes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Profile {
    pub(super) id: Value,
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    pub(super) threads_profile_picture_url: Option<String>,
}

/// Either of the shapes that errors come in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope {
    pub(super) error: Problem,
    pub(super) error_message: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) code: i64,
    pub(super) error_subcode: i64,
    pub(super) is_transient: bool,
    pub(super) error_user_msg: String,
}
