//! `GET /accounts/{account_id}/limits`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::AccountPath;
use crate::wire::{AccountLimitsEnvelope, AccountLimitsReport};

/// Get what an account may publish by its platform's limits, and how much of it is used.
#[utoipa::path(get, path = "/accounts/{account_id}/limits", operation_id = "get_account_limits", tag = "accounts",
    params(("account_id" = i64, Path, description = "The account.")),
    responses((status = 200, body = AccountLimitsEnvelope), ItemErrors))]
pub(crate) async fn get_account_limits(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    AccountPath(id): AccountPath,
) -> Result<Reply, ApiError> {
    let limits = app::account_limits::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&AccountLimitsReport::from(limits))
}
