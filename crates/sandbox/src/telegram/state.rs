//! What the emulated Telegram remembers: its rows and the tables that hold them.

use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors::{BotError, bad, forbidden, migrated, unauthorized};
use super::markup::Entity;
use crate::core::error::SandboxError;
use crate::core::form::Form;
use crate::core::journal::Table;
use crate::core::world::World;

/// A bot; its row's key is its token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Bot {
    pub(super) id: i64,
    pub(super) token: String,
    pub(super) username: String,
    pub(super) name: String,
    pub(super) revoked: bool,
}

/// A channel or a group.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    /// `channel`, `supergroup`, `group` or `private`.
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) username: Option<String>,
    /// Whether floods are refused.
    pub(super) limited: bool,
    /// The supergroup that it became.
    pub(super) moved_to: Option<i64>,
    /// The number of its next message.
    pub(super) next: i64,
    /// Its topics, where it has any.
    pub(super) topics: Vec<i64>,
    pub(super) pinned: Vec<i64>,
}

/// What a bot is in a chat.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
pub(super) struct Member {
    /// `administrator`, `member`, `restricted`, `left` or `kicked`.
    pub(super) status: String,
    pub(super) can_post: bool,
    pub(super) can_edit: bool,
    pub(super) can_delete: bool,
    pub(super) can_pin: bool,
}

/// A file that was uploaded; its row's key is its `file_id`.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) id: String,
    pub(super) unique: String,
    /// `photo`, `video`, `animation` or `document`.
    pub(super) kind: String,
    pub(super) sha256: String,
    pub(super) size_bytes: u64,
    pub(super) media_type: String,
    pub(super) name: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) duration: i64,
}

/// A message.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property")]
pub(super) struct Message {
    pub(super) chat: i64,
    pub(super) id: i64,
    pub(super) bot: i64,
    pub(super) at: Timestamp,
    /// The text or the caption, without markup.
    pub(super) text: String,
    pub(super) entities: Vec<Entity>,
    pub(super) file: Option<File>,
    pub(super) album: Option<String>,
    pub(super) topic: Option<i64>,
    pub(super) reply_to: Option<i64>,
    pub(super) silent: bool,
    pub(super) protected: bool,
    pub(super) spoiler: bool,
    pub(super) caption_above: bool,
    /// `link_preview_options` as they came.
    pub(super) preview: Value,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
}

/// All tables.
pub(super) struct Telegram {
    pub(super) world: Arc<World>,
    pub(super) bots: Table<Bot>,
    /// By id.
    pub(super) chats: Table<Chat>,
    /// By chat and bot.
    pub(super) members: Table<Member>,
    /// By chat and number.
    pub(super) messages: Table<Message>,
    pub(super) files: Table<File>,
    /// Held from the look at a row to the change that follows from it.
    pub(super) gate: Mutex<()>,
}

impl Telegram {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        Ok(Self {
            bots: journal.table("telegram/bots")?,
            chats: journal.table("telegram/chats")?,
            members: journal.table("telegram/members")?,
            messages: journal.table("telegram/messages")?,
            files: journal.table("telegram/files")?,
            gate: Mutex::new(()),
            world: Arc::clone(world),
        })
    }

    /// Whose token it is.
    pub(super) fn caller(&self, token: &str) -> Result<Bot, BotError> {
        self.bots.get(token).filter(|bot| !bot.revoked).ok_or_else(unauthorized)
    }

    /// The chat of this id or `@name`.
    pub(super) fn find_chat(&self, named: &str) -> Option<Chat> {
        match named.strip_prefix('@') {
            Some(name) => self.chat_named(name),
            None => self.chats.get(named),
        }
    }

    pub(super) fn chat_named(&self, name: &str) -> Option<Chat> {
        let is_it =
            |chat: &Chat| chat.username.as_ref().is_some_and(|username| username.eq_ignore_ascii_case(name));
        self.chats.find(is_it).map(|(_, chat)| chat)
    }

    /// The chat that a call names, as far as the bot can see it.
    pub(super) fn chat_of(&self, form: &Form, bot: &Bot) -> Result<(Chat, Member), BotError> {
        let named = form.text("chat_id").ok_or_else(|| bad("chat_id is empty"))?;
        let chat = self.find_chat(named.trim()).ok_or_else(|| bad("chat not found"))?;
        if let Some(to) = chat.moved_to {
            return Err(migrated(to));
        }
        let left = || Member {
            status: "left".to_owned(),
            can_post: false,
            can_edit: false,
            can_delete: false,
            can_pin: false,
        };
        match self.members.get(&member_key(chat.id, bot.id)) {
            Some(member) => Ok((chat, member)),
            // A bot sees what everybody sees.
            None if chat.username.is_some() => Ok((chat, left())),
            None => Err(bad("chat not found")),
        }
    }

    /// The same, refused unless the bot is in the chat.
    pub(super) fn own_chat(&self, form: &Form, bot: &Bot) -> Result<(Chat, Member), BotError> {
        let (chat, member) = self.chat_of(form, bot)?;
        let what = if chat.kind == "private" { "private" } else { chat.kind.as_str() };
        match member.status.as_str() {
            "left" => Err(forbidden(&format!("bot is not a member of the {what} chat"))),
            "kicked" => Err(forbidden(&format!("bot was kicked from the {what} chat"))),
            _ => Ok((chat, member)),
        }
    }

    /// A message that is there.
    pub(super) fn live_message(&self, chat: i64, id: i64) -> Option<Message> {
        self.messages.get(&message_key(chat, id)).filter(|message| message.deleted_at.is_none())
    }

    /// The messages of an album that are there.
    pub(super) fn album(&self, chat: i64, album: &str) -> Vec<Message> {
        let is_in = |message: &&Message| {
            message.chat == chat && message.album.as_deref() == Some(album) && message.deleted_at.is_none()
        };
        self.messages.read(|rows| rows.values().filter(is_in).cloned().collect())
    }
}

pub(super) fn member_key(chat: i64, bot: i64) -> String {
    format!("{chat}/{bot}")
}

pub(super) fn message_key(chat: i64, id: i64) -> String {
    format!("{chat}/{id:012}")
}
