//! Looking items up.

use domain::MediaId;

use super::{MediaView, view};
use crate::{App, AppError, Caller};

/// A page of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaPage {
    /// The items, newest first.
    pub items: Vec<MediaView>,
    /// How many there are on all pages.
    pub total: u64,
}

/// A page of the workspace's library: of one kind (`image`, `video`, `document`), or all of it.
///
/// # Errors
/// Only internal ones.
pub async fn list(
    app: &App,
    caller: &Caller,
    kind: Option<&str>,
    limit: u32,
    offset: u64,
) -> Result<MediaPage, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    let (rows, total) = app.store.list_media(organization, workspace, kind, limit, offset).await?;
    Ok(MediaPage { items: rows.into_iter().map(|row| view(app, organization, row)).collect(), total })
}

/// One item.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: MediaId) -> Result<MediaView, AppError> {
    let row = app.store.get_media(caller.organization_id, caller.workspace_id, id).await?;
    row.map(|row| view(app, caller.organization_id, row)).ok_or(AppError::NotFound("Media"))
}
