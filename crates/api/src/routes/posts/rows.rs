//! What rows of tables and files have in common on their way to posts.

use app::AppError;
use app::import::{Entry, Known, Ready};
use app::posts::NewPost;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::error::ApiError;
use crate::wire::RowError;

/// The post that an entry means, or why it is none. What is only skipped is none of this.
pub(super) async fn ready(
    state: &ApiState,
    scoped: &Scoped<Write>,
    known: &mut Known,
    entry: &Entry,
) -> Result<Ready, ApiError> {
    match entry {
        Entry::Post(row) => Ok(known.ready(&state.app, &scoped.caller, row).await?),
        Entry::Refused { field, message, .. } => Err(ApiError::validation(field, message)),
        Entry::Skipped { why, .. } => Err(ApiError::validation("status", why)),
    }
}

/// What creating a post would be refused for, and what it would be told. `unfetched` leaves out what
/// depends on media that are not here yet.
pub(super) async fn look(
    state: &ApiState,
    scoped: &Scoped<Write>,
    new: &NewPost,
    unfetched: bool,
) -> Result<(Vec<RowError>, Vec<String>), ApiError> {
    let carries = !new.content.trim().is_empty();
    if new.draft || (unfetched && !carries) {
        // A draft is not held to what platforms take.
        return match app::posts::plan(&state.app, &scoped.caller, draft(new)).await {
            Ok(_) => Ok((Vec::new(), Vec::new())),
            Err(error) => own(error).map(|error| (vec![error], Vec::new())),
        };
    }
    match app::posts::validate(&state.app, &scoped.caller, new).await {
        Ok(found) => {
            let errors = found.destinations.iter().flat_map(|destination| &destination.errors);
            let errors = errors.filter(|error| !(unfetched && error.field == "media_ids"));
            let warnings = found.destinations.iter().flat_map(|destination| destination.warnings.clone());
            Ok((errors.map(RowError::from).collect(), warnings.collect()))
        }
        Err(error) => own(error).map(|error| (vec![error], Vec::new())),
    }
}

fn draft(new: &NewPost) -> NewPost {
    NewPost { draft: true, ..new.clone() }
}

/// A refusal as a row's; a fault of this server is not the row's.
pub(super) fn own(error: AppError) -> Result<RowError, ApiError> {
    let error = ApiError::from(error);
    if error.status.is_server_error() { Err(error) } else { Ok(RowError::from(&error)) }
}
