//! Requests and answers of the Bot API. Unknown fields are ignored, missing ones are errors.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A good answer.
#[derive(Deserialize)]
pub(super) struct Good<T> {
    pub(super) result: T,
}

/// A refusal.
#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) ok: bool,
    pub(super) error_code: u16,
    pub(super) description: String,
    #[serde(default)]
    pub(super) parameters: Parameters,
}

/// What a refusal says besides its words.
#[derive(Default, Deserialize)]
pub(super) struct Parameters {
    #[serde(default)]
    pub(super) retry_after: Option<i64>,
    #[serde(default)]
    pub(super) migrate_to_chat_id: Option<i64>,
}

/// A user; here always a bot.
#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) is_bot: bool,
}

/// A chat: a channel, a group, a person.
#[derive(Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) username: Option<String>,
}

/// What a member may do. Which rights are told depends on the status.
#[derive(Deserialize)]
pub(super) struct Member {
    pub(super) status: String,
    #[serde(default)]
    pub(super) can_post_messages: Option<bool>,
    #[serde(default)]
    pub(super) can_send_messages: Option<bool>,
}

/// A message that was sent.
#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) message_id: i64,
}

/// What names a chat.
#[derive(Serialize)]
pub(super) struct OfChat<'a> {
    pub(super) chat_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<i64>,
}

/// `pinChatMessage`
#[derive(Serialize)]
pub(super) struct Pin<'a> {
    pub(super) chat_id: &'a str,
    pub(super) message_id: i64,
    pub(super) disable_notification: bool,
}

/// How a message is sent, whatever it holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Delivery {
    pub(super) chat_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_thread_id: Option<i64>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) disable_notification: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) protect_content: bool,
}

/// `sendMessage`
#[derive(Serialize)]
pub(super) struct Text<'a> {
    #[serde(flatten)]
    pub(super) delivery: Delivery,
    pub(super) text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parse_mode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link_preview_options: Option<&'a Value>,
}

/// What is said of a file, alone or in an album.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent field of the API")]
pub(super) struct Shown {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parse_mode: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) show_caption_above_media: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) has_spoiler: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) height: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) supports_streaming: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) disable_content_type_detection: bool,
}

/// One entry of an album. Its file is the part that `media` names.
#[derive(Serialize)]
pub(super) struct InAlbum {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) media: String,
    #[serde(flatten)]
    pub(super) shown: Shown,
}
