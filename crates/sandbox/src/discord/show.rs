//! Messages as the API tells them, and as people see them.

use domain::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::state::{Attachment, Message, Thread, Webhook};
use super::{CDN_HOST, HOST, PLATFORM};
use crate::core::blobs::sha256_hex;
use crate::core::ledger::PublicPost;
use crate::core::origin::Origin;

/// Addresses of attachments end.
const LINK_LASTS: Span = Span::from_hours(24);
/// Previews of links come a moment after the message.
const PREVIEW_AFTER: Span = Span::from_seconds(2);
const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// A message as an answer has it.
pub(super) fn show(webhook: &Webhook, message: &Message, origin: &Origin, now: Timestamp) -> Value {
    let mut embeds = message.embeds.clone();
    let is_previewed = message.flags & SUPPRESS_EMBEDS == 0 && now >= message.at + PREVIEW_AFTER;
    if let Some(link) = first_link(&message.content).filter(|_| is_previewed && embeds.is_empty()) {
        embeds.push(json!({"type": "link", "url": link, "title": link}));
    }
    let users = message.mentions.iter().map(|id| {
        json!({"id": id, "username": format!("user{id}"), "discriminator": "0", "avatar": null,
               "global_name": null, "public_flags": 0})
    });
    let attachments = message.attachments.iter().map(|file| attachment(message, file, origin, now));
    json!({
        "type": 0,
        "id": message.id,
        "channel_id": message.channel,
        "content": message.content,
        "mentions": users.collect::<Vec<_>>(),
        "mention_roles": message.mention_roles,
        "mention_everyone": message.mention_everyone,
        "attachments": attachments.collect::<Vec<_>>(),
        "embeds": embeds,
        "timestamp": moment(message.at),
        "edited_timestamp": message.edited_at.map(moment),
        "flags": message.flags,
        "components": [],
        "pinned": false,
        "tts": message.tts,
        "webhook_id": webhook.id,
        "author": {
            "id": webhook.id, "username": message.username, "avatar": webhook.avatar, "discriminator": "0000",
            "public_flags": 0, "flags": 0, "bot": true, "global_name": null, "clan": null,
            "primary_guild": null,
        },
    })
}

fn attachment(message: &Message, attachment: &Attachment, origin: &Origin, now: Timestamp) -> Value {
    let Attachment { id, filename, file, .. } = attachment;
    let ends = (now + LINK_LASTS).as_seconds();
    let path = format!("/attachments/{}/{id}/{filename}", message.channel);
    let signed = format!("{path}?ex={ends:x}&is={:x}&hm={}&", now.as_seconds(), signature(&path, ends));
    let mut shown = json!({
        "id": id, "filename": filename, "size": file.size_bytes, "content_type": file.media_type,
        "url": origin.url(CDN_HOST, &signed), "proxy_url": origin.url("media.discordapp.net", &signed),
        "content_scan_version": 0,
    });
    if let (Some(width), Some(height)) = (attachment.width, attachment.height) {
        shown["width"] = json!(width);
        shown["height"] = json!(height);
    }
    if let Some(alt) = &file.alt {
        shown["description"] = json!(alt);
    }
    shown
}

/// What proves that an address of a file was handed out.
pub(super) fn signature(path: &str, ends: i64) -> String {
    sha256_hex(format!("discord-cdn {path} {ends}").as_bytes())
}

/// With microseconds and an offset, as the API writes moments.
fn moment(at: Timestamp) -> String {
    let text = at.to_iso_millis();
    format!("{}000+00:00", text.trim_end_matches('Z'))
}

fn first_link(content: &str) -> Option<&str> {
    let is_link = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    content.split_whitespace().find(is_link)
}

/// What people see of a message.
pub(super) fn public(
    webhook: &Webhook,
    message: &Message,
    thread: Option<&Thread>,
    origin: &Origin,
) -> PublicPost {
    let path = format!("/channels/{}/{}/{}", message.guild, message.channel, message.id);
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: webhook.name.clone(),
        account_id: webhook.id.clone(),
        id: message.id.clone(),
        url: origin.url(HOST, &path),
        page: format!("{HOST}{path}"),
        text: message.content.clone(),
        media: message.attachments.iter().map(|attachment| attachment.file.clone()).collect(),
        reply_to: None,
        extra: extra(webhook, message, thread),
        created_at: message.at.to_iso_millis(),
        deleted_at: None,
    }
}

fn extra(webhook: &Webhook, message: &Message, thread: Option<&Thread>) -> Value {
    let mut extra = Map::new();
    let files: Vec<&str> =
        message.attachments.iter().map(|attachment| attachment.filename.as_str()).collect();
    let named = [
        ("username", (message.username != webhook.name).then(|| json!(message.username))),
        ("avatar_url", message.avatar_url.as_ref().map(|url| json!(url))),
        ("embeds", (!message.embeds.is_empty()).then(|| json!(message.embeds))),
        ("files", (!files.is_empty()).then(|| json!(files))),
        ("flags", (message.flags != 0).then(|| json!(message.flags))),
        ("thread", thread.map(|thread| json!(thread.name))),
        ("rings", (!message.mentions.is_empty()).then(|| json!(message.mentions))),
        ("rings_roles", (!message.mention_roles.is_empty()).then(|| json!(message.mention_roles))),
        ("rings_everyone", message.mention_everyone.then(|| json!(true))),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            extra.insert(name.to_owned(), value);
        }
    }
    let first = message.embeds.first();
    let card = match first {
        Some(embed) => Some((embed["url"].as_str().unwrap_or_default(), embed["title"].as_str())),
        None if message.flags & SUPPRESS_EMBEDS == 0 => first_link(&message.content).map(|link| (link, None)),
        None => None,
    };
    if let Some((url, title)) = card {
        extra.insert("card".to_owned(), json!({"url": url, "title": title.unwrap_or(url)}));
    }
    if extra.is_empty() { Value::Null } else { Value::Object(extra) }
}
