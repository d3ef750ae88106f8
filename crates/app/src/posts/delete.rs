//! Deleting a post.

use domain::event::EventKind;
use domain::{EventId, PostId};
use serde_json::json;
use store::{DeleteOutcome, NewEvent};

use crate::{App, AppError, Caller};

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletedPost {
    /// The post.
    pub id: PostId,
    /// Destinations that will not go out any more.
    pub cancelled: usize,
    /// Copies that are live and stay so.
    pub still_live: usize,
}

/// Removes the record and cancels what has not gone out. Live copies stay live.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn delete(app: &App, caller: &Caller, id: PostId) -> Result<DeletedPost, AppError> {
    let now = app.clock.now();
    let event = NewEvent {
        id: EventId(app.entropy.uuid(now)),
        kind: EventKind::PostDeleted,
        payload: json!({ "post_id": id }),
    };
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    match app.store.delete_post(organization, workspace, id, event, now).await? {
        DeleteOutcome::Deleted { cancelled, still_live } => Ok(DeletedPost { id, cancelled, still_live }),
        DeleteOutcome::NotFound => Err(AppError::NotFound("Post")),
    }
}
