//! Requests and answers of the TikTok API. Unknown fields are ignored, missing ones are errors.

use serde::{Deserialize, Deserializer, Serialize};

/// Every answer but those of the token endpoint. `error.code` is `ok` where it worked.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<T> {
    pub(super) data: T,
}

/// The error part, read apart from the data: that is missing where something went wrong.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Outcome {
    #[serde(deserialize_with = "problem")]
    pub(super) error: Problem,
    /// Of the token endpoint, whose `error` is a word.
    pub(super) error_description: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Problem {
    pub(super) code: String,
    pub(super) message: String,
}

fn problem<'de, D: Deserializer<'de>>(input: D) -> Result<Problem, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Whole(Problem),
        Word(String),
    }
    Ok(match Either::deserialize(input)? {
        Either::Whole(problem) => problem,
        Either::Word(code) => Problem { code, message: String::new() },
    })
}

/// What the account may post.
#[derive(Debug, Deserialize)]
pub(super) struct CreatorInfo {
    pub(super) creator_username: String,
    pub(super) privacy_level_options: Vec<String>,
    #[serde(default)]
    pub(super) comment_disabled: bool,
    #[serde(default)]
    pub(super) duet_disabled: bool,
    #[serde(default)]
    pub(super) stitch_disabled: bool,
    pub(super) max_video_post_duration_sec: Option<f64>,
}

/// A request without content of its own.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

/// Opens a video's upload, or names where it is.
#[derive(Debug, Serialize)]
pub(super) struct VideoInit<'a> {
    /// Drafts have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) post_info: Option<VideoInfo<'a>>,
    pub(super) source_info: VideoSource<'a>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the platform's own fields")]
pub(super) struct VideoInfo<'a> {
    pub(super) title: &'a str,
    pub(super) privacy_level: &'a str,
    pub(super) disable_comment: bool,
    pub(super) disable_duet: bool,
    pub(super) disable_stitch: bool,
    pub(super) video_cover_timestamp_ms: u64,
    pub(super) brand_content_toggle: bool,
    pub(super) brand_organic_toggle: bool,
    pub(super) is_aigc: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "source")]
pub(super) enum VideoSource<'a> {
    #[serde(rename = "FILE_UPLOAD")]
    Upload { video_size: u64, chunk_size: u64, total_chunk_count: u64 },
    #[serde(rename = "PULL_FROM_URL")]
    Fetch { video_url: &'a str },
}

/// Names where photos are.
#[derive(Debug, Serialize)]
pub(super) struct PhotoInit<'a> {
    pub(super) media_type: &'static str,
    pub(super) post_mode: &'static str,
    pub(super) post_info: PhotoInfo<'a>,
    pub(super) source_info: PhotoSource,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct PhotoInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    pub(super) description: &'a str,
    #[serde(flatten)]
    pub(super) direct: Option<DirectPhotos<'a>>,
}

/// What photos have that are posted at once, and drafts have not.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the platform's own fields")]
pub(super) struct DirectPhotos<'a> {
    pub(super) privacy_level: &'a str,
    pub(super) disable_comment: bool,
    pub(super) auto_add_music: bool,
    pub(super) brand_content_toggle: bool,
    pub(super) brand_organic_toggle: bool,
    /// Left out where it says nothing: not every version of the documentation has it for photos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) is_aigc: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(super) struct PhotoSource {
    pub(super) source: &'static str,
    pub(super) photo_images: Vec<String>,
    pub(super) photo_cover_index: usize,
}

#[derive(Debug, Deserialize)]
pub(super) struct Begun {
    pub(super) publish_id: String,
    /// Only of an upload.
    pub(super) upload_url: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct PublishId<'a> {
    pub(super) publish_id: &'a str,
}

/// What became of a publish.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) status: String,
    #[serde(default)]
    pub(super) fail_reason: Option<String>,
    /// Spelt like this by the platform.
    #[serde(default, rename = "publicaly_available_post_id")]
    pub(super) post_ids: Option<Vec<PostId>>,
    #[serde(default)]
    pub(super) uploaded_bytes: Option<u64>,
}

/// The id of a post: a number beyond what a float can hold, or a text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum PostId {
    Number(u64),
    Text(String),
}

impl PostId {
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) max_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cursor: Option<i64>,
}

/// Public posts of the account, newest first.
#[derive(Debug, Deserialize)]
pub(super) struct Videos {
    #[serde(default)]
    pub(super) videos: Vec<Video>,
    #[serde(default)]
    pub(super) cursor: Option<i64>,
    #[serde(default)]
    pub(super) has_more: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Video {
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) create_time: i64,
    #[serde(default)]
    pub(super) video_description: String,
    #[serde(default)]
    pub(super) title: String,
}

/// Tokens. The answer is flat, and so is its error.
#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) expires_in: Option<i64>,
    pub(super) refresh_token: Option<String>,
    pub(super) refresh_expires_in: Option<i64>,
    #[serde(default)]
    pub(super) scope: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserInfo {
    pub(super) user: User,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) open_id: String,
    pub(super) display_name: Option<String>,
    pub(super) avatar_url: Option<String>,
    pub(super) username: Option<String>,
}
