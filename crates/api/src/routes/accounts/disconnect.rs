//! `DELETE /accounts/{account_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::AccountPath;
use crate::wire::{Account, DisconnectedAccount, DisconnectedAccountEnvelope};

/// Disconnect an account.
///
/// It stays in the list, switched off, and its tokens are forgotten. Posts that wait for it fail at
/// their time with that reason, unless it is connected again before.
#[utoipa::path(delete, path = "/accounts/{account_id}", operation_id = "disconnect_account", tag = "accounts",
    params(("account_id" = i64, Path, description = "The account.")),
    responses((status = 200, body = DisconnectedAccountEnvelope), ItemErrors))]
pub(crate) async fn disconnect_account(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    AccountPath(id): AccountPath,
) -> Result<Reply, ApiError> {
    let view = app::connect::disconnect(&state.app, &scoped.caller, id).await?;
    Reply::ok(&DisconnectedAccount {
        account: Account::from(&view),
        disconnected: true,
        message: format!("{} is disconnected; connect it again to use it.", view.account_name),
    })
}
