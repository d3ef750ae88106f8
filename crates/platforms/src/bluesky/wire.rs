//! The shapes of XRPC requests, answers and records, and nothing else.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The collection that posts are in.
pub(super) const POSTS: &str = "app.bsky.feed.post";

/// `com.atproto.server.createSession`.
#[derive(Serialize)]
pub(super) struct CreateSession<'a> {
    pub identifier: &'a str,
    pub password: &'a str,
}

/// The answer of `createSession` and `refreshSession`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub did: String,
    pub handle: String,
    pub access_jwt: String,
    pub refresh_jwt: String,
    pub did_doc: Option<DidDoc>,
    pub active: Option<bool>,
    pub status: Option<String>,
}

/// Who an identity is and which services it has.
#[derive(Deserialize)]
pub(super) struct DidDoc {
    #[serde(default)]
    pub service: Vec<Service>,
}

/// A service of an identity.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Service {
    pub id: String,
    pub service_endpoint: Value,
}

impl DidDoc {
    /// The host of the identity's data.
    pub(super) fn data_host(&self) -> Option<&str> {
        self.service
            .iter()
            .find(|service| service.id.ends_with("#atproto_pds"))
            .and_then(|service| service.service_endpoint.as_str())
    }
}

/// The answer of `com.atproto.server.getSession`.
#[derive(Deserialize)]
pub(super) struct SessionInfo {
    pub did: String,
    pub handle: String,
    pub active: Option<bool>,
    pub status: Option<String>,
}

/// The answer of `app.bsky.actor.getProfile`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Profile {
    pub display_name: Option<String>,
    pub avatar: Option<String>,
}

/// What a session token says of itself.
#[derive(Deserialize)]
pub(super) struct TokenClaims {
    /// Its end in seconds since the epoch.
    pub exp: i64,
}

/// The answer of `com.atproto.identity.resolveHandle`.
#[derive(Deserialize)]
pub(super) struct Resolved {
    pub did: String,
}

/// The answer of `com.atproto.repo.uploadBlob`.
#[derive(Deserialize)]
pub(super) struct Uploaded {
    pub blob: Blob,
}

/// The answer of `com.atproto.server.describeServer`.
#[derive(Deserialize)]
pub(super) struct Described {
    pub did: String,
}

/// The answer of `com.atproto.server.getServiceAuth`.
#[derive(Deserialize)]
pub(super) struct ServiceToken {
    pub token: String,
}

/// The answer of `app.bsky.video.getUploadLimits`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UploadLimits {
    pub can_upload: bool,
    pub error: Option<String>,
    pub message: Option<String>,
}

/// The answer of `app.bsky.video.startUpload`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Started {
    pub job_id: String,
    pub part_size_bytes: u64,
}

/// The answer of `app.bsky.video.finishUpload`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Completed {
    pub completed_job_id: String,
}

/// The answer of `app.bsky.video.getJobStatus`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WrappedJob {
    pub job_status: JobStatus,
}

/// How far a video is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobStatus {
    pub state: String,
    pub blob: Option<Blob>,
    pub error: Option<String>,
    pub failure_code: Option<String>,
}

/// A file that the host holds, exactly as the host described it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Blob(Value);

/// `com.atproto.repo.putRecord`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutRecord<'a> {
    pub repo: &'a str,
    pub collection: &'a str,
    pub rkey: &'a str,
    pub validate: bool,
    /// `null` says: only if nothing is under this key yet. Leaving it out would overwrite.
    pub swap_record: Option<&'a str>,
    pub record: &'a PostRecord,
}

/// A record's address and the hash of its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StrongRef {
    pub(super) uri: String,
    pub(super) cid: String,
}

/// The answer of `com.atproto.repo.getRecord`.
#[derive(Deserialize)]
pub(super) struct StoredRecord {
    pub uri: String,
    pub cid: Option<String>,
    value: Value,
}

impl StoredRecord {
    /// Whether this is the record that we would have written, or that record after its owner
    /// changed it: no other post has its key and its very moment.
    pub(super) fn stems_from(&self, record: &PostRecord) -> bool {
        self.value.get("createdAt").and_then(Value::as_str) == Some(record.created_at.as_str())
    }
}

/// An `app.bsky.feed.post` record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostRecord {
    #[serde(rename = "$type")]
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) created_at: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) facets: Vec<Facet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) embed: Option<Embed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<Reply>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) langs: Vec<String>,
}

/// Which posts a post answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reply {
    pub root: StrongRef,
    pub parent: StrongRef,
}

/// A stretch of the text that is more than text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facet {
    pub index: ByteRange,
    pub features: Vec<Feature>,
}

/// A stretch of UTF-8 bytes, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ByteRange {
    pub byte_start: usize,
    pub byte_end: usize,
}

/// What a stretch of the text is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "$type")]
pub(super) enum Feature {
    #[serde(rename = "app.bsky.richtext.facet#link")]
    Link { uri: String },
    #[serde(rename = "app.bsky.richtext.facet#mention")]
    Mention { did: String },
    #[serde(rename = "app.bsky.richtext.facet#tag")]
    Tag { tag: String },
}

/// What is attached to a post.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "$type")]
pub(super) enum Embed {
    #[serde(rename = "app.bsky.embed.images")]
    Images { images: Vec<EmbeddedImage> },
    #[serde(rename = "app.bsky.embed.video", rename_all = "camelCase")]
    Video {
        video: Blob,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alt: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        aspect_ratio: Option<AspectRatio>,
    },
    #[serde(rename = "app.bsky.embed.external")]
    External { external: External },
}

/// One attached image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmbeddedImage {
    pub image: Blob,
    pub alt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aspect_ratio: Option<AspectRatio>,
}

/// A shape; whole numbers of at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AspectRatio {
    pub width: u32,
    pub height: u32,
}

/// A link card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct External {
    pub uri: String,
    pub title: String,
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumb: Option<Blob>,
}

/// An error answer.
#[derive(Default, Deserialize)]
pub(super) struct XrpcError {
    #[serde(default)]
    pub error: String,
    #[serde(default)]
    pub message: String,
}
