//! Messages of a webhook: sent, read, edited, deleted.

use http::StatusCode;
use serde_json::{Value, json};

use super::PLATFORM;
use super::draft::{Draft, read};
use super::errors::{DiscordError, bad, known, no_message};
use super::show::{public, show};
use super::state::{Attachment, Discord, Message, Thread, Webhook};
use crate::core::form::{FilePart, Form};
use crate::core::ledger::PublicMedia;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::core::page::sniff;
use crate::core::picture;

impl Discord {
    /// Sends a message; the answer is the message.
    pub(super) fn send(
        &self,
        webhook: &Webhook,
        form: &Form,
        origin: &Origin,
    ) -> Result<Value, DiscordError> {
        let draft = read(form)?;
        let _one_at_a_time = lock(&self.gate);
        let place = self.place(webhook, form, &draft)?;
        if draft.is_empty() {
            return Err(bad(50_006, "Cannot send an empty message"));
        }
        moderate(webhook, draft.content.as_deref().unwrap_or_default())?;
        if !draft.files.is_empty() && self.world.faults.take_processing_failure(PLATFORM) {
            return Err(bad(50_110, "Invalid file was uploaded"));
        }
        let id = self.new_id();
        let mut attachments = Vec::new();
        for (file, alt) in &draft.files {
            attachments.push(self.keep(file, alt.clone())?);
        }
        let content = draft.content.unwrap_or_default();
        let rung = Rung::of(&content, draft.allowed_mentions.as_ref());
        // A forum's thread has the id of its first message.
        let new_thread = draft.thread_name.filter(|_| webhook.is_forum);
        let channel = if new_thread.is_some() { id.clone() } else { place };
        let message = Message {
            channel,
            webhook: webhook.id.clone(),
            guild: webhook.guild.clone(),
            at: self.world.now(),
            edited_at: None,
            content,
            username: draft.username.unwrap_or_else(|| webhook.name.clone()),
            avatar_url: draft.avatar_url,
            embeds: draft.embeds.unwrap_or_default(),
            attachments,
            flags: draft.flags,
            tts: draft.tts,
            mentions: rung.users,
            mention_roles: rung.roles,
            mention_everyone: rung.everyone,
            deleted: false,
            id,
        };
        let thread = new_thread.map(|name| Thread {
            id: message.id.clone(),
            channel: webhook.channel.clone(),
            name,
            archived: false,
            locked: false,
        });
        let seen_in = thread.clone().or_else(|| self.threads.get(&message.channel));
        let mut batch = self.world.journal.batch();
        if let Some(thread) = &thread {
            batch.put(&self.threads, &thread.id, thread)?;
        }
        batch.put(&self.messages, &message.id, &message)?;
        self.world.ledger.publish(&mut batch, &public(webhook, &message, seen_in.as_ref(), origin))?;
        batch.commit()?;
        Ok(show(webhook, &message, origin, self.world.now()))
    }

    /// The channel or thread that a message goes to.
    fn place(&self, webhook: &Webhook, form: &Form, draft: &Draft) -> Result<String, DiscordError> {
        let named = form.text("thread_id");
        match (&named, &draft.thread_name) {
            (Some(_), Some(_)) => {
                return Err(bad(
                    220_002,
                    "Webhooks posted to forum channels cannot have both a thread_name and thread_id",
                ));
            }
            (None, None) if webhook.is_forum => {
                return Err(bad(
                    220_001,
                    "Webhooks posted to forum channels must have a thread_name or thread_id",
                ));
            }
            (None, Some(_)) if !webhook.is_forum => {
                return Err(bad(220_003, "Webhooks can only create threads in forum channels"));
            }
            (None, Some(_)) if webhook.wants_tag && !draft.has_tags => {
                return Err(bad(40_067, "A tag is required to create a forum post in this channel"));
            }
            _ => {}
        }
        let Some(id) = named else { return Ok(webhook.channel.clone()) };
        let thread = self.threads.get(&id).filter(|thread| thread.channel == webhook.channel);
        let thread = thread.ok_or_else(|| known(StatusCode::NOT_FOUND, 10_003, "Unknown Channel"))?;
        if thread.locked {
            return Err(known(StatusCode::FORBIDDEN, 160_005, "Thread is locked"));
        }
        if thread.archived {
            return Err(bad(50_083, "Thread is archived"));
        }
        Ok(id)
    }

    fn keep(&self, file: &FilePart, alt: Option<String>) -> Result<Attachment, DiscordError> {
        let size = picture::size(&file.bytes);
        let filename: String = file
            .file_name
            .chars()
            .map(|letter| if letter.is_whitespace() || matches!(letter, '/' | '\\') { '_' } else { letter })
            .collect();
        Ok(Attachment {
            id: self.new_id(),
            filename: if filename.is_empty() { "unknown".to_owned() } else { filename },
            file: PublicMedia {
                media_type: sniff(&file.bytes).to_owned(),
                sha256: self.world.blobs.put(&file.bytes)?,
                size_bytes: file.bytes.len() as u64,
                alt,
            },
            width: size.map(|(width, _)| width),
            height: size.map(|(_, height)| height),
        })
    }

    /// A message, as it is now.
    pub(super) fn show_message(
        &self,
        webhook: &Webhook,
        id: &str,
        form: &Form,
        origin: &Origin,
    ) -> Result<Value, DiscordError> {
        Ok(show(webhook, &self.own(webhook, id, form)?, origin, self.world.now()))
    }

    /// Changes what is named; the name and the picture stay.
    pub(super) fn edit_message(
        &self,
        webhook: &Webhook,
        id: &str,
        form: &Form,
        origin: &Origin,
    ) -> Result<Value, DiscordError> {
        let draft = read(form)?;
        let _one_at_a_time = lock(&self.gate);
        let mut message = self.own(webhook, id, form)?;
        if let Some(kept) = &draft.kept {
            message.attachments.retain(|attachment| kept.contains(&attachment.id));
        }
        for (file, alt) in &draft.files {
            message.attachments.push(self.keep(file, alt.clone())?);
        }
        if let Some(content) = draft.content {
            moderate(webhook, &content)?;
            let rung = Rung::of(&content, draft.allowed_mentions.as_ref());
            (message.mentions, message.mention_roles, message.mention_everyone) =
                (rung.users, rung.roles, rung.everyone);
            message.content = content;
        }
        if let Some(embeds) = draft.embeds {
            message.embeds = embeds;
        }
        if message.content.trim().is_empty() && message.embeds.is_empty() && message.attachments.is_empty() {
            return Err(bad(50_006, "Cannot send an empty message"));
        }
        message.edited_at = Some(self.world.now());
        let mut batch = self.world.journal.batch();
        batch.put(&self.messages, &message.id, &message)?;
        let thread = self.threads.get(&message.channel);
        let seen = public(webhook, &message, thread.as_ref(), origin);
        self.world.ledger.change(&mut batch, PLATFORM, &message.id, |post| {
            (post.text, post.media, post.extra) = (seen.text, seen.media, seen.extra);
        })?;
        batch.commit()?;
        Ok(show(webhook, &message, origin, self.world.now()))
    }

    pub(super) fn delete_message(
        &self,
        webhook: &Webhook,
        id: &str,
        form: &Form,
    ) -> Result<(), DiscordError> {
        let _one_at_a_time = lock(&self.gate);
        let message = Message { deleted: true, ..self.own(webhook, id, form)? };
        let mut batch = self.world.journal.batch();
        batch.put(&self.messages, id, &message)?;
        self.world.ledger.take_down(&mut batch, PLATFORM, id, self.world.now())?;
        batch.commit()?;
        Ok(())
    }

    /// A message in a thread is only found when the thread is named.
    fn own(&self, webhook: &Webhook, id: &str, form: &Form) -> Result<Message, DiscordError> {
        let place = form.text("thread_id").unwrap_or_else(|| webhook.channel.clone());
        self.message(webhook, id).filter(|message| message.channel == place).ok_or_else(no_message)
    }
}

fn moderate(webhook: &Webhook, content: &str) -> Result<(), DiscordError> {
    let lower = content.to_lowercase();
    if webhook.blocked_words.iter().any(|word| lower.contains(word.as_str())) {
        return Err(bad(200_000, "Message was blocked by automatic moderation"));
    }
    Ok(())
}

/// Who is rung by a message.
struct Rung {
    users: Vec<String>,
    roles: Vec<String>,
    everyone: bool,
}

impl Rung {
    /// Without `allowed_mentions` everybody who is named is.
    fn of(content: &str, allowed: Option<&Value>) -> Self {
        let parses = |kind: &str| {
            allowed.is_none_or(|allowed| {
                allowed["parse"].as_array().is_some_and(|all| all.contains(&json!(kind)))
            })
        };
        let may = |kind: &str, id: &str| {
            parses(kind)
                || allowed.is_some_and(|allowed| {
                    allowed[kind].as_array().is_some_and(|ids| ids.iter().any(|one| one == id))
                })
        };
        let named = |marks: &[&str], kind: &str| {
            let mut ids: Vec<String> = Vec::new();
            for piece in content.split('<').skip(1) {
                let Some(inner) = piece.split('>').next().filter(|_| piece.contains('>')) else { continue };
                let id = marks.iter().find_map(|mark| inner.strip_prefix(mark));
                let id = id.filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
                if let Some(id) = id.filter(|id| may(kind, id) && !ids.iter().any(|known| known == id)) {
                    ids.push(id.to_owned());
                }
            }
            ids
        };
        Self {
            users: named(&["@!", "@"], "users"),
            roles: named(&["@&"], "roles"),
            everyone: parses("everyone") && (content.contains("@everyone") || content.contains("@here")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_is_rung_unless_it_is_not_allowed() {
        let content = "@everyone <@12> <@!13> <@12> <@&14> <#15> <@x>";
        let rung = Rung::of(content, None);
        assert_eq!(
            (rung.users, rung.roles, rung.everyone),
            (vec!["12".into(), "13".into()], vec!["14".into()], true)
        );
        let rung = Rung::of(content, Some(&json!({"parse": []})));
        assert!(rung.users.is_empty() && rung.roles.is_empty() && !rung.everyone);
        let rung = Rung::of(content, Some(&json!({"parse": ["roles"], "users": ["13"]})));
        assert_eq!((rung.users, rung.roles, rung.everyone), (vec!["13".into()], vec!["14".into()], false));
    }
}
