//! The members of the organization, and what they are.

use app::people::members;
use axum::extract::State;
use domain::people::Role;

use super::enter::typed;
use super::guard::Session;
use super::wire::{Member, Members, RemovedMember};
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::MemberPath;

/// The role that a body names.
pub(super) fn role(fields: &Fields<'_>) -> Result<Role, ApiError> {
    Role::parse(&typed(fields, "role")?).ok_or_else(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        ApiError::validation("role", format!("role must be one of {}.", names.join(", ")))
    })
}

/// `GET /session/members`
pub(super) async fn list(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let members = members::list(&state.app, &session.signed_in).await?;
    Reply::ok(&Members { members: members.into_iter().map(Member::from).collect() })
}

/// `PATCH /session/members/{user_id}`
pub(super) async fn set_role(
    State(state): State<ApiState>,
    session: Session,
    MemberPath(user): MemberPath,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    session.signed_in.managing()?;
    let role = role(&Fields::of(&body)?)?;
    let member = members::set_role(&state.app, &session.signed_in, &session.visit, user, role).await?;
    Reply::ok(&Member::from(member))
}

/// `DELETE /session/members/{user_id}`
pub(super) async fn remove(
    State(state): State<ApiState>,
    session: Session,
    MemberPath(user): MemberPath,
) -> Result<Reply, ApiError> {
    let revoked_keys = members::remove(&state.app, &session.signed_in, &session.visit, user).await?;
    Reply::ok(&RemovedMember { user_id: user.0, deleted: true, revoked_keys })
}
