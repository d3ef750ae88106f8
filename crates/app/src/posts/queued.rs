//! Posts that take the next free slot of the posting queue.

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

pub(super) fn no_queue() -> AppError {
    AppError::validation("use_queue", "This workspace has no posting queue set up; set its slots first.")
}

pub(super) fn full() -> AppError {
    AppError::validation("use_queue", "Every slot of the posting queue is taken for a year ahead; add slots.")
}
