//! Films: registered with a form for the storage, asked about until they are processed.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Span;
use serde_json::{Map, Value, json};

use super::STORAGE_HOST;
use super::errors::{PinterestError, no_media};
use super::request::Ask;
use super::state::{Media, Pinterest};
use super::validate::word;
use crate::core::origin::Origin;

const FORM_LIFE: Span = Span::from_hours(1);

impl Pinterest {
    /// `POST /v5/media`
    pub(super) fn register_media(&self, ask: &Ask, origin: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["pins:read", "pins:write"])?;
        word(&ask.json()?, "media_type", &["video"], "")?;
        let (id, now) = (self.new_id(), self.world.now());
        let compact: String =
            now.to_iso_millis().chars().filter(char::is_ascii_alphanumeric).take(15).collect();
        let date = format!("{compact}Z");
        let secret = |length| self.world.entropy.token(length);
        let policy = json!({"expiration": (now + FORM_LIFE).to_iso_millis()}).to_string();
        let fields = [
            ("x-amz-date", date.clone()),
            ("x-amz-signature", secret(64)),
            ("x-amz-security-token", secret(120)),
            ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
            ("key", format!("uploads/11/aa/22/3:video:{}:{id}", user.id)),
            ("policy", STANDARD.encode(policy)),
            ("x-amz-credential", format!("ASIA{}/{}/us-east-1/s3/aws4_request", secret(16), &date[..8])),
            ("Content-Type", "multipart/form-data".to_owned()),
        ];
        let form: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let media = Media {
            id: id.clone(),
            user: user.id,
            form,
            form_ends_at: now + FORM_LIFE,
            file: None,
            ready_at: None,
            fails: false,
            used: false,
        };
        self.media.put(&id, &media)?;
        let shown: Map<String, Value> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
        Ok(json!({
            "media_id": id,
            "media_type": "video",
            "upload_url": origin.url(STORAGE_HOST, "/"),
            "upload_parameters": shown,
        }))
    }

    /// `GET /v5/media/{id}`
    pub(super) fn media_state(&self, ask: &Ask, id: &str) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["pins:read", "pins:write"])?;
        let media = self.media.get(id).filter(|media| media.user == user.id).ok_or_else(no_media)?;
        Ok(json!({"media_id": id, "media_type": "video", "status": media.status(self.world.now())}))
    }
}
