//! Looking items up.

use domain::{MediaId, Timestamp};

use super::{MediaView, view};
use crate::{App, AppError, Caller};

/// A page of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaPage {
    /// The items, newest first.
    pub items: Vec<MediaView>,
    /// How many there are on all pages.
    pub total: u64,
    /// When the last of them was put in, and which it is, where more come after it.
    pub next: Option<(Timestamp, MediaId)>,
}

/// A page of the workspace's library: of one kind (`image`, `video`, `document`), or all of it; so many
/// items, after passing over so many, of those that come after one.
///
/// # Errors
/// Only internal ones.
pub async fn list(
    app: &App,
    caller: &Caller,
    kind: Option<&str>,
    (limit, offset, after): (u32, u64, Option<(Timestamp, MediaId)>),
) -> Result<MediaPage, AppError> {
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    // One more tells whether more come after the page.
    let page = (limit.saturating_add(1), offset, after);
    let (mut rows, total) = app.store.list_media(organization, workspace, kind, page).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| (row.created_at, row.id));
    let items = rows.into_iter().map(|row| view(app, organization, row)).collect();
    Ok(MediaPage { items, total, next })
}

/// One item.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: MediaId) -> Result<MediaView, AppError> {
    let row = app.store.get_media(caller.organization_id, caller.workspace_id, id).await?;
    row.map(|row| view(app, caller.organization_id, row)).ok_or(AppError::NotFound("Media"))
}
