//! The media library: putting a file in, and looking it up.

use domain::event::EventKind;
use domain::{EventId, MediaId, OrganizationId, Timestamp, WorkspaceId};
use serde_json::json;
use store::{MediaRow, NewEvent};

use crate::{App, AppError};

/// The largest image that is taken.
pub const IMAGE_MAX_BYTES: usize = 20 * 1024 * 1024;

/// A library item as a caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaView {
    /// Its id.
    pub id: MediaId,
    /// `image`, `video` or `document`.
    pub kind: &'static str,
    /// The original file name.
    pub filename: String,
    /// MIME type.
    pub content_type: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// When it was put in.
    pub created_at: Timestamp,
}

/// Puts an image into a workspace's library. Its type is read from its content.
///
/// # Errors
/// [`AppError::Validation`] when it is no image that can be used, or too large.
pub async fn store_image(
    app: &App,
    organization: OrganizationId,
    workspace: WorkspaceId,
    filename: &str,
    bytes: &[u8],
) -> Result<MediaView, AppError> {
    if bytes.len() > IMAGE_MAX_BYTES {
        let megabytes = IMAGE_MAX_BYTES / 1024 / 1024;
        return Err(AppError::validation("file", format!("An image may have {megabytes} MB at most.")));
    }
    let probe = ::media::probe(bytes)
        .map_err(|error| AppError::validation("file", format!("This cannot be used: {error}.")))?;
    let stored = app.media.put(bytes).await.map_err(|error| AppError::Internal(Box::new(error)))?;
    let now = app.clock.now();
    let view = MediaView {
        id: MediaId(app.entropy.uuid(now)),
        kind: probe.kind.as_str(),
        filename: filename.to_owned(),
        content_type: probe.content_type.to_owned(),
        size_bytes: stored.size_bytes,
        width: probe.width,
        height: probe.height,
        created_at: now,
    };
    let row = MediaRow {
        id: view.id,
        workspace_id: workspace,
        kind: view.kind.to_owned(),
        filename: view.filename.clone(),
        content_type: view.content_type.clone(),
        size_bytes: i64::try_from(view.size_bytes).unwrap_or(i64::MAX),
        width: view.width.map(i64::from),
        height: view.height.map(i64::from),
        sha256: stored.sha256,
        status: "ready".to_owned(),
        created_at: now,
    };
    let event = NewEvent {
        id: EventId(app.entropy.uuid(now)),
        kind: EventKind::MediaUploaded,
        payload: json!({ "media_id": view.id, "type": view.kind, "filename": view.filename }),
    };
    app.store.create_media(organization, row, event).await?;
    Ok(view)
}
