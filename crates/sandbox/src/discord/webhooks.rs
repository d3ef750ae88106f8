//! The webhook itself: shown, renamed, deleted.

use serde_json::{Value, json};

use super::draft::check_name;
use super::errors::{DiscordError, Problems};
use super::state::{Discord, Webhook};
use crate::core::form::Form;
use crate::core::origin::Origin;

/// A webhook, to whoever knows its address: without the user who made it.
pub(super) fn show(webhook: &Webhook, origin: &Origin) -> Value {
    let Webhook { id, token, .. } = webhook;
    json!({
        "id": id,
        "type": webhook.kind,
        "guild_id": webhook.guild,
        "channel_id": webhook.channel,
        "name": webhook.name,
        "avatar": webhook.avatar,
        "token": token,
        "application_id": null,
        "url": origin.url(super::HOST, &format!("/api/webhooks/{id}/{token}")),
    })
}

impl Discord {
    /// `PATCH`: name and avatar.
    pub(super) fn rename(
        &self,
        webhook: &Webhook,
        form: &Form,
        origin: &Origin,
    ) -> Result<Value, DiscordError> {
        let mut problems = Problems::default();
        let mut changed = webhook.clone();
        if let Some(name) = form.text("name") {
            check_name(&name, &mut problems);
            changed.name = name;
        }
        match form.fields.get("avatar") {
            Some(Value::String(image)) if image.starts_with("data:image/") => {
                changed.avatar = Some(crate::core::blobs::sha256_hex(image.as_bytes())[..32].to_owned());
            }
            Some(Value::Null) => changed.avatar = None,
            Some(_) => problems.add("avatar", "IMAGE_INVALID", "Invalid image data"),
            None => {}
        }
        problems.end()?;
        self.webhooks.put(&webhook.id, &changed)?;
        Ok(show(&changed, origin))
    }

    /// `DELETE`: it is gone for good.
    pub(super) fn remove(&self, webhook: &Webhook) -> Result<(), DiscordError> {
        self.webhooks.update(&webhook.id, |webhook| webhook.deleted = true)?;
        Ok(())
    }
}
