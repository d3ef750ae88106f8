//! Taking an item out.

use domain::MediaId;
use domain::event::EventKind;
use store::{DeleteMedia, DeletedMedia};

use super::clean::{abandon, remove_unused};
use super::event;
use crate::{App, AppError, Caller};

/// Deletes an item and its file; with `force` also when posts that have not gone out yet carry it.
/// They fail then, and say why.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::MediaInUse`] with the posts.
pub async fn delete(app: &App, caller: &Caller, id: MediaId, force: bool) -> Result<(), AppError> {
    let organization = caller.organization_id;
    let row = app.store.get_media(organization, caller.workspace_id, id).await?;
    let row = row.ok_or(AppError::NotFound("Media"))?;
    let event = event(app, EventKind::MediaDeleted, id, super::kind_name(&row.kind), &row.filename);
    let now = app.clock.now();
    let delete = DeleteMedia { media: id, workspace: caller.workspace_id, force, now };
    match app.store.delete_media(organization, delete, event).await? {
        DeletedMedia::Deleted => {}
        DeletedMedia::NotFound => return Err(AppError::NotFound("Media")),
        DeletedMedia::InUse(posts) => return Err(AppError::MediaInUse(posts)),
    }
    // The item is gone whatever comes of this; what is left behind is removed later.
    let cleaned = async {
        abandon(app, id).await?;
        remove_unused(app).await
    };
    if let Err(error) = cleaned.await {
        tracing::warn!(error = %error, "the file of a deleted item is removed later");
    }
    Ok(())
}
