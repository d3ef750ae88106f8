//! Uploads that go on where they broke off, as the tus protocol has it. Must not know its headers.

use ::media::Partial;
use domain::{MediaId, OrganizationId, Timestamp};
use store::MediaRow;

use super::begin::begin_by;
use super::complete::settle;
use super::name::type_by_ending;
use super::receive::{land, reread};
use super::{NewUpload, UNFINISHED_FOR, internal};
use crate::{App, AppError, Caller};

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The item.
    pub id: MediaId,
    /// How many bytes there are.
    pub offset: u64,
    /// How many there have to be.
    pub length: u64,
    /// When it is forgotten; `None` once it is complete.
    pub expires_at: Option<Timestamp>,
}

/// Bytes that are added to an upload.
#[derive(Debug)]
pub struct Addition {
    app: App,
    organization: OrganizationId,
    row: MediaRow,
    length: u64,
    partial: Partial,
}

/// Makes an item whose bytes come in several goes. The type is that of the name's ending where the
/// caller gives none.
///
/// # Errors
/// As [`super::begin`].
pub async fn create(
    app: &App,
    caller: &Caller,
    filename: String,
    content_type: Option<String>,
    length: u64,
) -> Result<Progress, AppError> {
    let known = content_type.filter(|text| !text.is_empty());
    let content_type = known.or_else(|| type_by_ending(&filename).map(ToOwned::to_owned)).unwrap_or_default();
    let new = NewUpload { filename, content_type, size_bytes: length, platforms: Vec::new() };
    let begun = begin_by(app, caller, &new, "tus").await?;
    Ok(Progress { id: begun.id, offset: 0, length, expires_at: Some(begun.created_at + UNFINISHED_FOR) })
}

/// Where an upload stands.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or it has failed.
pub async fn progress(app: &App, caller: &Caller, id: MediaId) -> Result<Progress, AppError> {
    let row = find(app, caller, id).await?;
    let length = u64::try_from(row.size_bytes).unwrap_or(0);
    if row.status == "ready" {
        return Ok(Progress { id, offset: length, length, expires_at: None });
    }
    let offset = app.media.resumable_bytes(&id.to_string()).await.map_err(internal)?;
    if offset == length {
        // The process ended between the last byte and its answer.
        match open(app, caller, id, offset).await {
            Err(AppError::Locked(_)) => {}
            addition => return addition?.finish().await,
        }
    }
    Ok(Progress { id, offset, length, expires_at: row.expires_at })
}

/// Begins to add bytes at `offset`, which is as many as there are.
///
/// # Errors
/// [`AppError::Conflict`] when there are more or fewer, [`AppError::Busy`] while another call adds some.
pub async fn open(app: &App, caller: &Caller, id: MediaId, offset: u64) -> Result<Addition, AppError> {
    let row = find(app, caller, id).await?;
    if row.status != "uploading" {
        return Err(AppError::Conflict("This upload is complete.".to_owned()));
    }
    let partial = app.media.resume(&id.to_string()).await.map_err(internal)?;
    let partial =
        partial.ok_or_else(|| AppError::Locked("Another request adds to this upload.".to_owned()))?;
    if partial.size_bytes() != offset {
        let there = partial.size_bytes();
        let message = format!("This upload has {there} bytes, so it goes on at {there} and not at {offset}.");
        return Err(AppError::Conflict(message));
    }
    let length = u64::try_from(row.size_bytes).unwrap_or(0);
    Ok(Addition { app: app.clone(), organization: caller.organization_id, row, length, partial })
}

impl Addition {
    /// The next piece.
    ///
    /// # Errors
    /// [`AppError::FileTooLarge`] when there is more than was announced.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let size = self.partial.size_bytes().saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if size > self.length {
            let length = self.length;
            return Err(AppError::FileTooLarge(format!("This upload was announced with {length} bytes.")));
        }
        self.partial.write(bytes).await.map_err(internal)
    }

    /// What came is on the disk when this returns. With the last byte the item is ready.
    ///
    /// # Errors
    /// When the complete file cannot be used: the item has failed then.
    pub async fn finish(mut self) -> Result<Progress, AppError> {
        let (app, id) = (self.app, self.row.id);
        self.partial.sync().await.map_err(internal)?;
        let offset = self.partial.size_bytes();
        if offset < self.length {
            let expires_at = app.clock.now() + UNFINISHED_FOR;
            app.store.put_off_media(self.organization, id, expires_at).await?;
            return Ok(Progress { id, offset, length: self.length, expires_at: Some(expires_at) });
        }
        let received = self.partial.finish().await.map_err(internal)?;
        let file = land(&app, self.organization, id, received).await?;
        let row = reread(&app, self.organization, id).await?;
        let view = settle(&app, self.organization, row, Some(file)).await?;
        match view.error_message {
            Some(message) => Err(AppError::validation("body", message)),
            None => Ok(Progress { id, offset, length: self.length, expires_at: None }),
        }
    }
}

/// Gives an unfinished upload up.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Conflict`] when it is complete.
pub async fn terminate(app: &App, caller: &Caller, id: MediaId) -> Result<(), AppError> {
    let row = find(app, caller, id).await?;
    if row.status == "ready" {
        let message = "This upload is complete; delete the media with DELETE /v1/media/{media_id}.";
        return Err(AppError::Conflict(message.to_owned()));
    }
    if !app.media.abandon(&id.to_string()).await.map_err(internal)? {
        return Err(AppError::Locked("Another request adds to this upload.".to_owned()));
    }
    let now = app.clock.now();
    app.store.forget_media(caller.organization_id, caller.workspace_id, id, (None, now)).await?;
    super::clean::remove_unused(app).await
}

async fn find(app: &App, caller: &Caller, id: MediaId) -> Result<MediaRow, AppError> {
    let row = app.store.get_media(caller.organization_id, caller.workspace_id, id).await?;
    row.filter(|row| row.arrives_by == "tus" && row.status != "failed").ok_or(AppError::NotFound("Upload"))
}
