//! `GET /session`

use app::people::{SignedIn, sessions, set_up};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};

use super::cookie;
use super::wire::SessionState;
use crate::ApiState;
use crate::envelope::Reply;
use crate::error::ApiError;

/// Tells who is signed in; nobody is no error.
pub(super) async fn show(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, ApiError> {
    let token = cookie::read(&headers);
    let found = match token {
        Some(token) => sessions::find(&state.app, token).await?,
        None => None,
    };
    if let Some(signed_in) = found {
        return Ok(state_of(&state, &signed_in).await?.into_response());
    }
    let nobody = SessionState::nobody(&state, set_up::is_needed(&state.app).await?);
    let mut response = Reply::ok(&nobody)?.into_response();
    if token.is_some() {
        response.headers_mut().insert(header::SET_COOKIE, cookie::clear(&state));
    }
    Ok(response)
}

/// What is answered to somebody who is signed in.
pub(super) async fn state_of(state: &ApiState, signed_in: &SignedIn) -> Result<Reply, ApiError> {
    let memberships = sessions::organizations(&state.app, signed_in).await?;
    let has_password = sessions::has_password(&state.app, signed_in).await?;
    Reply::ok(&SessionState::of(state, signed_in, has_password, &memberships))
}

/// Hands a new session's token over, with what `GET /session` says of it.
pub(super) async fn begin(state: &ApiState, token: &str) -> Result<Response, ApiError> {
    let found = sessions::find(&state.app, token).await?;
    let signed_in = found.ok_or_else(ApiError::no_session)?;
    let mut response = state_of(state, &signed_in).await?.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie::set(state, token));
    Ok(response)
}
