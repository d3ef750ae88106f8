//! Connected accounts and their health.

use domain::account::HealthReason;
pub(crate) use domain::account::shown_name;
use domain::{AccountHealth, AccountId, PlatformName, Span, Timestamp};
use store::AccountRow;

use crate::{App, AppError, Caller};

/// How far back failures count.
const FAILURES_COUNT_FOR: Span = Span::from_days(7);

/// A connected account as a caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// Its platform.
    pub platform: PlatformName,
    /// Display name or `@handle`.
    pub account_name: String,
    /// The platform's own id.
    pub platform_user_id: String,
    /// The handle without `@`.
    pub username: Option<String>,
    /// The name on the platform.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// Whether it is switched on.
    pub is_active: bool,
    /// When it was connected.
    pub created_at: Timestamp,
    /// Its health now.
    pub health: AccountHealth,
    /// What is wrong, in a sentence; `None` when nothing is.
    pub health_message: Option<String>,
}

/// An account's health in full.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountHealthView {
    /// The account.
    pub account: AccountView,
    /// Since when the platform refuses the token.
    pub needs_reconnection_since: Option<Timestamp>,
    /// When access ends for good.
    pub token_expires_at: Option<Timestamp>,
    /// When the token was last renewed.
    pub token_last_refresh: Option<Timestamp>,
    /// When the account last published.
    pub last_published_at: Option<Timestamp>,
    /// Destinations that failed in the last seven days.
    pub failures_last_7d: i64,
    /// Those of them that failed for good reason.
    pub permanent_failures_last_7d: i64,
    /// Destinations that wait.
    pub queued_count: i64,
}

/// Every account of the caller's workspace, in the order in which they were connected.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<AccountView>, AppError> {
    let now = app.clock.now();
    let rows = app
        .store
        .list_accounts(caller.organization_id, caller.workspace_id, now - FAILURES_COUNT_FOR)
        .await?;
    Ok(rows.into_iter().map(|row| view(row, now)).collect())
}

/// One account.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: AccountId) -> Result<AccountView, AppError> {
    let now = app.clock.now();
    Ok(view(find(app, caller, id, now).await?, now))
}

/// One account's health.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn health(app: &App, caller: &Caller, id: AccountId) -> Result<AccountHealthView, AppError> {
    let now = app.clock.now();
    let row = find(app, caller, id, now).await?;
    let numbers = app.store.get_account_numbers(caller.organization_id, id, now - FAILURES_COUNT_FOR).await?;
    Ok(AccountHealthView {
        needs_reconnection_since: row.needs_reconnection_since,
        token_expires_at: row.access_ends_at,
        token_last_refresh: row.last_refresh_at,
        last_published_at: numbers.last_published_at,
        failures_last_7d: numbers.failures,
        permanent_failures_last_7d: row.permanent_failures_last_7d,
        queued_count: numbers.queued,
        account: view(row, now),
    })
}

async fn find(app: &App, caller: &Caller, id: AccountId, now: Timestamp) -> Result<AccountRow, AppError> {
    app.store
        .find_account(caller.organization_id, id, now - FAILURES_COUNT_FOR)
        .await?
        .filter(|row| row.workspace_id == caller.workspace_id)
        .ok_or(AppError::NotFound("Account"))
}

fn view(row: AccountRow, now: Timestamp) -> AccountView {
    let health = AccountHealth::judge(&row.health_facts(), now);
    AccountView {
        id: row.id,
        account_name: shown_name(row.username.as_deref(), &row.display_name),
        health_message: health.reasons.first().map(|reason| explain(*reason, &row)),
        health,
        platform: row.platform,
        platform_user_id: row.platform_user_id,
        username: row.username,
        display_name: row.display_name,
        avatar_url: row.avatar_url,
        is_active: row.is_active,
        created_at: row.created_at,
    }
}

fn explain(reason: HealthReason, row: &AccountRow) -> String {
    match reason {
        HealthReason::AccountInactive => {
            "The account is switched off; connect it again to use it.".to_owned()
        }
        HealthReason::NeedsReconnection => match &row.needs_reconnection_reason {
            Some(said) => format!("{said} Connect the account again."),
            None => "The platform refuses the stored access; connect the account again.".to_owned(),
        },
        HealthReason::TokenExpired => "The account's access has expired; connect it again.".to_owned(),
        HealthReason::TokenExpiringSoon => {
            "The account's access ends within seven days; connect it again before that.".to_owned()
        }
        HealthReason::RecentPermanentFailures => {
            "Several posts failed for good in the last seven days; look at their errors.".to_owned()
        }
    }
}
