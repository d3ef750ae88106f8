//! What changes messages that are there: editing, deleting, pinning.

use serde_json::{Value, json};

use super::PLATFORM;
use super::errors::{BotError, bad};
use super::send::{checked_caption, text_of};
use super::show::{extra, media};
use super::state::{Bot, Chat, Member, Message, Telegram, message_key};
use crate::core::form::Form;
use crate::core::lock;

const DELETED_AT_ONCE: usize = 100;

impl Telegram {
    /// `editMessageText`, `editMessageCaption`
    pub(super) fn edit(&self, bot: &Bot, form: &Form, of_caption: bool) -> Result<Value, BotError> {
        let _one_at_a_time = lock(&self.gate);
        let (chat, member) = self.own_chat(form, bot)?;
        let message = self.named(form, &chat).ok_or_else(|| bad("message to edit not found"))?;
        if message.bot != bot.id && !member.can_edit {
            return Err(bad("message can't be edited"));
        }
        if of_caption != message.file.is_some() {
            let what = if of_caption {
                "there is no caption in the message to edit"
            } else {
                "there is no text in the message to edit"
            };
            return Err(bad(what));
        }
        let marked = if of_caption { checked_caption(form)? } else { text_of(form)? };
        if marked.text == message.text && marked.entities == message.entities {
            return Err(bad(
                "message is not modified: specified new message content and reply markup are exactly \
                 the same as a current content and reply markup of the message",
            ));
        }
        let edited = Message {
            text: marked.text,
            entities: marked.entities,
            preview: form.nested("link_preview_options").unwrap_or_else(|| message.preview.clone()),
            edited_at: Some(self.world.now()),
            ..message
        };
        let mut batch = self.world.journal.batch();
        batch.put(&self.messages, &message_key(chat.id, edited.id), &edited)?;
        let whole = self.whole(&edited);
        let is_first = whole.first().is_some_and(|first| first.id == edited.id);
        if is_first {
            let id = edited.id.to_string();
            self.world.ledger.change(&mut batch, PLATFORM, &id, |post| {
                post.text.clone_from(&edited.text);
                let mut messages = whole.clone();
                messages[0] = edited.clone();
                post.extra = extra(&messages);
            })?;
        }
        batch.commit()?;
        Ok(self.show(&edited))
    }

    /// `deleteMessage`
    pub(super) fn delete(&self, bot: &Bot, form: &Form) -> Result<Value, BotError> {
        let _one_at_a_time = lock(&self.gate);
        let (chat, member) = self.own_chat(form, bot)?;
        let message = self.named(form, &chat).ok_or_else(|| bad("message to delete not found"))?;
        self.take_down(bot, &chat, &member, &message)?;
        Ok(json!(true))
    }

    /// `deleteMessages`: those that are not there are left out.
    pub(super) fn delete_all(&self, bot: &Bot, form: &Form) -> Result<Value, BotError> {
        let _one_at_a_time = lock(&self.gate);
        let (chat, member) = self.own_chat(form, bot)?;
        let ids = form.nested("message_ids").unwrap_or_default();
        let ids: Vec<i64> = ids.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
        if ids.is_empty() || ids.len() > DELETED_AT_ONCE {
            return Err(bad("expected 1-100 message identifiers"));
        }
        for id in ids {
            if let Some(message) = self.live_message(chat.id, id) {
                self.take_down(bot, &chat, &member, &message)?;
            }
        }
        Ok(json!(true))
    }

    fn take_down(&self, bot: &Bot, chat: &Chat, member: &Member, message: &Message) -> Result<(), BotError> {
        if !member.can_delete && message.bot != bot.id {
            return Err(bad("message can't be deleted"));
        }
        let now = self.world.now();
        let mut batch = self.world.journal.batch();
        let row = Message { deleted_at: Some(now), ..message.clone() };
        batch.put(&self.messages, &message_key(chat.id, message.id), &row)?;
        let rest: Vec<Message> =
            self.whole(message).into_iter().filter(|other| other.id != message.id).collect();
        // An album is one post under the id of its first message, as long as one of it is there.
        let post = self.first_of(message).to_string();
        if rest.is_empty() {
            self.world.ledger.take_down(&mut batch, PLATFORM, &post, now)?;
        } else {
            self.world.ledger.change(&mut batch, PLATFORM, &post, |post| {
                post.media = rest.iter().filter_map(media).collect();
            })?;
        }
        batch.commit()?;
        Ok(())
    }

    /// `pinChatMessage`, `unpinChatMessage`. Pinning twice is pinning once.
    pub(super) fn pin(&self, bot: &Bot, form: &Form, pins: bool) -> Result<Value, BotError> {
        let _one_at_a_time = lock(&self.gate);
        let (chat, member) = self.own_chat(form, bot)?;
        let may = if chat.kind == "channel" { member.can_edit } else { member.can_pin };
        if !may {
            return Err(bad("not enough rights to manage pinned messages in the chat"));
        }
        let named = form.number("message_id");
        let id = if pins || named.is_some() { named } else { chat.pinned.last().copied() };
        let message = id.and_then(|id| self.live_message(chat.id, id));
        let what = if pins { "message to pin not found" } else { "message to unpin not found" };
        let message = message.ok_or_else(|| bad(what))?;
        let mut batch = self.world.journal.batch();
        let mut chat = chat;
        chat.pinned.retain(|other| *other != message.id);
        if pins {
            chat.pinned.push(message.id);
        }
        batch.put(&self.chats, &chat.id.to_string(), &chat)?;
        let post = self.first_of(&message).to_string();
        self.world.ledger.change(&mut batch, PLATFORM, &post, |post| {
            if post.extra.is_null() {
                post.extra = json!({});
            }
            post.extra["pinned"] = json!(pins);
        })?;
        batch.commit()?;
        Ok(json!(true))
    }

    fn named(&self, form: &Form, chat: &Chat) -> Option<Message> {
        self.live_message(chat.id, form.number("message_id")?)
    }

    /// The message with the others of its album.
    fn whole(&self, message: &Message) -> Vec<Message> {
        match &message.album {
            Some(album) => self.album(message.chat, album),
            None => vec![message.clone()],
        }
    }

    /// The number of the first message of its album, deleted or not.
    fn first_of(&self, message: &Message) -> i64 {
        let Some(album) = &message.album else { return message.id };
        let is_in = |other: &&Message| other.chat == message.chat && other.album.as_ref() == Some(album);
        self.messages.read(|rows| rows.values().find(is_in).map_or(message.id, |first| first.id))
    }
}
