//! `POST /accounts/{account_id}/reconnect`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Scoped, Write};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ActionErrors;
use crate::routes::path::AccountPath;
use crate::wire::{ConnectLink, ConnectLinkEnvelope};

/// Make a link that renews an account's access in place.
///
/// The owner has to sign in as the same profile. Accounts that are connected by credentials are
/// renewed by sending these again.
#[utoipa::path(post, path = "/accounts/{account_id}/reconnect", operation_id = "create_reconnect_link",
    tag = "accounts",
    params(("account_id" = i64, Path, description = "The account.")),
    responses((status = 201, body = ConnectLinkEnvelope), ActionErrors))]
pub(crate) async fn create_reconnect_link(
    State(state): State<ApiState>,
    scoped: Scoped<Write>,
    AccountPath(id): AccountPath,
) -> Result<Reply, ApiError> {
    let base_url = &state.settings.base_url;
    let link = app::connect::reconnect_link(&state.app, &scoped.caller, base_url, id).await?;
    Reply::created(&ConnectLink::from(&link))
}
