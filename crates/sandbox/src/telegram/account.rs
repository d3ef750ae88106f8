//! Chats with a bot in them, made by the control API. Made again, they are changed: a right that is
//! taken away, a bot that is removed, a group that moves.

use serde_json::{Map, Value, json};

use super::PLATFORM;
use super::state::{Bot, Chat, Member, Telegram, member_key};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

const KINDS: [&str; 4] = ["channel", "supergroup", "group", "private"];
const STATUSES: [&str; 5] = ["administrator", "member", "restricted", "left", "kicked"];
const FIRST_CHANNEL: i64 = 1_001_234_567_000;
/// Chats number their messages by themselves; apart from each other here, so that a number names a
/// post.
const BETWEEN_CHATS: i64 = 100_000;

impl Telegram {
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let mut chat = self.find_or_make_chat(wanted)?;
        let bot = self.bot_of(&chat)?;
        self.set_member(&chat, &bot, wanted)?;
        if wanted.expired {
            self.bots.update(&bot.token, |bot| bot.revoked = true)?;
        }
        if wanted.extra.get("upgrade").and_then(Value::as_bool) == Some(true) {
            chat = self.upgrade(&chat, &bot)?;
        }
        let channel = chat.username.as_ref().map_or_else(|| chat.id.to_string(), |name| format!("@{name}"));
        let mut extra = Map::new();
        extra.insert("channel".to_owned(), json!(channel));
        extra.insert("bot_id".to_owned(), json!(bot.id));
        extra.insert("bot_username".to_owned(), json!(bot.username));
        let credentials = wanted
            .token
            .then(|| CreatedCredentials { access_token: bot.token.clone(), ..CreatedCredentials::default() });
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            platform_user_id: chat.id.to_string(),
            username: chat.username.clone().unwrap_or_default(),
            display_name: chat.title.clone(),
            avatar_url: origin.url(super::PAGE_HOST, &format!("/i/userpic/{}.png", chat.id)),
            client_id: String::new(),
            client_secret: String::new(),
            credentials,
            extra,
        })
    }

    fn find_or_make_chat(&self, wanted: &CreateAccount) -> Result<Chat, SandboxError> {
        let flag = |name: &str| wanted.extra.get(name).and_then(Value::as_bool);
        let kind = wanted.extra.get("type").and_then(Value::as_str).unwrap_or("channel");
        if !KINDS.contains(&kind) {
            return Err(SandboxError::invalid(format!("a chat on Telegram is one of {}", KINDS.join(", "))));
        }
        let named = wanted.username.as_deref().map(|name| name.trim_start_matches('@').to_owned());
        let name = named.unwrap_or_else(|| format!("chat_{}", self.world.entropy.token(8).to_lowercase()));
        let is_name = (4..=32).contains(&name.len())
            && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            let message = "a name on Telegram has 4 to 32 letters, digits and underscores";
            return Err(SandboxError::invalid(message));
        }
        let title = wanted.display_name.clone().unwrap_or_else(|| name.clone());
        let is_public = flag("public").unwrap_or(kind != "group");
        let is_it = |chat: &Chat| {
            if is_public {
                chat.username.as_ref().is_some_and(|username| username.eq_ignore_ascii_case(&name))
            } else {
                chat.username.is_none() && chat.title == title && chat.moved_to.is_none()
            }
        };
        if let Some((_, mut chat)) = self.chats.find(is_it) {
            chat.limited = flag("enforce_limits").unwrap_or(chat.limited);
            self.chats.put(&chat.id.to_string(), &chat)?;
            return Ok(chat);
        }
        let topics = wanted.extra.get("topics").and_then(Value::as_array);
        let chat = Chat {
            kind: kind.to_owned(),
            title,
            username: is_public.then_some(name),
            limited: flag("enforce_limits").unwrap_or(true),
            topics: topics.into_iter().flatten().filter_map(Value::as_i64).collect(),
            ..self.blank_chat(kind)
        };
        self.chats.put(&chat.id.to_string(), &chat)?;
        Ok(chat)
    }

    fn blank_chat(&self, kind: &str) -> Chat {
        let count = self.chats.read(|rows| i64::try_from(rows.len()).unwrap_or(0));
        let id = match kind {
            // The ids of channels and supergroups are their numbers behind -100.
            "channel" | "supergroup" => -(FIRST_CHANNEL + count),
            "group" => -(4_000_000 + count),
            _ => 5_000_000 + count,
        };
        Chat {
            id,
            kind: kind.to_owned(),
            title: String::new(),
            username: None,
            limited: true,
            moved_to: None,
            next: count * BETWEEN_CHATS + 2,
            topics: Vec::new(),
            pinned: Vec::new(),
        }
    }

    /// Each chat made here has a bot of its own, which keeps its token.
    fn bot_of(&self, chat: &Chat) -> Result<Bot, SandboxError> {
        let prefix = format!("{}/", chat.id);
        let known =
            self.members.read(|rows| rows.keys().find_map(|key| key.strip_prefix(&prefix)?.parse().ok()));
        if let Some(id) = known
            && let Some((_, bot)) = self.bots.find(|bot: &Bot| bot.id == id && !bot.revoked)
        {
            return Ok(bot);
        }
        let id = known
            .unwrap_or_else(|| 7_001_234_567 + self.bots.read(|rows| i64::try_from(rows.len()).unwrap_or(0)));
        let bot = Bot {
            id,
            token: format!("{id}:AA{}", self.world.entropy.token(33)),
            username: format!("sandbox_{id}_bot"),
            name: "Sandbox Bot".to_owned(),
            revoked: false,
        };
        self.bots.put(&bot.token, &bot)?;
        Ok(bot)
    }

    fn set_member(&self, chat: &Chat, bot: &Bot, wanted: &CreateAccount) -> Result<(), SandboxError> {
        let given = |name: &str| wanted.extra.get(name).and_then(Value::as_bool).unwrap_or(true);
        let status = wanted.extra.get("bot_status").and_then(Value::as_str).unwrap_or("administrator");
        if !STATUSES.contains(&status) {
            return Err(SandboxError::invalid(format!("a bot is one of {}", STATUSES.join(", "))));
        }
        let member = Member {
            status: status.to_owned(),
            can_post: given("can_post_messages"),
            can_edit: status == "administrator" && given("can_edit_messages"),
            can_delete: status == "administrator" && given("can_delete_messages"),
            can_pin: status == "administrator" && given("can_pin_messages"),
        };
        self.members.put(&member_key(chat.id, bot.id), &member)
    }

    /// The group becomes a supergroup with another id; the old id names the new one.
    fn upgrade(&self, chat: &Chat, bot: &Bot) -> Result<Chat, SandboxError> {
        if chat.kind != "group" {
            return Err(SandboxError::invalid("only a group becomes a supergroup"));
        }
        let blank = self.blank_chat("supergroup");
        let new = Chat { title: chat.title.clone(), limited: chat.limited, ..blank };
        let member = self.members.get(&member_key(chat.id, bot.id));
        let mut batch = self.world.journal.batch();
        batch.put(&self.chats, &new.id.to_string(), &new)?;
        let old = Chat { moved_to: Some(new.id), ..chat.clone() };
        batch.put(&self.chats, &chat.id.to_string(), &old)?;
        if let Some(member) = member {
            batch.put(&self.members, &member_key(new.id, bot.id), &member)?;
        }
        batch.commit()?;
        Ok(new)
    }
}
