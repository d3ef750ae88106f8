//! Requests and answers of the Data API. Unknown fields are ignored, missing ones are errors.

use serde::{Deserialize, Serialize};

/// The body of `videos.insert`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewVideo<'a> {
    pub(super) snippet: NewSnippet<'a>,
    pub(super) status: NewStatus<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paid_product_placement_details: Option<PaidPlacement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewSnippet<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
    pub(super) category_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default_language: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewStatus<'a> {
    pub(super) privacy_status: &'a str,
    pub(super) self_declared_made_for_kids: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contains_synthetic_media: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) embeddable: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaidPlacement {
    pub(super) has_paid_product_placement: bool,
}

/// The body of `commentThreads.insert`.
#[derive(Debug, Serialize)]
pub(super) struct NewComment<'a> {
    snippet: NewThread<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewThread<'a> {
    channel_id: &'a str,
    video_id: &'a str,
    top_level_comment: NewTopLevel<'a>,
}

#[derive(Debug, Serialize)]
struct NewTopLevel<'a> {
    snippet: NewText<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NewText<'a> {
    text_original: &'a str,
}

impl<'a> NewComment<'a> {
    /// A comment of the channel below its video.
    pub(super) const fn new(channel_id: &'a str, video_id: &'a str, text_original: &'a str) -> Self {
        let top_level_comment = NewTopLevel { snippet: NewText { text_original } };
        Self { snippet: NewThread { channel_id, video_id, top_level_comment } }
    }
}

/// A list. A Google account without a channel, or an unknown id, has no items.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) items: Vec<T>,
    #[serde(default)]
    pub(super) next_page_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) snippet: ChannelSnippet,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChannelSnippet {
    pub(super) title: String,
    #[serde(default)]
    pub(super) custom_url: Option<String>,
    #[serde(default)]
    pub(super) thumbnails: Thumbnails,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Thumbnails {
    #[serde(default)]
    pub(super) default: Option<Thumbnail>,
    #[serde(default)]
    pub(super) high: Option<Thumbnail>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Thumbnail {
    pub(super) url: String,
}

/// A video; which fields there are depends on the asked parts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Video {
    pub(super) id: String,
    #[serde(default)]
    pub(super) status: VideoStatus,
    #[serde(default)]
    pub(super) processing_details: ProcessingDetails,
    #[serde(default)]
    pub(super) file_details: FileDetails,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VideoStatus {
    #[serde(default)]
    pub(super) upload_status: String,
    #[serde(default)]
    pub(super) failure_reason: String,
    #[serde(default)]
    pub(super) rejection_reason: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProcessingDetails {
    #[serde(default)]
    pub(super) processing_status: String,
    #[serde(default)]
    pub(super) processing_failure_reason: String,
}

/// Numbers are texts.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileDetails {
    #[serde(default)]
    pub(super) file_size: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlaylistItem {
    pub(super) snippet: ItemSnippet,
    pub(super) content_details: ItemDetails,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemSnippet {
    pub(super) title: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) published_at: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemDetails {
    pub(super) video_id: String,
}

/// A comment below a video, with its answers.
#[derive(Debug, Deserialize)]
pub(super) struct CommentThread {
    pub(super) snippet: ThreadSnippet,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThreadSnippet {
    pub(super) top_level_comment: TopLevelComment,
}

#[derive(Debug, Deserialize)]
pub(super) struct TopLevelComment {
    pub(super) snippet: CommentSnippet,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CommentSnippet {
    /// As it was written; shown to its author alone.
    #[serde(default)]
    pub(super) text_original: String,
    pub(super) text_display: String,
    /// Missing where the author's channel is gone.
    #[serde(default)]
    pub(super) author_channel_id: AuthorChannel,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct AuthorChannel {
    #[serde(default)]
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
    /// Only for grants that end.
    #[serde(default)]
    pub(super) refresh_token_expires_in: Option<i64>,
    #[serde(default)]
    pub(super) scope: Option<String>,
}

/// `{"error": {…}}`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Envelope {
    #[serde(default)]
    pub(super) error: Problem,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Problem {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) errors: Vec<Reason>,
    #[serde(default)]
    pub(super) details: Vec<Reason>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    pub(super) reason: String,
}

/// `{"error": "…"}` of the token endpoint.
#[derive(Debug, Default, Deserialize)]
pub(super) struct TokenProblem {
    #[serde(default)]
    pub(super) error: String,
}
