//! `GET /accounts/{account_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::AccountPath;
use crate::wire::{AccountDetail, AccountEnvelope};

/// Get one account.
#[utoipa::path(get, path = "/accounts/{account_id}", operation_id = "get_account", tag = "accounts",
    params(("account_id" = i64, Path, description = "The account.")),
    responses((status = 200, body = AccountEnvelope), ItemErrors))]
pub(crate) async fn get_account(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    AccountPath(id): AccountPath,
) -> Result<Reply, ApiError> {
    let view = app::accounts::get(&state.app, &scoped.caller, id).await?;
    Reply::ok(&AccountDetail::from(&view))
}
