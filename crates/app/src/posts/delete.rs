//! Deleting a post.

use domain::event::EventKind;
use domain::{EventId, PlatformName, PostId};
use serde_json::json;
use store::{DeleteOutcome, NewEvent};

use super::take_down::{self, TakenDown};
use crate::{App, AppError, Caller};

/// What became of a deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletedPost {
    /// The post.
    pub id: PostId,
    /// Destinations that will not go out any more.
    pub cancelled: usize,
    /// Copies that are live and stay so.
    pub still_live: usize,
    /// Copies that were to be taken down.
    pub taken_down: Vec<TakenDown>,
}

/// Takes live copies down on `platforms`, removes the record and cancels what has not gone out. Other live
/// copies stay live, and so do those that could not be taken down.
///
/// # Errors
/// [`AppError::NotFound`], and [`AppError::Validation`] for a platform where nothing can be taken down.
pub async fn delete(
    app: &App,
    caller: &Caller,
    id: PostId,
    platforms: &[PlatformName],
) -> Result<DeletedPost, AppError> {
    take_down::check(app, platforms)?;
    let taken_down = if platforms.is_empty() {
        Vec::new()
    } else {
        // Before the record goes: a call that was cut off in between can be made again.
        take_down::take_down(app, caller, id, platforms).await?
    };
    let now = app.clock.now();
    let event = NewEvent {
        id: EventId(app.entropy.uuid(now)),
        kind: EventKind::PostDeleted,
        payload: json!({ "post_id": id }),
    };
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    match app.store.delete_post(organization, workspace, id, event, now).await? {
        DeleteOutcome::Deleted { cancelled, still_live } => {
            let gone = taken_down.iter().filter(|one| one.error.is_none() && one.was_published).count();
            Ok(DeletedPost { id, cancelled, still_live: still_live.saturating_sub(gone), taken_down })
        }
        DeleteOutcome::NotFound => Err(AppError::NotFound("Post")),
    }
}
