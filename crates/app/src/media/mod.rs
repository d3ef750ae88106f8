//! The media library: putting files in, looking them up, taking them out.

mod add;
mod begin;
mod clean;
mod complete;
mod delete;
mod import;
mod list;
mod name;
mod receive;
pub mod tus;

use ::media::{Kind, MediaLimits, Probe};
use domain::event::EventKind;
use domain::{EventId, MediaId, OrganizationId, Span, Timestamp};
use serde_json::json;
use store::{FinishMedia, MediaRow, MediaWorkKind, NewEvent};

pub use add::add;
pub use begin::{BegunUpload, NewUpload, UploadTarget, begin};
pub use clean::clean;
pub use complete::complete;
pub use delete::delete;
pub use import::import;
pub use list::{MediaPage, get, list};
pub use receive::{Upload, open_upload};

use crate::{App, AppError};

/// How long an upload may take from its beginning to its end, and how long what failed is shown.
const UNFINISHED_FOR: Span = Span::from_hours(24);
const FAILED_FOR: Span = Span::from_days(30);

/// The types that are taken.
pub const CONTENT_TYPES: [&str; 8] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heic",
    "image/heif",
    "video/mp4",
    "application/pdf",
];

/// A library item as a caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaView {
    /// Its id.
    pub id: MediaId,
    /// `uploading`, `processing`, `ready` or `failed`.
    pub status: &'static str,
    /// `image`, `video` or `document`.
    pub kind: &'static str,
    /// The original file name.
    pub filename: String,
    /// MIME type.
    pub content_type: String,
    /// Size in bytes; 0 while nobody knows it.
    pub size_bytes: u64,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Length of a video in seconds.
    pub seconds: Option<f64>,
    /// Why it failed, in a sentence.
    pub error_message: Option<String>,
    /// Where it was fetched from.
    pub source_url: Option<String>,
    /// The path of its file on this server, good for a day; `None` until it is ready.
    pub path: Option<String>,
    /// The path of a small picture of it.
    pub thumbnail_path: Option<String>,
    /// When it was put in.
    pub created_at: Timestamp,
}

fn view(app: &App, organization: OrganizationId, row: MediaRow) -> MediaView {
    let now = app.clock.now();
    let pixels = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    let is_ready = row.status == "ready";
    let path = is_ready.then(|| app.store.media_path(organization, row.id, &row.filename, now));
    let thumbnail = row.thumbnail_sha256.as_ref().filter(|_| is_ready);
    MediaView {
        id: row.id,
        status: match row.status.as_str() {
            "ready" => "ready",
            "failed" => "failed",
            "processing" => "processing",
            _ => "uploading",
        },
        kind: kind_name(&row.kind),
        filename: row.filename,
        content_type: row.content_type,
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        width: pixels(row.width),
        height: pixels(row.height),
        seconds: row.seconds,
        error_message: row.error_message,
        source_url: row.source_url,
        path,
        thumbnail_path: thumbnail.map(|_| app.store.thumbnail_path(organization, row.id, now)),
        created_at: row.created_at,
    }
}

fn kind_name(stored: &str) -> &'static str {
    match stored {
        "video" => "video",
        "document" => "document",
        _ => "image",
    }
}

/// The kind that a MIME type stands for, if it is one that is taken.
fn kind_of(content_type: &str) -> Option<Kind> {
    let kind = CONTENT_TYPES.contains(&content_type).then_some(content_type)?;
    Some(match kind {
        "video/mp4" => Kind::Video,
        "application/pdf" => Kind::Document,
        _ => Kind::Image,
    })
}

/// A declared MIME type in its plain form.
fn plain_type(declared: &str) -> String {
    let plain = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match plain.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "application/x-pdf" => "application/pdf".to_owned(),
        _ => plain,
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Image => "Images",
        Kind::Video => "Videos",
        Kind::Document => "Documents",
    }
}

/// The largest file of a kind that is taken.
fn most_bytes(limits: &MediaLimits, kind: Kind) -> u64 {
    match kind {
        Kind::Image => limits.image_bytes,
        Kind::Video => limits.video_bytes,
        Kind::Document => limits.document_bytes,
    }
}

fn too_large(kind: Kind, most: u64) -> AppError {
    AppError::FileTooLarge(format!("{} may have {} at most.", plural(kind), ::media::size_text(most)))
}

fn over_quota(used: i64, quota: Option<i64>) -> AppError {
    let text = |bytes: i64| ::media::size_text(u64::try_from(bytes).unwrap_or(0));
    let (used, limit) = (text(used), text(quota.unwrap_or(i64::MAX)));
    AppError::QuotaExceeded(format!(
        "The media library holds {used} of {limit}, and this file does not fit; delete media first."
    ))
}

fn stored_size(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> AppError {
    AppError::Internal(Box::new(error))
}

/// The row of an item whose bytes are not there yet.
fn awaited(
    app: &App,
    workspace: domain::WorkspaceId,
    filename: &str,
    content_type: &str,
    kind: Kind,
) -> MediaRow {
    let now = app.clock.now();
    MediaRow {
        id: MediaId(app.entropy.uuid(now)),
        workspace_id: workspace,
        kind: kind.as_str().to_owned(),
        filename: name::clean(filename, content_type),
        content_type: content_type.to_owned(),
        size_bytes: 0,
        width: None,
        height: None,
        seconds: None,
        facts: None,
        sha256: String::new(),
        thumbnail_sha256: None,
        status: "uploading".to_owned(),
        error_message: None,
        arrives_by: "put".to_owned(),
        source_url: None,
        created_at: now,
        expires_at: Some(now + UNFINISHED_FOR),
    }
}

/// The scheme and the host that uploads go to, if not to this server.
pub fn upload_origin(app: &App) -> Option<String> {
    app.media.upload_origin()
}

/// What a probed file makes of its item.
fn finished(app: &App, probe: &Probe, sha256: &str, size_bytes: u64) -> FinishMedia {
    FinishMedia {
        sha256: sha256.to_owned(),
        kind: probe.kind.as_str().to_owned(),
        content_type: probe.content_type.to_owned(),
        size_bytes: stored_size(size_bytes),
        width: probe.width.map(i64::from),
        height: probe.height.map(i64::from),
        seconds: probe.seconds,
        facts: serde_json::to_string(probe).ok(),
        work: (probe.kind == Kind::Video).then_some(MediaWorkKind::Poster),
        quota: None,
        now: app.clock.now(),
    }
}

fn event(app: &App, kind: EventKind, media: MediaId, shown: &str, filename: &str) -> NewEvent {
    NewEvent {
        id: EventId(app.entropy.uuid(app.clock.now())),
        kind,
        payload: json!({ "media_id": media, "type": shown, "filename": filename }),
    }
}
