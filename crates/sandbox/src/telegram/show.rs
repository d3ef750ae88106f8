//! Messages and chats as the Bot API tells them, and as people see them.

use serde_json::{Map, Value, json};

use super::markup::first_link;
use super::state::{Chat, File, Message, Telegram};
use super::{PAGE_HOST, PLATFORM};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::origin::Origin;

impl Telegram {
    /// A message as an answer has it.
    pub(super) fn show(&self, message: &Message) -> Value {
        let chat = self.chats.get(&message.chat.to_string());
        let chat = chat.as_ref().map(brief).unwrap_or_default();
        let mut shown = Map::new();
        let mut set = |name: &str, value: Value| shown.insert(name.to_owned(), value);
        set("message_id", json!(message.id));
        if chat["type"] == "channel" {
            set("sender_chat", chat.clone());
        } else {
            let bot = self.bots.find(|bot| bot.id == message.bot);
            set("from", bot.map(|(_, bot)| super::chats::user(&bot)).unwrap_or_default());
        }
        set("chat", chat);
        set("date", json!(message.at.as_seconds()));
        if let Some(topic) = message.topic {
            set("message_thread_id", json!(topic));
            set("is_topic_message", json!(true));
        }
        let (text, entities) =
            if message.file.is_some() { ("caption", "caption_entities") } else { ("text", "entities") };
        if !message.text.is_empty() {
            set(text, json!(message.text));
        }
        if !message.entities.is_empty() {
            set(entities, json!(message.entities));
        }
        if let Some(file) = &message.file {
            let is_animation = file.kind == "animation";
            set(&file.kind, show_file(file));
            // For clients that know no animations.
            if is_animation {
                set("document", document(file));
            }
        }
        let options = [
            ("media_group_id", message.album.as_ref().map(|album| json!(album))),
            ("has_media_spoiler", message.spoiler.then(|| json!(true))),
            ("show_caption_above_media", message.caption_above.then(|| json!(true))),
            ("has_protected_content", message.protected.then(|| json!(true))),
            ("link_preview_options", message.preview.is_object().then(|| message.preview.clone())),
            ("edit_date", message.edited_at.map(|at| json!(at.as_seconds()))),
        ];
        for (name, value) in options {
            if let Some(value) = value {
                set(name, value);
            }
        }
        if let Some(parent) = message.reply_to.and_then(|id| self.live_message(message.chat, id)) {
            set("reply_to_message", self.show(&Message { reply_to: None, ..parent }));
        }
        Value::Object(shown)
    }
}

/// A chat as it stands in a message.
pub(super) fn brief(chat: &Chat) -> Value {
    let mut shown = json!({"id": chat.id, "type": chat.kind, "title": chat.title});
    if let Some(username) = &chat.username {
        shown["username"] = json!(username);
    }
    if !chat.topics.is_empty() {
        shown["is_forum"] = json!(true);
    }
    shown
}

fn show_file(file: &File) -> Value {
    match file.kind.as_str() {
        "photo" => {
            // The small one is made from the large one, which comes last.
            let long = file.width.max(file.height);
            let side = |side: u32| if long > 320 { (side * 320 / long).max(1) } else { side };
            let small = json!({
                "file_id": format!("{}s", file.id), "file_unique_id": format!("{}s", file.unique),
                "width": side(file.width), "height": side(file.height), "file_size": file.size_bytes / 4,
            });
            let whole = json!({
                "file_id": file.id, "file_unique_id": file.unique, "width": file.width,
                "height": file.height, "file_size": file.size_bytes,
            });
            if long > 320 { json!([small, whole]) } else { json!([whole]) }
        }
        "video" | "animation" => {
            let mut shown = document(file);
            shown["width"] = json!(file.width);
            shown["height"] = json!(file.height);
            shown["duration"] = json!(file.duration);
            shown
        }
        _ => document(file),
    }
}

fn document(file: &File) -> Value {
    json!({
        "file_id": file.id, "file_unique_id": file.unique, "file_name": file.name,
        "mime_type": file.media_type, "file_size": file.size_bytes,
    })
}

/// What people see of a message, or of an album.
pub(super) fn public(chat: &Chat, messages: &[Message], origin: &Origin) -> PublicPost {
    let first = messages.first();
    let id = first.map_or(0, |message| message.id);
    let path = path_of(chat, id);
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: chat.username.clone().unwrap_or_else(|| chat.id.to_string()),
        account_id: chat.id.to_string(),
        id: id.to_string(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: first.map(|message| message.text.clone()).unwrap_or_default(),
        media: messages.iter().filter_map(media).collect(),
        reply_to: first.and_then(|message| message.reply_to).map(|id| id.to_string()),
        extra: extra(messages),
        created_at: first.map(|message| message.at.to_iso_millis()).unwrap_or_default(),
        deleted_at: None,
    }
}

/// The file of a message, as people see it. Telegram has no alternative text.
pub(super) fn media(message: &Message) -> Option<PublicMedia> {
    message.file.as_ref().map(|file| PublicMedia {
        media_type: file.media_type.clone(),
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes,
        alt: None,
    })
}

/// What else shows of a message.
pub(super) fn extra(messages: &[Message]) -> Value {
    let Some(first) = messages.first() else { return Value::Null };
    let mut extra = Map::new();
    let ids: Vec<i64> = messages.iter().map(|message| message.id).collect();
    let kinds: Vec<&str> =
        messages.iter().filter_map(|message| Some(message.file.as_ref()?.kind.as_str())).collect();
    let named = [
        ("entities", (!first.entities.is_empty()).then(|| json!(first.entities))),
        ("message_ids", (ids.len() > 1).then(|| json!(ids))),
        ("kinds", (!kinds.is_empty()).then(|| json!(kinds))),
        ("topic", first.topic.map(|topic| json!(topic))),
        ("silent", first.silent.then(|| json!(true))),
        ("protected", first.protected.then(|| json!(true))),
        ("spoiler", first.spoiler.then(|| json!(true))),
        ("caption_above", first.caption_above.then(|| json!(true))),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            extra.insert(name.to_owned(), value);
        }
    }
    let link = first.preview["url"].as_str().map(str::to_owned);
    let link = link.or_else(|| first_link(&first.text, &first.entities));
    let has_card = first.file.is_none() && first.preview["is_disabled"] != true;
    if let Some(link) = link.filter(|_| has_card) {
        extra.insert("card".to_owned(), json!({"url": link, "title": link}));
    }
    if extra.is_empty() { Value::Null } else { Value::Object(extra) }
}

/// Where a message is seen: by the chat's name, or by its number for members only.
pub(super) fn path_of(chat: &Chat, id: i64) -> String {
    match &chat.username {
        Some(username) => format!("/{username}/{id}"),
        None => format!("/c/{}/{id}", bare_id(chat.id)),
    }
}

/// A chat's number without what marks it as a channel's.
pub(super) fn bare_id(id: i64) -> String {
    let text = id.to_string();
    text.strip_prefix("-100").map_or_else(|| text.trim_start_matches('-').to_owned(), str::to_owned)
}
