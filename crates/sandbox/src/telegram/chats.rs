//! What a bot can ask: who it is, what a chat is, what it may do there, where a file is.

use serde_json::{Value, json};

use super::errors::{BotError, bad};
use super::show::{bare_id, brief};
use super::state::{Bot, Chat, Member, Telegram, member_key};
use crate::core::form::Form;

/// A file that is larger cannot be downloaded by a bot.
const DOWNLOAD_MAX_BYTES: u64 = 20 << 20;

/// A bot as a user.
pub(super) fn user(bot: &Bot) -> Value {
    json!({"id": bot.id, "is_bot": true, "first_name": bot.name, "username": bot.username})
}

impl Telegram {
    /// `getMe`
    pub(super) fn me(bot: &Bot) -> Value {
        let mut shown = user(bot);
        for (name, value) in [
            ("can_join_groups", true),
            ("can_read_all_group_messages", false),
            ("supports_inline_queries", false),
            ("can_connect_to_business", false),
            ("has_main_web_app", false),
        ] {
            shown[name] = json!(value);
        }
        shown
    }

    /// `getChat`
    pub(super) fn show_chat(&self, bot: &Bot, form: &Form) -> Result<Value, BotError> {
        let (chat, _) = self.chat_of(form, bot)?;
        let mut shown = brief(&chat);
        shown["accent_color_id"] = json!(bare_id(chat.id).parse::<u64>().unwrap_or(0) % 7);
        shown["max_reaction_count"] = json!(11);
        shown["accepted_gift_types"] = json!({
            "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
            "premium_subscription": false, "gifts_from_channels": false,
        });
        shown["has_visible_history"] = json!(true);
        if let Some(pinned) = chat.pinned.iter().rev().find_map(|id| self.live_message(chat.id, *id)) {
            shown["pinned_message"] = self.show(&pinned);
        }
        Ok(shown)
    }

    /// `getChatMember`
    pub(super) fn show_member(&self, bot: &Bot, form: &Form) -> Result<Value, BotError> {
        let (chat, own) = self.chat_of(form, bot)?;
        if chat.kind == "channel" && own.status != "administrator" {
            return Err(bad("member list is inaccessible"));
        }
        let wanted = form.number("user_id").ok_or_else(|| bad("invalid user_id specified"))?;
        let other = self.bots.find(|other| other.id == wanted).map(|(_, other)| other);
        let other = other.ok_or_else(|| bad("PARTICIPANT_ID_INVALID"))?;
        let member = self.members.get(&member_key(chat.id, wanted));
        Ok(show_rights(&chat, &other, member.as_ref()))
    }

    /// `getChatMemberCount`
    pub(super) fn count_members(&self, bot: &Bot, form: &Form) -> Result<Value, BotError> {
        let (chat, _) = self.chat_of(form, bot)?;
        let prefix = format!("{}/", chat.id);
        // The owner is one of them.
        let bots = self.members.read(|rows| rows.keys().filter(|key| key.starts_with(&prefix)).count());
        Ok(json!(bots + 1))
    }

    /// `getFile`
    pub(super) fn show_path(&self, form: &Form) -> Result<Value, BotError> {
        let id = form.text("file_id").unwrap_or_default();
        // The small size of a photo is served by the same bytes.
        let file = self.files.get(&id).or_else(|| self.files.get(id.trim_end_matches('s')));
        let file = file.ok_or_else(|| bad("invalid file_id"))?;
        if file.size_bytes > DOWNLOAD_MAX_BYTES {
            return Err(bad("file is too big"));
        }
        Ok(json!({
            "file_id": id, "file_unique_id": file.unique, "file_size": file.size_bytes,
            "file_path": format!("{}s/{}", file.kind, file.unique),
        }))
    }
}

fn show_rights(chat: &Chat, bot: &Bot, member: Option<&Member>) -> Value {
    let user = user(bot);
    let Some(member) = member else { return json!({"status": "left", "user": user}) };
    let is_channel = chat.kind == "channel";
    match member.status.as_str() {
        "administrator" => {
            let mut shown = json!({"status": "administrator", "user": user, "custom_title": bot.name});
            for name in [
                "can_be_edited",
                "is_anonymous",
                "can_manage_video_chats",
                "can_restrict_members",
                "can_promote_members",
                "can_change_info",
                "can_post_stories",
                "can_edit_stories",
                "can_delete_stories",
            ] {
                shown[name] = json!(false);
            }
            shown["can_manage_chat"] = json!(true);
            shown["can_invite_users"] = json!(true);
            shown["can_delete_messages"] = json!(member.can_delete);
            if is_channel {
                shown["can_post_messages"] = json!(member.can_post);
                shown["can_edit_messages"] = json!(member.can_edit);
            } else {
                shown["can_pin_messages"] = json!(member.can_pin);
                shown["can_manage_topics"] = json!(false);
            }
            shown
        }
        "restricted" => {
            let mut shown = json!({"status": "restricted", "user": user, "is_member": true, "until_date": 0});
            for name in [
                "can_send_messages",
                "can_send_audios",
                "can_send_documents",
                "can_send_photos",
                "can_send_videos",
                "can_send_video_notes",
                "can_send_voice_notes",
                "can_send_polls",
                "can_send_other_messages",
                "can_add_web_page_previews",
            ] {
                shown[name] = json!(member.can_post);
            }
            for name in ["can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"] {
                shown[name] = json!(false);
            }
            shown
        }
        "kicked" => json!({"status": "kicked", "user": user, "until_date": 0}),
        status => json!({"status": status, "user": user}),
    }
}
