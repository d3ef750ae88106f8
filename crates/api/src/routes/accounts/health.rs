//! `GET /accounts/{account_id}/health`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::AccountPath;
use crate::wire::{AccountHealthEnvelope, AccountHealthReport};

/// Get an account's health with its reasons, token and recent activity.
#[utoipa::path(get, path = "/accounts/{account_id}/health", operation_id = "get_account_health", tag = "accounts",
    params(("account_id" = i64, Path, description = "The account.")),
    responses((status = 200, body = AccountHealthEnvelope), ItemErrors))]
pub(crate) async fn get_account_health(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    AccountPath(id): AccountPath,
) -> Result<Reply, ApiError> {
    let view = app::accounts::health(&state.app, &scoped.caller, id).await?;
    Reply::ok(&AccountHealthReport::from(&view))
}
