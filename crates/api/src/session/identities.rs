//! The logins of other systems that lead to a person: their own ones, and taking one back.

use app::WaysOpen;
use app::people::identities;
use axum::extract::State;

use super::guard::Session;
use super::wire::{Deleted, Identities, Identity};
use crate::ApiState;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::routes::path::IdentityPath;

/// Which ways in work on this server, besides passwords.
pub(super) fn ways_open(state: &ApiState) -> WaysOpen {
    WaysOpen {
        passkeys: state.passkeys.is_some(),
        issuer: state.provider.as_ref().map(|provider| provider.issuer().to_owned()),
    }
}

/// `GET /session/identities`
pub(super) async fn list(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let own = identities::list(&state.app, state.provider.as_deref(), &session.signed_in).await?;
    Reply::ok(&Identities { identities: own.into_iter().map(Identity::from).collect() })
}

/// `DELETE /session/identities/{id}`
pub(super) async fn unlink(
    State(state): State<ApiState>,
    session: Session,
    IdentityPath(id): IdentityPath,
) -> Result<Reply, ApiError> {
    let (provider, person, visit) = (state.provider.as_deref(), &session.signed_in, &session.visit);
    identities::unlink(&state.app, ways_open(&state), provider, person, visit, id).await?;
    Reply::ok(&Deleted::of(id.0))
}
