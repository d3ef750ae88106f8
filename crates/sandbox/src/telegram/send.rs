//! What makes messages: `sendMessage`, `sendPhoto` and its like, `sendMediaGroup`.

use domain::Span;
use serde_json::{Map, Value};

use super::PLATFORM;
use super::errors::{BotError, bad, flood};
use super::markup::{self, Marked};
use super::media::Told;
use super::state::{Bot, Chat, File, Member, Message, Telegram, message_key};
use crate::core::form::Form;
use crate::core::lock;
use crate::core::origin::Origin;

const TEXT_MAX: usize = 4_096;
const CAPTION_MAX: usize = 1_024;
const ALBUM_MIN: usize = 2;
const ALBUM_MAX: usize = 10;
/// Messages in one chat.
const A_MINUTE: Span = Span::from_minutes(1);
const IN_A_MINUTE: usize = 20;

/// What a message holds.
struct Content {
    marked: Marked,
    file: Option<File>,
    spoiler: bool,
    caption_above: bool,
}

impl Telegram {
    /// `sendMessage`
    pub(super) fn send_message(&self, bot: &Bot, form: &Form, origin: &Origin) -> Result<Value, BotError> {
        let _one_at_a_time = lock(&self.gate);
        let chat = self.open_chat(form, bot, "text messages", 1)?;
        let marked = text_of(form)?;
        let content = Content { marked, file: None, spoiler: false, caption_above: false };
        let sent = self.publish(bot, form, &chat, vec![content], origin)?;
        Ok(sent.into_iter().next().unwrap_or_default())
    }

    /// `sendPhoto`, `sendVideo`, `sendAnimation`, `sendDocument`
    pub(super) async fn send_file(
        &self,
        bot: &Bot,
        form: &Form,
        kind: &str,
        origin: &Origin,
    ) -> Result<Value, BotError> {
        self.open_chat(form, bot, &format!("{kind}s"), 1)?;
        let file = self.file_of(form, kind, form.fields.get(kind), Told::of(form)).await?;
        let content = Content { file: Some(file), ..caption_of(form)? };
        let _one_at_a_time = lock(&self.gate);
        let chat = self.open_chat(form, bot, &format!("{kind}s"), 1)?;
        let sent = self.publish(bot, form, &chat, vec![content], origin)?;
        Ok(sent.into_iter().next().unwrap_or_default())
    }

    /// `sendMediaGroup`
    pub(super) async fn send_album(
        &self,
        bot: &Bot,
        form: &Form,
        origin: &Origin,
    ) -> Result<Value, BotError> {
        self.open_chat(form, bot, "media", 0)?;
        let entries = form.nested("media").ok_or_else(|| bad("can't parse media JSON object"))?;
        let entries = entries.as_array().ok_or_else(|| bad("expected an Array of InputMedia"))?;
        if !(ALBUM_MIN..=ALBUM_MAX).contains(&entries.len()) {
            return Err(bad("expected 2-10 media in the album"));
        }
        let kind_of = |entry: &Value| entry["type"].as_str().unwrap_or_default().to_owned();
        let kinds: Vec<String> = entries.iter().map(kind_of).collect();
        let documents = kinds.iter().filter(|kind| *kind == "document").count();
        let is_pictures = kinds.iter().all(|kind| matches!(kind.as_str(), "photo" | "video"));
        if !is_pictures && documents != kinds.len() {
            return Err(bad("can't use the media of the specified type in the album"));
        }
        let mut contents = Vec::new();
        for (entry, kind) in entries.iter().zip(&kinds) {
            let fields = entry.as_object().cloned().unwrap_or_else(Map::new);
            let own = Form { fields, files: Vec::new() };
            let file = self.file_of(form, kind, Some(&entry["media"]), Told::of(&own)).await?;
            contents.push(Content { file: Some(file), ..caption_of(&own)? });
        }
        let _one_at_a_time = lock(&self.gate);
        let chat = self.open_chat(form, bot, "media", contents.len())?;
        Ok(Value::Array(self.publish(bot, form, &chat, contents, origin)?))
    }

    /// The chat of a call, refused unless the bot may send `what` there, `count` messages now.
    fn open_chat(&self, form: &Form, bot: &Bot, what: &str, count: usize) -> Result<Chat, BotError> {
        let (chat, member) = self.own_chat(form, bot)?;
        may_send(&chat, &member, what)?;
        let topic = form.number("message_thread_id").filter(|topic| *topic != 0);
        if topic.is_some_and(|topic| !chat.topics.contains(&topic)) {
            return Err(bad("message thread not found"));
        }
        self.check_reply(form, &chat)?;
        if chat.limited && count > 0 {
            self.check_flood(&chat, count)?;
        }
        Ok(chat)
    }

    fn check_reply(&self, form: &Form, chat: &Chat) -> Result<(), BotError> {
        let Some(reply) = reply_of(form) else { return Ok(()) };
        let is_there =
            reply["message_id"].as_i64().is_some_and(|id| self.live_message(chat.id, id).is_some());
        if is_there || reply["allow_sending_without_reply"] == true {
            return Ok(());
        }
        Err(bad("message to be replied not found"))
    }

    /// An album counts for as many messages as it has files.
    fn check_flood(&self, chat: &Chat, count: usize) -> Result<(), BotError> {
        let now = self.world.now();
        let first = message_key(chat.id, 0);
        let mut recent: Vec<_> = self.messages.read(|rows| {
            rows.range(first..)
                .take_while(|(_, message)| message.chat == chat.id)
                .map(|(_, message)| message.at)
                .filter(|at| *at + A_MINUTE > now)
                .collect()
        });
        if recent.len() + count <= IN_A_MINUTE {
            return Ok(());
        }
        recent.sort();
        let leaves = recent.get((recent.len() + count).saturating_sub(IN_A_MINUTE + 1)).copied();
        let wait = leaves.map_or(A_MINUTE, |at| (at + A_MINUTE).since(now));
        let seconds = u64::try_from(wait.as_millis()).unwrap_or(0).div_ceil(1_000);
        Err(flood(seconds.max(1)))
    }

    /// Makes messages of the contents, as one post.
    fn publish(
        &self,
        bot: &Bot,
        form: &Form,
        chat: &Chat,
        contents: Vec<Content>,
        origin: &Origin,
    ) -> Result<Vec<Value>, BotError> {
        let is_album = contents.len() > 1;
        let album = is_album.then(|| format!("1{:016}", self.world.entropy.below(10_u64.pow(16))));
        let reply_to = reply_of(form)
            .and_then(|reply| reply["message_id"].as_i64())
            .filter(|id| self.live_message(chat.id, *id).is_some());
        let mut chat = chat.clone();
        let mut messages = Vec::new();
        for content in contents {
            messages.push(Message {
                chat: chat.id,
                id: chat.next,
                bot: bot.id,
                at: self.world.now(),
                text: content.marked.text,
                entities: content.marked.entities,
                file: content.file,
                album: album.clone(),
                topic: form.number("message_thread_id").filter(|topic| *topic != 0),
                reply_to,
                silent: form.flag("disable_notification"),
                protected: form.flag("protect_content"),
                spoiler: content.spoiler,
                caption_above: content.caption_above,
                preview: form.nested("link_preview_options").unwrap_or_default(),
                edited_at: None,
                deleted_at: None,
            });
            chat.next += 1;
        }
        let mut batch = self.world.journal.batch();
        for message in &messages {
            batch.put(&self.messages, &message_key(chat.id, message.id), message)?;
        }
        batch.put(&self.chats, &chat.id.to_string(), &chat)?;
        self.world.ledger.publish(&mut batch, &super::show::public(&chat, &messages, origin))?;
        batch.commit()?;
        tracing::debug!(platform = PLATFORM, messages = messages.len(), "sent");
        Ok(messages.iter().map(|message| self.show(message)).collect())
    }
}

/// The text of a message, within its limits.
pub(super) fn text_of(form: &Form) -> Result<Marked, BotError> {
    let marked = markup::read(form, "text")?;
    match markup::length(&marked.text) {
        0 => Err(bad("message text is empty")),
        length if length > TEXT_MAX => Err(bad("message is too long")),
        _ => Ok(marked),
    }
}

/// The caption of a file, within its limit, and how it is shown.
fn caption_of(form: &Form) -> Result<Content, BotError> {
    Ok(Content {
        marked: checked_caption(form)?,
        file: None,
        spoiler: form.flag("has_spoiler"),
        caption_above: form.flag("show_caption_above_media"),
    })
}

pub(super) fn checked_caption(form: &Form) -> Result<Marked, BotError> {
    let marked = markup::read(form, "caption")?;
    if markup::length(&marked.text) > CAPTION_MAX {
        return Err(bad("message caption is too long"));
    }
    Ok(marked)
}

fn reply_of(form: &Form) -> Option<Value> {
    form.nested("reply_parameters").filter(Value::is_object)
}

fn may_send(chat: &Chat, member: &Member, what: &str) -> Result<(), BotError> {
    if chat.kind == "channel" && !(member.status == "administrator" && member.can_post) {
        return Err(bad("need administrator rights in the channel chat"));
    }
    if member.status == "restricted" && !member.can_post {
        return Err(bad(&format!("not enough rights to send {what} to the chat")));
    }
    Ok(())
}
