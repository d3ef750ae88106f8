//! Answers of the Graph API. Unknown fields are ignored, missing ones are errors.

use serde::Deserialize;

/// `{"error": …}`, or what the upload host says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub(super) error: Option<Problem>,
    #[serde(default)]
    pub(super) debug_info: Option<DebugInfo>,
    #[serde(default)]
    pub(super) success: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) code: i64,
    #[serde(default)]
    pub(super) error_subcode: i64,
    #[serde(default)]
    pub(super) is_transient: bool,
    #[serde(default)]
    pub(super) error_user_msg: Option<String>,
    #[serde(default)]
    pub(super) error_data: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DebugInfo {
    #[serde(default)]
    pub(super) retriable: bool,
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) message: String,
}

/// An object that was made.
#[derive(Debug, Deserialize)]
pub(super) struct Made {
    pub(super) id: String,
    #[serde(default)]
    pub(super) permalink_url: Option<String>,
}

/// What a finished upload or a story's photo came to.
#[derive(Debug, Deserialize)]
pub(super) struct Finished {
    #[serde(default)]
    pub(super) post_id: Option<String>,
}

/// Where the next piece of a video begins and ends. Offsets are texts.
#[derive(Debug, Deserialize)]
pub(super) struct Range {
    pub(super) start_offset: String,
    pub(super) end_offset: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub(super) upload_session_id: String,
    pub(super) video_id: String,
    #[serde(flatten)]
    pub(super) range: Range,
}

#[derive(Debug, Deserialize)]
pub(super) struct Opened {
    pub(super) video_id: String,
    pub(super) upload_url: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Video {
    pub(super) status: Status,
    #[serde(default)]
    pub(super) permalink_url: Option<String>,
    #[serde(default)]
    pub(super) post_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Status {
    #[serde(default)]
    pub(super) video_status: String,
    #[serde(default)]
    pub(super) uploading_phase: Phase,
    #[serde(default)]
    pub(super) processing_phase: Phase,
    #[serde(default)]
    pub(super) publishing_phase: Phase,
}

/// A phase of a video. The misspelt field is the platform's.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Phase {
    #[serde(default)]
    pub(super) status: String,
    #[serde(default, alias = "bytes_transferred")]
    pub(super) bytes_transfered: u64,
    #[serde(default)]
    pub(super) publish_status: String,
    #[serde(default)]
    pub(super) error: Option<PhaseError>,
    #[serde(default)]
    pub(super) errors: Vec<PhaseError>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PhaseError {
    #[serde(default)]
    pub(super) message: String,
}

/// A list in pages.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Paging,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Paging {
    #[serde(default)]
    pub(super) cursors: Cursors,
    #[serde(default)]
    pub(super) next: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Cursors {
    #[serde(default)]
    pub(super) after: Option<String>,
}

impl Paging {
    /// Leads to the next page, unless this is the last one.
    pub(super) fn after(self) -> Option<String> {
        self.next.and(self.cursors.after)
    }
}

/// A post of the Page, or one of its reels.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    pub(super) id: String,
    #[serde(default, alias = "description")]
    pub(super) message: String,
    #[serde(default)]
    pub(super) permalink_url: Option<String>,
    #[serde(default)]
    pub(super) post_id: Option<String>,
    #[serde(default)]
    pub(super) created_time: Option<String>,
    #[serde(default)]
    pub(super) attachments: Option<Attachments>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Attachments {
    #[serde(default)]
    pub(super) data: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    #[serde(default)]
    pub(super) media_type: String,
    #[serde(default)]
    pub(super) target: Target,
    #[serde(default)]
    pub(super) unshimmed_url: Option<String>,
    #[serde(default)]
    pub(super) subattachments: Option<Attachments>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Target {
    #[serde(default)]
    pub(super) id: Option<String>,
}

impl Seen {
    /// The photos that it shows.
    pub(super) fn photos(&self) -> Vec<&str> {
        let Some(first) = self.attachments.as_ref().and_then(|list| list.data.first()) else {
            return Vec::new();
        };
        let all: Vec<&Attachment> = match &first.subattachments {
            Some(inside) if !inside.data.is_empty() => inside.data.iter().collect(),
            _ => vec![first],
        };
        let photos = all.into_iter().filter(|one| one.media_type == "photo");
        photos.filter_map(|one| one.target.id.as_deref()).collect()
    }

    /// The link that it shows.
    pub(super) fn link(&self) -> Option<&str> {
        let first = self.attachments.as_ref()?.data.first()?;
        first.unshimmed_url.as_deref().filter(|_| first.photos_inside() == 0)
    }
}

impl Attachment {
    fn photos_inside(&self) -> usize {
        usize::from(self.media_type == "photo")
            + self.subattachments.as_ref().map_or(0, |list| list.data.len())
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Story {
    #[serde(default)]
    pub(super) post_id: String,
    #[serde(default)]
    pub(super) media_id: Option<String>,
    #[serde(default)]
    pub(super) url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Comment {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) from: Option<Named>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Permission {
    pub(super) permission: String,
    pub(super) status: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) username: Option<String>,
    #[serde(default)]
    pub(super) access_token: Option<String>,
    #[serde(default)]
    pub(super) tasks: Option<Vec<String>>,
    #[serde(default)]
    pub(super) picture: Option<Picture>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Picture {
    #[serde(default)]
    pub(super) data: PictureData,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PictureData {
    #[serde(default)]
    pub(super) url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Looked {
    pub(super) data: TokenFacts,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenFacts {
    #[serde(default)]
    pub(super) user_id: Option<String>,
    #[serde(default)]
    pub(super) granular_scopes: Vec<GranularScope>,
}

/// A permission with the Pages that it was given for; without any it holds for all.
#[derive(Debug, Deserialize)]
pub(super) struct GranularScope {
    pub(super) scope: String,
    #[serde(default)]
    pub(super) target_ids: Option<Vec<String>>,
}
