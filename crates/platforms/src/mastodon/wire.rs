//! Answers of Mastodon's API. Unknown fields are ignored, missing ones are errors, but for what a
//! server says of itself: other software leaves much of that out.

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Instance {
    /// The name that handles of this server have.
    pub(super) domain: Option<String>,
    /// The same in the first form of the answer.
    pub(super) uri: Option<String>,
    pub(super) api_versions: ApiVersions,
    pub(super) configuration: Configuration,
    /// The limit where `configuration` is not known.
    pub(super) max_toot_chars: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ApiVersions {
    pub(super) mastodon: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Configuration {
    pub(super) statuses: Statuses,
    pub(super) media_attachments: MediaAttachments,
    pub(super) polls: Polls,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Statuses {
    pub(super) max_characters: Option<u32>,
    pub(super) max_media_attachments: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MediaAttachments {
    pub(super) supported_mime_types: Vec<String>,
    pub(super) description_limit: Option<u32>,
    pub(super) image_size_limit: Option<u64>,
    pub(super) video_size_limit: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Polls {
    pub(super) max_options: Option<usize>,
    pub(super) max_characters_per_option: Option<u32>,
    pub(super) min_expiration: Option<u64>,
    pub(super) max_expiration: Option<u64>,
}

/// The account that a token opens.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) username: String,
    #[serde(default)]
    pub(super) display_name: String,
    pub(super) avatar: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Media {
    pub(super) id: String,
    /// Missing until the file is processed.
    pub(super) url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) id: String,
    pub(super) url: Option<String>,
    pub(super) uri: Option<String>,
    #[serde(default)]
    pub(super) created_at: String,
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) spoiler_text: String,
    pub(super) in_reply_to_id: Option<String>,
    #[serde(default)]
    pub(super) media_attachments: Vec<Attached>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attached {
    pub(super) id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) error: String,
    pub(super) error_description: String,
}
