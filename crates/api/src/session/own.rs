//! What people do with their own sessions, name, address and password.

use app::people::{email, sessions};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::OrganizationId;
use serde::Serialize;
use uuid::Uuid;

use super::cookie;
use super::enter::{maybe_typed, typed};
use super::guard::Session;
use super::show::state_of;
use super::wire::{Deleted, Sessions, ShownSession};
use crate::ApiState;
use crate::auth::session_of;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::OwnSessionPath;

/// How many sessions ended.
#[derive(Serialize)]
struct Ended {
    ended: u64,
}

/// That the password is another one.
#[derive(Serialize)]
struct Changed {
    changed: bool,
}

/// `POST /session/sign-out`
pub(super) async fn sign_out(State(state): State<ApiState>, session: Session) -> Result<Response, ApiError> {
    sessions::sign_out(&state.app, &session.signed_in, &session.visit).await?;
    left(&state, 1)
}

/// `POST /session/sign-out-everywhere`
pub(super) async fn sign_out_everywhere(
    State(state): State<ApiState>,
    session: Session,
) -> Result<Response, ApiError> {
    let ended = sessions::sign_out_everywhere(&state.app, &session.signed_in, &session.visit).await?;
    left(&state, ended)
}

fn left(state: &ApiState, ended: u64) -> Result<Response, ApiError> {
    let mut response = Reply::ok(&Ended { ended })?.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::clear(state));
    Ok(response)
}

/// `POST /session/organization`
pub(super) async fn open_organization(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let id = typed(&Fields::of(&body)?, "organization_id")?;
    let id = Uuid::parse_str(&id)
        .map_err(|_| ApiError::validation("organization_id", "organization_id must be a UUID."))?;
    let (person, visit) = (&session.signed_in, &session.visit);
    sessions::open_organization(&state.app, person, visit, OrganizationId(id)).await?;
    state_of(&state, &session_of(&state, &session.token).await?).await
}

/// `GET /session/sessions`
pub(super) async fn list_sessions(
    State(state): State<ApiState>,
    session: Session,
) -> Result<Reply, ApiError> {
    let own = sessions::list(&state.app, &session.signed_in).await?;
    let current = session.signed_in.session_id;
    Reply::ok(&Sessions { sessions: own.into_iter().map(|row| ShownSession::of(row, current)).collect() })
}

/// `DELETE /session/sessions/{id}`
pub(super) async fn end_session(
    State(state): State<ApiState>,
    session: Session,
    OwnSessionPath(id): OwnSessionPath,
) -> Result<Reply, ApiError> {
    sessions::end(&state.app, &session.signed_in, &session.visit, id).await?;
    Reply::ok(&Deleted::of(id.0))
}

/// `PATCH /session/user`
pub(super) async fn rename(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let name = typed(&Fields::of(&body)?, "name")?;
    sessions::rename(&state.app, &session.signed_in, &session.visit, &name).await?;
    state_of(&state, &session_of(&state, &session.token).await?).await
}

/// `POST /session/email`
pub(super) async fn change_email(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let new = typed(&fields, "email")?;
    let password = maybe_typed(&fields, "password")?;
    email::change(&state.app, &session.signed_in, &session.visit, &new, password.as_deref()).await?;
    state_of(&state, &session_of(&state, &session.token).await?).await
}

/// `POST /session/password`
pub(super) async fn change_password(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    let fields = Fields::of(&body)?;
    let (current, new) = (maybe_typed(&fields, "current")?, typed(&fields, "new")?);
    sessions::change_password(&state.app, &session.signed_in, &session.visit, current.as_deref(), &new)
        .await?;
    Reply::ok(&Changed { changed: true })
}
