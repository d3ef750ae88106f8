//! How much of what its platform allows an account has used.

use domain::caps::{Cap, Published};
use domain::{AccountId, PlatformName, Timestamp};
use store::AccountRest;

use crate::{App, AppError, Caller};

/// A cap of the platform, and what is used of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapUse {
    /// The cap.
    pub cap: Cap,
    /// What was published in its window.
    pub used: u32,
    /// When one more may go out, where none may now.
    pub opens_at: Option<Timestamp>,
}

/// Where an account stands with its platform's limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLimits {
    /// The account.
    pub account_id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// What the platform allows. Empty where nothing is known.
    pub caps: Vec<CapUse>,
    /// Until when nothing goes out to it, and why.
    pub rest: Option<AccountRest>,
}

/// Where an account stands.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: AccountId) -> Result<AccountLimits, AppError> {
    let account = crate::accounts::get(app, caller, id).await?;
    let now = app.clock.now();
    let spec = app.registry.spec(&account.platform);
    let caps: &[Cap] = spec.map_or(&[], |spec| spec.limits.caps);
    let has_threads = spec.is_some_and(|spec| spec.rules.threads);
    let published = published(app, caller, id, caps, has_threads, now).await?;
    let caps = caps.iter().map(|cap| {
        let since = cap.window.since(now);
        let counted = published.iter().filter(|one| one.at > since);
        let used = counted.fold(0u32, |sum, one| sum.saturating_add(cap.counts.weigh(one.parts)));
        CapUse { cap: *cap, used: used.min(cap.count), opens_at: cap.opens_at(now, &published, 1) }
    });
    Ok(AccountLimits {
        account_id: id,
        platform: account.platform,
        caps: caps.collect(),
        rest: app.store.account_rests_until(caller.organization_id, id, now).await?,
    })
}

/// What went out in the longest window, as the publish loop counts it: a thread is one post where the platform
/// has none.
async fn published(
    app: &App,
    caller: &Caller,
    id: AccountId,
    caps: &[Cap],
    has_threads: bool,
    now: Timestamp,
) -> Result<Vec<Published>, AppError> {
    let Some(since) = caps.iter().map(|cap| cap.window.since(now)).min() else { return Ok(Vec::new()) };
    let most = caps.iter().map(|cap| cap.count).max().unwrap_or(0);
    let mut published = app.store.list_published(caller.organization_id, id, since, most).await?;
    if !has_threads {
        for one in &mut published {
            one.parts = 1;
        }
    }
    Ok(published)
}
