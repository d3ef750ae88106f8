//! Passkeys: people's own ones, and signing in with one.

use app::people::passkeys;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::enter::typed;
use super::guard::{Asker, Newcomer, Session};
use super::identities::ways_open;
use super::show::begin;
use super::wire::{Asked, Deleted, Passkey, Passkeys};
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::PasskeyPath;

/// What a browser's function gave, as JSON.
fn credential(fields: &Fields<'_>) -> Result<Value, ApiError> {
    let credential = fields.value("credential").cloned();
    credential.ok_or_else(|| ApiError::validation("credential", "credential is missing."))
}

/// `GET /session/passkeys`
pub(super) async fn list(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let own = passkeys::list(&state.app, &session.signed_in).await?;
    Reply::ok(&Passkeys { passkeys: own.into_iter().map(Passkey::from).collect() })
}

/// `POST /session/passkeys/challenge`
pub(super) async fn begin_adding(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let site = state.passkeys.as_deref();
    Reply::ok(&Asked::from(passkeys::begin_adding(&state.app, site, &session.signed_in).await?))
}

/// `POST /session/passkeys`
pub(super) async fn add(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let (token, name) = (typed(&fields, "token")?, typed(&fields, "name")?);
    let credential = credential(&fields)?;
    let (site, person, visit) = (state.passkeys.as_deref(), &session.signed_in, &session.visit);
    let added = passkeys::add(&state.app, site, person, visit, &token, &name, credential).await?;
    Reply::created(&Passkey::from(added))
}

/// `PATCH /session/passkeys/{id}`
pub(super) async fn rename(
    State(state): State<ApiState>,
    session: Session,
    PasskeyPath(id): PasskeyPath,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let name = typed(&Fields::of(&body)?, "name")?;
    let (person, visit) = (&session.signed_in, &session.visit);
    Reply::ok(&Passkey::from(passkeys::rename(&state.app, person, visit, id, &name).await?))
}

/// `DELETE /session/passkeys/{id}`
pub(super) async fn delete(
    State(state): State<ApiState>,
    session: Session,
    PasskeyPath(id): PasskeyPath,
) -> Result<Reply, ApiError> {
    passkeys::delete(&state.app, ways_open(&state), &session.signed_in, &session.visit, id).await?;
    Reply::ok(&Deleted::of(id.0))
}

/// `POST /session/passkeys/sign-in/challenge`
pub(super) async fn begin_sign_in(State(state): State<ApiState>, _: Asker) -> Result<Reply, ApiError> {
    Reply::ok(&Asked::from(passkeys::begin_sign_in(&state.app, state.passkeys.as_deref()).await?))
}

/// `POST /session/passkeys/sign-in`
pub(super) async fn sign_in(
    State(state): State<ApiState>,
    newcomer: Newcomer,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let fields = Fields::of(&body)?;
    let (token, credential) = (typed(&fields, "token")?, credential(&fields)?);
    let Newcomer { visit, replaced } = newcomer;
    let (site, replaced) = (state.passkeys.as_deref(), replaced.as_deref());
    let token = passkeys::sign_in(&state.app, site, &token, credential, &visit, replaced).await?;
    begin(&state, &token).await
}
