//! Requests and answers of the API v10. Unknown fields are ignored, missing ones are errors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A webhook, as whoever knows its address sees it.
#[derive(Deserialize)]
pub(super) struct Webhook {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: u8,
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) avatar: Option<String>,
    pub(super) guild_id: Option<String>,
    pub(super) channel_id: Option<String>,
}

/// A message that was sent.
#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    /// The thread's id, for a message in a thread.
    pub(super) channel_id: String,
}

/// A message to be sent.
#[derive(Serialize)]
pub(super) struct NewMessage<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) username: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) avatar_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) embeds: Option<&'a Value>,
    pub(super) allowed_mentions: Value,
    #[serde(skip_serializing_if = "is_none_set")]
    pub(super) flags: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) tts: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) thread_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) applied_tags: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_none_set(flags: &u32) -> bool {
    *flags == 0
}

/// A file that comes with a message.
#[derive(Serialize)]
pub(super) struct Attachment {
    /// The `n` of its part, `files[n]`.
    pub(super) id: usize,
    pub(super) filename: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
}

/// A refusal.
#[derive(Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) code: i64,
    pub(super) message: String,
    /// Seconds, with a fraction.
    #[serde(default)]
    pub(super) retry_after: Option<f64>,
    /// What is wrong with which field.
    #[serde(default)]
    pub(super) errors: Value,
}
