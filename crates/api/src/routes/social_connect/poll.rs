//! `GET /auth/social-connect/poll/{session_id}`

use axum::extract::State;

use crate::ApiState;
use crate::auth::{Read, Scoped};
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::openapi::ItemErrors;
use crate::routes::path::SessionPath;
use crate::wire::{SocialConnectState, SocialConnectStateEnvelope};

/// See whether the owner is done.
#[utoipa::path(get, path = "/auth/social-connect/poll/{session_id}", operation_id = "poll_social_connect",
    tag = "connecting",
    params(("session_id" = uuid::Uuid, Path, description = "The session.")),
    responses((status = 200, body = SocialConnectStateEnvelope), ItemErrors))]
pub(crate) async fn poll_social_connect(
    State(state): State<ApiState>,
    scoped: Scoped<Read>,
    SessionPath(id): SessionPath,
) -> Result<Reply, ApiError> {
    let view = app::connect::look(&state.app, &scoped.caller, id).await?;
    Reply::ok(&SocialConnectState::from(&view))
}
