//! Requests and answers of Pinterest's API. Unknown fields of answers are ignored, missing ones are
//! errors.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) bookmark: Option<String>,
}

/// A board.
#[derive(Debug, Deserialize)]
pub(super) struct Board {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) board_pins_modified_at: Option<String>,
}

/// A pin as it is listed, and as a new one is answered.
#[derive(Debug, Deserialize)]
pub(super) struct Pin {
    pub(super) id: String,
    #[serde(default)]
    created_at: String,
    pub(super) board_id: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) link: Option<String>,
    pub(super) alt_text: Option<String>,
}

impl Pin {
    /// When it was created. The time is in UTC and does not say so.
    pub(super) fn created_at(&self) -> Option<Timestamp> {
        let text = self.created_at.trim();
        Timestamp::parse(text).or_else(|_| Timestamp::parse(&format!("{text}Z"))).ok()
    }
}

/// A place to upload a film to.
#[derive(Deserialize)]
pub(super) struct Registered {
    pub(super) media_id: String,
    pub(super) upload_url: String,
    /// The fields of the form, in the order in which they came.
    pub(super) upload_parameters: Map<String, Value>,
}

/// How far a film is.
#[derive(Debug, Deserialize)]
pub(super) struct MediaState {
    pub(super) status: String,
}

#[derive(Serialize)]
pub(super) struct NewPin<'a> {
    pub(super) board_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) board_section_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) alt_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dominant_color: Option<&'a str>,
    pub(super) media_source: Source<'a>,
}

/// What a pin shows.
#[derive(Serialize)]
#[serde(tag = "source_type", rename_all = "snake_case")]
pub(super) enum Source<'a> {
    ImageBase64 {
        content_type: &'a str,
        data: String,
    },
    MultipleImageBase64 {
        index: u32,
        items: Vec<Slot<'a>>,
    },
    VideoId {
        media_id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        cover_image_url: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cover_image_key_frame_time: Option<u64>,
    },
}

/// A picture of a carousel.
#[derive(Serialize)]
pub(super) struct Slot<'a> {
    pub(super) content_type: &'a str,
    pub(super) data: String,
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) refresh_token: Option<String>,
    pub(super) expires_in: Option<i64>,
    pub(super) refresh_token_expires_in: Option<i64>,
    pub(super) scope: Option<String>,
}

/// The account that a token opens.
#[derive(Debug, Deserialize)]
pub(super) struct Account {
    /// Old accounts have none.
    pub(super) id: Option<String>,
    pub(super) username: String,
    pub(super) business_name: Option<String>,
    pub(super) profile_image: Option<String>,
}

/// An error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) code: i64,
    pub(super) message: String,
    pub(super) message_detail: Option<String>,
    /// The token endpoint's other shape.
    pub(super) error: Option<String>,
}
