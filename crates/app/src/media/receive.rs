//! The second step of an upload: the bytes, from whoever has the signed address.

use ::media::{LocalFile, Received, Receiving};
use domain::{MediaId, OrganizationId};
use store::{HeldFile, MediaRow};

use super::internal;
use crate::{App, AppError};

/// Bytes on their way in.
#[derive(Debug)]
pub struct Upload {
    app: App,
    organization: OrganizationId,
    media: MediaId,
    declared_bytes: u64,
    receiving: Receiving,
}

/// Begins to take the bytes of an item. An upload that was sent already may be sent again until it
/// is completed.
///
/// # Errors
/// [`AppError::UploadRefused`] when the address was not made here, [`AppError::UploadExpired`] when it
/// has ended, [`AppError::Conflict`] when the upload is complete.
pub async fn open_upload(app: &App, token: &str) -> Result<Upload, AppError> {
    let token = app.store.read_upload_token(token).ok_or(AppError::UploadRefused)?;
    if token.ends_at <= app.clock.now() {
        return Err(AppError::UploadExpired);
    }
    let rows = app.store.find_media(token.organization_id, &[token.media_id]).await?;
    let row = rows.into_iter().next().ok_or(AppError::UploadExpired)?;
    if row.status != "uploading" {
        return Err(complete_already());
    }
    Ok(Upload {
        app: app.clone(),
        organization: token.organization_id,
        media: row.id,
        declared_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        receiving: app.media.receive().await.map_err(internal)?,
    })
}

fn complete_already() -> AppError {
    AppError::Conflict("This upload is complete; begin a new one for another file.".to_owned())
}

impl Upload {
    /// Refuses a body of another size than was declared before it is read.
    ///
    /// # Errors
    /// [`AppError::FileTooLarge`] or [`AppError::Validation`].
    pub fn expect(&self, size_bytes: u64) -> Result<(), AppError> {
        check_declared(self.declared_bytes, size_bytes)
    }

    /// The next piece.
    ///
    /// # Errors
    /// [`AppError::FileTooLarge`] when there is more than was declared.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), AppError> {
        let size = self.receiving.size_bytes().saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if size > self.declared_bytes {
            return Err(too_long(self.declared_bytes));
        }
        self.receiving.write(bytes).await.map_err(internal)
    }

    /// The end: the item has its bytes, and waits to be completed.
    ///
    /// # Errors
    /// [`AppError::Validation`] when there is less than was declared.
    pub async fn finish(self) -> Result<MediaId, AppError> {
        self.expect(self.receiving.size_bytes())?;
        let received = self.receiving.finish().await.map_err(internal)?;
        land(&self.app, self.organization, self.media, received).await?;
        Ok(self.media)
    }
}

/// Refuses bytes that are more or fewer than were declared.
pub(super) fn check_declared(declared: u64, size: u64) -> Result<(), AppError> {
    match size.cmp(&declared) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(too_long(declared)),
        std::cmp::Ordering::Less => {
            let message =
                format!("The upload has {size} bytes, but {declared} were declared; send all of the file.");
            Err(AppError::validation("body", message))
        }
    }
}

fn too_long(declared: u64) -> AppError {
    AppError::FileTooLarge(format!("The upload is larger than the {declared} bytes that were declared."))
}

/// Gives an item that waits for them its bytes. They are at hand still afterwards.
pub(super) async fn land(
    app: &App,
    organization: OrganizationId,
    media: MediaId,
    received: Received,
) -> Result<LocalFile, AppError> {
    match app.store.hold_file(organization, media, &received.sha256, app.clock.now()).await? {
        HeldFile::Held => {}
        HeldFile::NotUploading => return Err(complete_already()),
        HeldFile::BeingRemoved => {
            let message = "The same file is being removed at this moment; send it again.";
            return Err(AppError::Busy(message.to_owned()));
        }
    }
    app.media.place_and_keep(received).await.map_err(internal)
}

/// The row as it is now.
pub(super) async fn reread(
    app: &App,
    organization: OrganizationId,
    media: MediaId,
) -> Result<MediaRow, AppError> {
    let rows = app.store.find_media(organization, &[media]).await?;
    rows.into_iter().next().ok_or(AppError::NotFound("Media"))
}
