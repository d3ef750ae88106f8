//! What an organization may use: the server's plan, with what its operator changed for the organization.

use domain::OrganizationId;
use domain::plan::Plan;

use crate::{App, AppError, Caller};

/// The plan of an organization.
///
/// # Errors
/// Only internal ones.
pub async fn of(app: &App, organization: OrganizationId) -> Result<Plan, AppError> {
    Ok(app.plan.with(&app.store.get_organization_settings(organization).await?.limits))
}

/// The plan of the caller's organization.
pub fn of_caller(app: &App, caller: &Caller) -> Plan {
    app.plan.with(&caller.settings.limits)
}

/// Refuses where `more` accounts would be more than the organization may have.
///
/// # Errors
/// [`AppError::QuotaExceeded`].
pub(crate) async fn check_accounts(
    app: &App,
    organization: OrganizationId,
    more: usize,
) -> Result<(), AppError> {
    let Some(most) = of(app, organization).await?.accounts.filter(|_| more > 0) else { return Ok(()) };
    let used = app.store.count_active_accounts(organization).await?;
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    if used.saturating_add(more) > most { Err(accounts_full(most)) } else { Ok(()) }
}

pub(crate) fn accounts_full(most: i64) -> AppError {
    AppError::QuotaExceeded(format!(
        "This organization may have {most} connected accounts; disconnect one first, or ask who runs the \
         server for more."
    ))
}

pub(crate) fn day_full(most: i64) -> AppError {
    AppError::QuotaExceeded(format!(
        "This organization may make {most} posts a day (UTC), and that is reached; go on tomorrow, or ask \
         who runs the server for more."
    ))
}
