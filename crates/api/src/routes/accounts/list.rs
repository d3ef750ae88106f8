//! `GET /accounts`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ReadErrors;
use crate::wire::{Account, AccountList, AccountListEnvelope};

/// List the connected accounts.
///
/// All accounts of the key's workspace with their health, in the order in which they were
/// connected. An account that cannot post stays in the list; a post to it is accepted, and its
/// destination fails at once.
#[utoipa::path(get, path = "/accounts", operation_id = "list_accounts", tag = "accounts",
    responses((status = 200, body = AccountListEnvelope), ReadErrors))]
pub(crate) async fn list_accounts(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
) -> Result<Reply, ApiError> {
    let views = app::accounts::list(&state.app, &scoped.caller).await?;
    Reply::ok(&AccountList {
        accounts: views.iter().map(Account::from).collect(),
        account_ids: views.iter().map(|view| view.id.0).collect(),
        total: views.len(),
    })
}
