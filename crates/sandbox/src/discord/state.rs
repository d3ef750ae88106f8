//! What the emulated Discord remembers: its rows and the tables that hold them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::errors::{DiscordError, bad_token, no_webhook};
use super::limits::Buckets;
use crate::core::error::SandboxError;
use crate::core::journal::Table;
use crate::core::ledger::PublicMedia;
use crate::core::world::World;

/// The first millisecond of Discord's ids.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// A webhook, with the channel that it leads to.
#[derive(Clone, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent property")]
pub(super) struct Webhook {
    pub(super) id: String,
    pub(super) token: String,
    /// 1 takes messages, 2 follows a channel, 3 belongs to an app.
    pub(super) kind: u8,
    pub(super) name: String,
    pub(super) avatar: Option<String>,
    pub(super) guild: String,
    pub(super) channel: String,
    /// Whether the channel is a forum.
    pub(super) is_forum: bool,
    /// Whether the forum asks for tags.
    pub(super) wants_tag: bool,
    /// Words that the server's moderation refuses.
    pub(super) blocked_words: Vec<String>,
    /// Whether calls that are too many are refused.
    pub(super) limited: bool,
    pub(super) deleted: bool,
}

/// A thread of a channel.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Thread {
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) name: String,
    pub(super) archived: bool,
    pub(super) locked: bool,
}

/// A file of a message.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub(super) id: String,
    pub(super) filename: String,
    pub(super) file: PublicMedia,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

/// A message.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) webhook: String,
    pub(super) guild: String,
    /// The channel, or the thread.
    pub(super) channel: String,
    pub(super) at: Timestamp,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) content: String,
    /// The name and the picture that it goes out under.
    pub(super) username: String,
    pub(super) avatar_url: Option<String>,
    pub(super) embeds: Vec<Value>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) flags: u64,
    pub(super) tts: bool,
    /// Who is rung.
    pub(super) mentions: Vec<String>,
    pub(super) mention_roles: Vec<String>,
    pub(super) mention_everyone: bool,
    pub(super) deleted: bool,
}

/// All tables.
pub(super) struct Discord {
    pub(super) world: Arc<World>,
    pub(super) webhooks: Table<Webhook>,
    pub(super) threads: Table<Thread>,
    pub(super) messages: Table<Message>,
    pub(super) buckets: Mutex<Buckets>,
    /// Held from the look at a row to the change that follows from it.
    pub(super) gate: Mutex<()>,
    made: AtomicU64,
}

impl Discord {
    pub(super) fn open(world: &Arc<World>) -> Result<Self, SandboxError> {
        let journal = &world.journal;
        let made = AtomicU64::new(journal.records() as u64);
        Ok(Self {
            webhooks: journal.table("discord/webhooks")?,
            threads: journal.table("discord/threads")?,
            messages: journal.table("discord/messages")?,
            buckets: Mutex::default(),
            gate: Mutex::new(()),
            made,
            world: Arc::clone(world),
        })
    }

    /// A new id: the moment, and a number that no other id of that moment has.
    pub(super) fn new_id(&self) -> String {
        let millis = u64::try_from(self.world.now().as_millis() - EPOCH_MS).unwrap_or(0);
        let number = self.made.fetch_add(1, Ordering::Relaxed) & ((1 << 22) - 1);
        (millis << 22 | number).to_string()
    }

    /// The webhook of an address.
    pub(super) fn webhook(&self, id: &str, token: &str) -> Result<Webhook, DiscordError> {
        let webhook = self.webhooks.get(id).filter(|webhook| !webhook.deleted).ok_or_else(no_webhook)?;
        if webhook.token == token { Ok(webhook) } else { Err(bad_token()) }
    }

    /// A message of the webhook that is there.
    pub(super) fn message(&self, webhook: &Webhook, id: &str) -> Option<Message> {
        self.messages.get(id).filter(|message| message.webhook == webhook.id && !message.deleted)
    }
}
