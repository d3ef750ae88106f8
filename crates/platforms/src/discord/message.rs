//! The message that a post becomes, and its request.

use std::time::Duration;

use connector::{Cx, Failure, MediaItem, Publication};
use domain::Class;
use domain::text::{CountingRule, length};
use net::{Part, Request};
use serde_json::{Value, json};

use super::api::{address, named};
use super::wire::{Attachment, NewMessage};
use crate::file_name;

const CONTENT_MAX: u32 = 2_000;
const FILES_MAX: usize = 10;
const ALT_MAX_CHARS: usize = 1_024;
/// What the highest boost allows; how much a server takes, only Discord knows.
const FILE_MAX_BYTES: u64 = 100 << 20;
/// Files travel with the request that publishes them.
const FILES_TIMEOUT: Duration = Duration::from_mins(5);
const SUPPRESS_EMBEDS: u32 = 1 << 2;
const SUPPRESS_NOTIFICATIONS: u32 = 1 << 12;

/// Refuses what Discord never takes, before anything is sent.
pub(super) fn check(to: &Publication) -> Result<(), Failure> {
    let refused = |class: Class, public: String| Err(Failure::before_sending(class, public));
    let has_embeds = to.settings.0.get("embeds").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    if to.text.trim().is_empty() && to.media.is_empty() && !has_embeds {
        return refused(
            Class::ContentRejected,
            "Discord takes no message without text, media or embeds.".to_owned(),
        );
    }
    if length(CountingRule::Utf16Units, &to.text) > CONTENT_MAX {
        return refused(
            Class::ContentRejected,
            format!("The text is longer than Discord takes ({CONTENT_MAX})."),
        );
    }
    if to.media.len() > FILES_MAX {
        let count = to.media.len();
        return refused(
            Class::ContentRejected,
            format!("A Discord message takes at most {FILES_MAX} files; this one has {count}."),
        );
    }
    match to.media.iter().find(|item| item.size_bytes > FILE_MAX_BYTES) {
        Some(item) => refused(
            Class::MediaFailed,
            format!(
                "{} has {} bytes, more than Discord takes anywhere; make it smaller.",
                item.filename, item.size_bytes
            ),
        ),
        None => Ok(()),
    }
}

/// The request that publishes it. The answer is waited for: without that, a message that Discord did
/// not keep would look like one that it did.
pub(super) async fn request(cx: &Cx<'_>, to: &Publication) -> Result<Request, Failure> {
    let mut url = address(cx.hosts, &cx.account.platform_user_id, &cx.credentials.access_token)?;
    url.query_pairs_mut().append_pair("wait", "true");
    if let Some(thread) = id_of(to, "thread_id") {
        url.query_pairs_mut().append_pair("thread_id", &thread);
    }
    let message = message(to);
    let request = named(Request::post(url));
    if to.media.is_empty() {
        return Ok(request.json(&message));
    }
    let mut parts = vec![Part {
        name: "payload_json".to_owned(),
        file_name: None,
        content_type: Some("application/json".to_owned()),
        // Only maps with non-text keys fail to serialise, and no wire type has them.
        bytes: serde_json::to_vec(&message).unwrap_or_default().into(),
    }];
    for (at, item) in to.media.iter().enumerate() {
        parts.push(Part {
            name: format!("files[{at}]"),
            file_name: Some(shown_name(to, item)),
            content_type: Some(item.content_type.clone()),
            bytes: cx.media.read(item.id, 0, item.size_bytes).await?,
        });
    }
    Ok(request.multipart(parts).timeout(FILES_TIMEOUT))
}

pub(super) fn message(to: &Publication) -> NewMessage<'_> {
    let settings = &to.settings;
    let flag = |key: &str| settings.flag(key).unwrap_or(false);
    let list = |key: &str| settings.0.get(key).filter(|value| value.is_array());
    let mut flags = 0;
    if flag("suppress_embeds") {
        flags |= SUPPRESS_EMBEDS;
    }
    if flag("suppress_notifications") {
        flags |= SUPPRESS_NOTIFICATIONS;
    }
    // Left out, everybody who is named would be rung.
    let mentions = settings.0.get("allowed_mentions").filter(|value| value.is_object());
    NewMessage {
        content: if to.text.trim().is_empty() { "" } else { &to.text },
        username: settings.text("username"),
        avatar_url: settings.text("avatar_url"),
        embeds: list("embeds"),
        allowed_mentions: mentions.cloned().unwrap_or_else(|| json!({"parse": []})),
        flags,
        tts: flag("tts"),
        thread_name: settings.text("thread_name"),
        applied_tags: list("applied_tags"),
        attachments: to.media.iter().enumerate().map(|(id, item)| attachment(to, id, item)).collect(),
    }
}

fn attachment(to: &Publication, id: usize, item: &MediaItem) -> Attachment {
    let alt = item.alt_text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    Attachment {
        id,
        filename: shown_name(to, item),
        description: alt.map(|text| text.chars().take(ALT_MAX_CHARS).collect()),
    }
}

/// The file's name; one that begins so is covered until it is clicked.
fn shown_name(to: &Publication, item: &MediaItem) -> String {
    let name = file_name::of(item);
    if to.settings.flag("spoiler").unwrap_or(false) { format!("SPOILER_{name}") } else { name }
}

/// An id, which is too large for the numbers of many programs and so may come as either.
fn id_of(to: &Publication, key: &str) -> Option<String> {
    match to.settings.0.get(key)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
