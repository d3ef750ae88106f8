//! Media files for platforms, which fetch them by a signed address and without a key.

use domain::{MediaId, OrganizationId};
use store::{MediaPart, MediaRow, THUMBNAIL_NAME, link_name};

use crate::{App, AppError};

/// A file that is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedFile {
    /// MIME type.
    pub content_type: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
}

/// The file that an address leads to.
///
/// # Errors
/// [`AppError::NotFound`] whatever is wrong with the address: it tells nothing.
pub async fn open(app: &App, token: &str, filename: &str) -> Result<LinkedFile, AppError> {
    let missing = || AppError::NotFound("File");
    let linked = app.store.read_media_token(token, app.clock.now()).ok_or_else(missing)?;
    let rows = app.store.find_media(linked.organization_id, &[linked.media_id]).await?;
    if rows.is_empty() {
        // Copies that were made for a platform have ids of their own.
        return open_copy(app, linked.organization_id, linked.media_id, filename).await;
    }
    let row = rows.into_iter().next().filter(|row| row.status == "ready").ok_or_else(missing)?;
    let mut file = served(row, linked.part, filename).ok_or_else(missing)?;
    // A file that is gone is said to be so before an answer begins.
    let size = app.media.size_bytes(&file.sha256).await.map_err(|_| missing())?;
    file.size_bytes = size;
    Ok(file)
}

/// What a link leads to, if it is written as links are.
fn served(row: MediaRow, part: MediaPart, filename: &str) -> Option<LinkedFile> {
    let (name, content_type, sha256) = match part {
        MediaPart::File => (link_name(&row.filename), row.content_type, row.sha256),
        MediaPart::Thumbnail => (THUMBNAIL_NAME.to_owned(), "image/jpeg".to_owned(), row.thumbnail_sha256?),
    };
    (name == filename).then_some(LinkedFile { content_type, size_bytes: 0, sha256 })
}

async fn open_copy(
    app: &App,
    organization: OrganizationId,
    id: MediaId,
    filename: &str,
) -> Result<LinkedFile, AppError> {
    let missing = || AppError::NotFound("File");
    let copy = app.store.get_media_copy(organization, id).await?;
    let copy = copy.filter(|copy| link_name(&copy.filename) == filename).ok_or_else(missing)?;
    let size_bytes = u64::try_from(copy.size_bytes).unwrap_or(0);
    let file = LinkedFile { content_type: copy.content_type, size_bytes, sha256: copy.sha256 };
    app.media.read(&file.sha256, 0, 1).await.map_err(|_| missing())?;
    Ok(file)
}

/// The next piece of a file from `offset`, no further than `end` (exclusive).
///
/// # Errors
/// When the file cannot be read, or is shorter than it was.
pub async fn read(app: &App, file: &LinkedFile, offset: u64, end: u64) -> Result<Vec<u8>, AppError> {
    let length = app.media.piece_bytes().min(end.saturating_sub(offset));
    let bytes = app
        .media
        .read(&file.sha256, offset, length)
        .await
        .map_err(|error| AppError::Internal(Box::new(error)))?;
    if bytes.is_empty() && length > 0 {
        return Err(AppError::Internal("a media file is shorter than its row says".into()));
    }
    Ok(bytes.into())
}
