//! Queueing a post's failed destinations again.

use domain::{AccountId, DestinationStatus, PostId};

use super::DestinationView;
use super::list::find;
use super::view::destination_view;
use crate::{App, AppError, Caller};

/// What was queued again.
#[derive(Clone, Debug, PartialEq)]
pub struct RetriedPost {
    /// The post.
    pub id: PostId,
    /// The destinations, as they stand now.
    pub destinations: Vec<DestinationView>,
}

/// Queues the failed destinations of a post; `accounts` limits it to some. Does not publish
/// synchronously.
///
/// # Errors
/// [`AppError::NotFound`]; [`AppError::InvalidAccounts`] for accounts the post does not target.
pub async fn retry(
    app: &App,
    caller: &Caller,
    id: PostId,
    accounts: Option<Vec<AccountId>>,
) -> Result<RetriedPost, AppError> {
    let row = find(app, caller, id).await?;
    if let Some(wanted) = &accounts {
        let foreign: Vec<AccountId> =
            wanted.iter().filter(|id| !row.account_ids.contains(id)).copied().collect();
        if !foreign.is_empty() {
            return Err(AppError::InvalidAccounts(foreign));
        }
    }
    let organization = caller.organization_id;
    let now = app.clock.now();
    let failed: Vec<AccountId> = app
        .store
        .list_destinations(organization, &[id])
        .await?
        .into_iter()
        .filter(|destination| destination.status == DestinationStatus::Failed)
        .map(|destination| destination.account_id)
        .filter(|account| accounts.as_ref().is_none_or(|wanted| wanted.contains(account)))
        .collect();
    let retried = app.store.retry_destinations(organization, id, failed, now).await?;
    if !retried.is_empty() {
        (app.wake)(now);
    }
    let destinations = app.store.list_destinations(organization, &[id]).await?;
    let destinations = destinations
        .into_iter()
        .filter(|destination| retried.contains(&destination.account_id))
        .map(destination_view)
        .collect();
    Ok(RetriedPost { id, destinations })
}
