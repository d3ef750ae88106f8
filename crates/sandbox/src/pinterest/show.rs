//! Pins as the API shows them.

use domain::Timestamp;
use serde_json::{Value, json};

use super::state::{Pin, Pinterest};
use super::{IMAGE_HOST, PLATFORM};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::origin::Origin;

/// A time as Pinterest writes it: UTC, without saying so.
pub(super) fn moment(at: Timestamp) -> String {
    at.to_iso_millis().chars().take(19).collect()
}

impl Pinterest {
    /// A pin.
    pub(super) fn shown_pin(&self, pin: &Pin, origin: &Origin) -> Value {
        let owner = self.users.get(&pin.user).map(|user| user.username).unwrap_or_default();
        json!({
            "id": pin.id,
            "created_at": moment(pin.created_at),
            "link": pin.link,
            "title": pin.title,
            "description": pin.description,
            "dominant_color": pin.dominant_color,
            "alt_text": pin.alt_text,
            "creative_type": match pin.kind.as_str() {
                "video" => "VIDEO",
                "multiple_images" => "CAROUSEL",
                _ => "REGULAR",
            },
            "board_id": pin.board,
            "board_section_id": pin.section,
            "board_owner": {"username": owner},
            "is_owner": true,
            "is_standard": true,
            "has_been_promoted": false,
            "parent_pin_id": null,
            "note": null,
            "pin_metrics": null,
            "media": shown_media(pin, origin),
        })
    }

    /// A pin as people see it.
    pub(super) fn public_pin(&self, pin: &Pin, origin: &Origin) -> PublicPost {
        let user = self.users.get(&pin.user);
        let board = self.boards.get(&pin.board);
        let path = format!("/pin/{}/", pin.id);
        let alt = |file: &PublicMedia| PublicMedia { alt: pin.alt_text.clone(), ..file.clone() };
        PublicPost {
            platform: PLATFORM.to_owned(),
            account: user.map(|user| user.username).unwrap_or_default(),
            account_id: pin.user.clone(),
            id: pin.id.clone(),
            url: origin.url(super::PAGE_HOST, &path),
            page: format!("{}{path}", super::PAGE_HOST),
            text: pin.description.clone().unwrap_or_default(),
            media: pin.files.iter().map(alt).collect(),
            reply_to: None,
            extra: json!({
                "title": pin.title,
                "link": pin.link,
                "board_id": pin.board,
                "board": board.map(|board| board.name),
                "board_section_id": pin.section,
                "dominant_color": pin.dominant_color,
                "cover": pin.cover,
            }),
            created_at: pin.created_at.to_iso_millis(),
            deleted_at: None,
        }
    }
}

fn shown_media(pin: &Pin, origin: &Origin) -> Value {
    let address = |file: &PublicMedia| origin.url(IMAGE_HOST, &format!("/originals/{}", file.sha256));
    let images = |file: &PublicMedia| {
        let sized = |width: u32, height: u32| json!({"url": address(file), "width": width, "height": height});
        json!({
            "150x150": sized(150, 150),
            "400x300": sized(400, 300),
            "600x": sized(600, 900),
            "1200x": sized(1_200, 1_800),
        })
    };
    match (pin.kind.as_str(), pin.files.as_slice()) {
        ("video", [film, ..]) => json!({
            "media_type": "video",
            "cover_image_url": address(film),
            "video_url": null,
            "duration": 10_000.0,
            "width": 1_080,
            "height": 1_920,
            "images": images(film),
        }),
        ("multiple_images", files) => json!({
            "media_type": "multiple_images",
            "items": files.iter().map(|file| json!({
                "item_type": "image",
                "title": null,
                "description": null,
                "link": null,
                "images": images(file),
            })).collect::<Value>(),
        }),
        (_, [file, ..]) => json!({"media_type": "image", "images": images(file)}),
        (_, []) => Value::Null,
    }
}
