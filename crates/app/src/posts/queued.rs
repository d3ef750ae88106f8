//! Posts that take the next free slot of the posting queue.

use domain::Timestamp;
use store::{NewEvent, NewPostRow, Queued};

use super::NewPost;
use crate::{App, AppError, Caller};

/// Refuses a post that asks for a slot and cannot have one.
pub(super) async fn check(app: &App, caller: &Caller, new: &NewPost) -> Result<(), AppError> {
    if !new.use_queue {
        return Ok(());
    }
    if new.draft {
        return Err(AppError::validation("use_queue", "Send use_queue or draft, not both."));
    }
    match app.store.find_queue(caller.organization_id, caller.workspace_id).await? {
        Some(_) => Ok(()),
        None => Err(no_queue()),
    }
}

/// Writes a post for the next free slot and gives it as it was written. `event` tells of it.
pub(super) async fn write(
    app: &App,
    caller: &Caller,
    row: NewPostRow,
    event: impl Fn(&NewPostRow) -> NewEvent + Send + Sync + 'static,
) -> Result<NewPostRow, AppError> {
    let base = row.clone();
    let make = move |at| {
        let row = due_at(base.clone(), at);
        let event = event(&row);
        (row, Some(event))
    };
    let (organization, workspace, now) = (caller.organization_id, caller.workspace_id, row.now);
    match app.store.create_queued_post(organization, workspace, now, make).await? {
        Queued::At(at) => Ok(due_at(row, at)),
        Queued::NoQueue => Err(no_queue()),
        Queued::Full => {
            let message = "Every slot of the posting queue is taken for a year ahead; add slots.";
            Err(AppError::validation("use_queue", message))
        }
    }
}

fn due_at(mut row: NewPostRow, at: Timestamp) -> NewPostRow {
    row.scheduled_for = Some(at);
    for destination in &mut row.destinations {
        destination.scheduled_for = at;
    }
    row
}

fn no_queue() -> AppError {
    AppError::validation("use_queue", "This workspace has no posting queue set up; set its slots first.")
}
