//! What a server says of itself (methods: instance), in both forms.

use serde_json::{Value, json};

use super::state::Mastodon;
use crate::core::origin::Origin;

/// What this server emulates.
const VERSION: &str = "4.5.2";
/// The types of files that are taken.
pub(super) const MIME_TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/heic",
    "image/heif",
    "image/webp",
    "image/avif",
    "video/webm",
    "video/mp4",
    "video/quicktime",
    "video/ogg",
    "audio/wave",
    "audio/wav",
    "audio/mpeg",
    "audio/mp3",
    "audio/ogg",
    "audio/flac",
    "audio/aac",
];
/// The most files of a status.
pub(super) const FILES_MAX: usize = 4;
/// The longest description of a file.
pub(super) const DESCRIPTION_MAX: usize = 1_500;
/// The largest image.
pub(super) const IMAGE_MAX_BYTES: usize = 16_777_216;
/// The largest video or sound.
pub(super) const FILM_MAX_BYTES: usize = 103_809_024;
/// The most options of a poll.
pub(super) const OPTIONS_MAX: usize = 4;
/// The longest option.
pub(super) const OPTION_MAX: usize = 50;
/// The shortest time for which a poll is open, in seconds.
pub(super) const POLL_MIN_S: i64 = 300;
/// The longest.
pub(super) const POLL_MAX_S: i64 = 2_629_746;

impl Mastodon {
    /// `GET /api/v2/instance`
    pub(super) fn instance(&self, origin: &Origin) -> Value {
        json!({
            "domain": origin.host,
            "title": "Mastodon in the sandbox",
            "version": VERSION,
            "source_url": "https://github.com/mastodon/mastodon",
            "description": "A server of the sandbox.",
            "usage": {"users": {"active_month": self.users.list().len()}},
            "thumbnail": {"url": origin.url(&origin.host, "/avatars/server.png"), "blurhash": null, "versions": {}},
            "icon": [],
            "languages": ["en"],
            "configuration": self.configuration(origin),
            "registrations": {"enabled": false, "approval_required": false, "message": null, "url": null},
            "api_versions": {"mastodon": 7},
            "contact": {"email": format!("staff@{}", origin.host), "account": null},
            "rules": [],
        })
    }

    /// `GET /api/v1/instance`
    pub(super) fn instance_v1(&self, origin: &Origin) -> Value {
        json!({
            "uri": origin.host,
            "title": "Mastodon in the sandbox",
            "short_description": "A server of the sandbox.",
            "description": "A server of the sandbox.",
            "email": format!("staff@{}", origin.host),
            "version": VERSION,
            "urls": {"streaming_api": format!("wss://{}", origin.host)},
            "stats": {"user_count": self.users.list().len(), "status_count": 0, "domain_count": 0},
            "thumbnail": origin.url(&origin.host, "/avatars/server.png"),
            "languages": ["en"],
            "registrations": false,
            "approval_required": false,
            "invites_enabled": false,
            "configuration": self.configuration(origin),
            "contact_account": null,
            "rules": [],
        })
    }

    fn configuration(&self, origin: &Origin) -> Value {
        json!({
            "urls": {"streaming": format!("wss://{}", origin.host), "status": null},
            "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
            "statuses": {
                "max_characters": self.server(&origin.host).max_characters,
                "max_media_attachments": FILES_MAX,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {
                "supported_mime_types": MIME_TYPES,
                "description_limit": DESCRIPTION_MAX,
                "image_size_limit": IMAGE_MAX_BYTES,
                "image_matrix_limit": 33_177_600,
                "video_size_limit": FILM_MAX_BYTES,
                "video_frame_rate_limit": 120,
                "video_matrix_limit": 8_294_400,
            },
            "polls": {
                "max_options": OPTIONS_MAX,
                "max_characters_per_option": OPTION_MAX,
                "min_expiration": POLL_MIN_S,
                "max_expiration": POLL_MAX_S,
            },
            "translation": {"enabled": false},
        })
    }
}
