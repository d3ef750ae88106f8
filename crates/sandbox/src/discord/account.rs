//! Webhooks made by the control API, each with a server and a channel of its own.

use serde_json::{Map, Value, json};

use super::draft::check_name;
use super::errors::Problems;
use super::state::{Discord, Thread, Webhook};
use super::{CDN_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

impl Discord {
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let webhook = self.find_or_make(wanted)?;
        let thread = self.thread_for(&webhook, wanted)?;
        if wanted.expired {
            self.webhooks.update(&webhook.id, |webhook| webhook.deleted = true)?;
        }
        let Webhook { id, token, name, guild, channel, .. } = webhook;
        let mut extra = Map::new();
        if wanted.token {
            let address = format!("https://{}/api/webhooks/{id}/{token}", super::HOST);
            extra.insert("webhook_url".to_owned(), json!(address));
        }
        extra.insert("guild_id".to_owned(), json!(guild));
        extra.insert("channel_id".to_owned(), json!(channel));
        if let Some(thread) = thread {
            extra.insert("thread_id".to_owned(), json!(thread));
        }
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: origin.url(CDN_HOST, &format!("/avatars/{id}/sandbox.png")),
            platform_user_id: id,
            // A webhook has a name and no handle.
            username: String::new(),
            display_name: name,
            client_id: String::new(),
            client_secret: String::new(),
            credentials: wanted
                .token
                .then(|| CreatedCredentials { access_token: token, ..CreatedCredentials::default() }),
            extra,
        })
    }

    fn find_or_make(&self, wanted: &CreateAccount) -> Result<Webhook, SandboxError> {
        let given = |name: &str| wanted.extra.get(name);
        let name = wanted.display_name.clone().or_else(|| wanted.username.clone());
        let name = name.unwrap_or_else(|| format!("Hook {}", self.world.entropy.token(6)));
        let mut problems = Problems::default();
        check_name(&name, &mut problems);
        if problems.end().is_err() {
            return Err(SandboxError::invalid(
                "a webhook's name has 1 to 80 characters, and neither \"discord\" nor \"clyde\" in it",
            ));
        }
        let kind = match given("type").and_then(Value::as_u64) {
            None | Some(1) => 1,
            Some(2) => 2,
            Some(3) => 3,
            Some(_) => return Err(SandboxError::invalid("a webhook's type is 1, 2 or 3")),
        };
        let words = given("blocked_words").and_then(Value::as_array);
        let blocked_words: Vec<String> =
            words.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect();
        let limited = given("enforce_limits").and_then(Value::as_bool);
        if let Some((_, mut known)) = self.webhooks.find(|webhook| webhook.name == name && !webhook.deleted) {
            known.limited = limited.unwrap_or(known.limited);
            if words.is_some() {
                known.blocked_words = blocked_words;
            }
            self.webhooks.put(&known.id, &known)?;
            return Ok(known);
        }
        let webhook = Webhook {
            id: self.new_id(),
            token: self.world.entropy.token(68),
            kind,
            name,
            avatar: None,
            guild: self.new_id(),
            channel: self.new_id(),
            is_forum: given("channel").and_then(Value::as_str) == Some("forum"),
            wants_tag: given("wants_tag").and_then(Value::as_bool).unwrap_or(false),
            blocked_words,
            limited: limited.unwrap_or(true),
            deleted: false,
        };
        self.webhooks.put(&webhook.id, &webhook)?;
        Ok(webhook)
    }

    /// A thread in the channel, if one is asked for: `open`, `archived` or `locked`.
    fn thread_for(&self, webhook: &Webhook, wanted: &CreateAccount) -> Result<Option<String>, SandboxError> {
        let Some(state) = wanted.extra.get("thread").and_then(Value::as_str) else { return Ok(None) };
        if !matches!(state, "open" | "archived" | "locked") {
            return Err(SandboxError::invalid("a thread is open, archived or locked"));
        }
        let thread = Thread {
            id: self.new_id(),
            channel: webhook.channel.clone(),
            name: "Thread".to_owned(),
            archived: state == "archived",
            locked: state == "locked",
        };
        self.threads.put(&thread.id, &thread)?;
        Ok(Some(thread.id))
    }
}
