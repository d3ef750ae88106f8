//! Invitations, as those see them who invite.

use app::people::invitations;
use axum::extract::State;

use super::enter::typed;
use super::guard::Session;
use super::members::role;
use super::wire::{Deleted, Invitation, Invitations};
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::InvitationPath;

/// `GET /session/invitations`
pub(super) async fn list(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let open = invitations::list(&state.app, &session.signed_in).await?;
    let invitations = open.into_iter().map(|row| Invitation::of(row, None)).collect();
    Reply::ok(&Invitations { invitations })
}

/// `POST /session/invitations`
pub(super) async fn create(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    session.signed_in.managing()?;
    let fields = Fields::of(&body)?;
    let (email, role) = (typed(&fields, "email")?, role(&fields)?);
    let made = invitations::create(&state.app, &session.signed_in, &session.visit, &email, role).await?;
    let url = format!("{}/invitation?token={}", state.settings.base_url, made.token);
    Reply::created(&Invitation::of(made.invitation, Some(url)))
}

/// `DELETE /session/invitations/{id}`
pub(super) async fn delete(
    State(state): State<ApiState>,
    session: Session,
    InvitationPath(id): InvitationPath,
) -> Result<Reply, ApiError> {
    invitations::delete(&state.app, &session.signed_in, &session.visit, id).await?;
    Reply::ok(&Deleted::of(id.0))
}
