//! Queueing failed destinations of many posts again.

use store::{FailedFilter, RequeuedRow};

use super::Range;
use crate::{App, AppError, Caller};

/// How many are queued again in one transaction.
const AT_ONCE: u32 = 1_000;

/// Which failed destinations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetryFailed {
    /// Of these posts.
    pub post_ids: Vec<domain::PostId>,
    /// On this account.
    pub account_id: Option<domain::AccountId>,
    /// On this platform.
    pub platform: Option<domain::PlatformName>,
    /// Failed at or after / before.
    pub failed: Range,
    /// With fewer attempts than this.
    pub max_attempts: Option<u32>,
}

impl RetryFailed {
    /// Whether it says which ones. A number of attempts alone does not.
    fn is_a_filter(&self) -> bool {
        let Self { post_ids, account_id, platform, failed, max_attempts: _ } = self;
        !post_ids.is_empty() || account_id.is_some() || platform.is_some() || *failed != Range::default()
    }
}

/// Queues every failed destination that matches again. Those whose outcome is unknown may be live, so
/// they are left alone unless their post is named. Does not publish synchronously.
///
/// # Errors
/// [`AppError::Validation`] without a filter or with an unknown platform;
/// [`AppError::InvalidAccounts`] for an account that is not the workspace's.
pub async fn retry_failed(
    app: &App,
    caller: &Caller,
    input: RetryFailed,
) -> Result<Vec<RequeuedRow>, AppError> {
    if !input.is_a_filter() {
        let message = "Say which: send post_ids, account_id, platform, failed_after or failed_before.";
        return Err(AppError::validation("body", message));
    }
    let (organization, workspace) = (caller.organization_id, caller.workspace_id);
    if let Some(platform) = &input.platform
        && app.registry.spec(platform).is_none()
    {
        return Err(AppError::validation(
            "platform",
            format!("\"{platform}\" is no platform of this server."),
        ));
    }
    if let Some(account) = input.account_id
        && app.store.find_accounts(organization, workspace, &[account]).await?.is_empty()
    {
        return Err(AppError::InvalidAccounts(vec![account]));
    }
    let now = app.clock.now();
    // What fails again meanwhile is not tried without end.
    let before = input.failed.before.map_or(now, |before| before.min(now));
    let filter = FailedFilter {
        post_ids: input.post_ids,
        account_id: input.account_id,
        platform: input.platform,
        failed: (input.failed.after, Some(before)),
        max_attempts: input.max_attempts,
    };
    let mut requeued = Vec::new();
    loop {
        let some = app.store.retry_failed(organization, workspace, filter.clone(), AT_ONCE, now).await?;
        if some.is_empty() {
            break;
        }
        (app.wake)(now);
        requeued.extend(some);
    }
    Ok(requeued)
}
