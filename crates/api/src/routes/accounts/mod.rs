//! Connected accounts.

pub(crate) mod get;
pub(crate) mod health;
pub(crate) mod list;

use domain::AccountId;

use crate::error::ApiError;

/// An account id from a path. What is no integer names no account.
fn account_id(text: &str) -> Result<AccountId, ApiError> {
    text.parse().map(AccountId).map_err(|_| ApiError::not_found("Account"))
}
