//! The ways in: setting the installation up, a password, a link, an invitation. Each begins a new session
//! with a new token, whatever the browser carried before.

use app::people::set_up::FirstPerson;
use app::people::{invitations, set_up, sign_in};
use axum::extract::State;
use axum::response::Response;

use super::guard::Newcomer;
use super::show::begin;
use crate::ApiState;
use crate::body::JsonBody;
use crate::error::ApiError;
use crate::fields::Fields;

/// More than any of these fields needs.
const LONGEST: usize = 1_000;

/// A field that has to be there, as it was typed.
pub(super) fn typed(fields: &Fields<'_>, name: &str) -> Result<String, ApiError> {
    let text = fields.text(name)?.filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| ApiError::validation(name, format!("{name} is missing.")))?;
    if text.len() > LONGEST {
        return Err(ApiError::validation(name, format!("{name} must have {LONGEST} bytes at most.")));
    }
    Ok(text)
}

/// As [`typed`], of a field that not everybody has to fill in.
pub(super) fn maybe_typed(fields: &Fields<'_>, name: &str) -> Result<Option<String>, ApiError> {
    fields.value(name).map(|_| typed(fields, name)).transpose()
}

/// `POST /session/setup`
pub(super) async fn set_up(
    State(state): State<ApiState>,
    newcomer: Newcomer,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let fields = Fields::of(&body)?;
    let person = FirstPerson {
        setup_token: typed(&fields, "setup_token")?,
        email: typed(&fields, "email")?,
        password: typed(&fields, "password")?,
        name: typed(&fields, "name")?,
        organization_name: fields.text("organization_name")?.unwrap_or_default(),
    };
    let Newcomer { visit, replaced } = newcomer;
    let token = set_up::set_up(&state.app, &person, &visit, replaced.as_deref()).await?;
    begin(&state, &token).await
}

/// `POST /session/sign-in`
pub(super) async fn sign_in(
    State(state): State<ApiState>,
    newcomer: Newcomer,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let fields = Fields::of(&body)?;
    let (email, password) = (typed(&fields, "email")?, typed(&fields, "password")?);
    let Newcomer { visit, replaced } = newcomer;
    let token = sign_in::with_password(&state.app, &email, &password, &visit, replaced.as_deref()).await?;
    begin(&state, &token).await
}

/// `POST /session/sign-in-link`
pub(super) async fn sign_in_link(
    State(state): State<ApiState>,
    newcomer: Newcomer,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let link = typed(&Fields::of(&body)?, "token")?;
    let Newcomer { visit, replaced } = newcomer;
    let token = sign_in::with_link(&state.app, &link, &visit, replaced.as_deref()).await?;
    begin(&state, &token).await
}

/// `POST /session/invitations/accept`
pub(super) async fn accept_invitation(
    State(state): State<ApiState>,
    newcomer: Newcomer,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let fields = Fields::of(&body)?;
    let (invitation, password) = (typed(&fields, "token")?, typed(&fields, "password")?);
    let name = fields.text("name")?.unwrap_or_default();
    let Newcomer { visit, replaced } = newcomer;
    let replaced = replaced.as_deref();
    let token = invitations::accept(&state.app, &invitation, &name, &password, &visit, replaced).await?;
    begin(&state, &token).await
}
