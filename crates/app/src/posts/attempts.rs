//! What was tried for each destination of a post, line by line.

use domain::PostId;
use std::collections::HashMap;
use store::JournalRow;

use super::DestinationView;
use crate::{App, AppError, Caller};

/// The most lines that one answer has.
pub const LINES_MAX: u32 = 2_000;

/// A destination and its journal.
#[derive(Clone, Debug, PartialEq)]
pub struct DestinationJournal {
    /// Where it stands.
    pub destination: DestinationView,
    /// What happened, oldest first.
    pub lines: Vec<JournalRow>,
}

/// The journals of a post's destinations. A draft has none.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn attempts(app: &App, caller: &Caller, id: PostId) -> Result<Vec<DestinationJournal>, AppError> {
    let post = super::get(app, caller, id).await?;
    let mut lines: HashMap<domain::DestinationId, Vec<JournalRow>> = HashMap::new();
    for (destination, line) in app.store.list_post_journal(caller.organization_id, id, LINES_MAX).await? {
        lines.entry(destination).or_default().push(line);
    }
    let journals = post.destinations.into_iter().filter_map(|destination| {
        let lines = lines.remove(&destination.id?).unwrap_or_default();
        Some(DestinationJournal { destination, lines })
    });
    Ok(journals.collect())
}
