//! API keys, as the dashboard shows, makes and revokes them.

use app::people::keys;
use axum::extract::State;
use domain::api_key::{Scope, shown_prefix};

use super::enter::typed;
use super::guard::Session;
use super::wire::{ApiKey, ApiKeys, Deleted};
use crate::ApiState;
use crate::body::JsonBody;
use crate::envelope::Reply;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::routes::path::KeyPath;
use crate::wire::shown;

/// `GET /session/api-keys`
pub(super) async fn list(State(state): State<ApiState>, session: Session) -> Result<Reply, ApiError> {
    let keys = keys::list(&state.app, &session.signed_in).await?;
    Reply::ok(&ApiKeys { api_keys: keys.into_iter().map(ApiKey::from).collect() })
}

/// `POST /session/api-keys`
pub(super) async fn create(
    State(state): State<ApiState>,
    session: Session,
    JsonBody(body): JsonBody,
) -> Result<Reply, ApiError> {
    session.signed_in.managing()?;
    let fields = Fields::of(&body)?;
    let name = typed(&fields, "name")?;
    let (scopes, expires_at) = (scopes(&fields)?, fields.time("expires_at")?);
    let (person, visit) = (&session.signed_in, &session.visit);
    let (made, new) = keys::create(&state.app, person, visit, &name, scopes, expires_at).await?;
    Reply::created(&ApiKey {
        id: made.id.0,
        key_prefix: shown_prefix(&made.secret).to_owned(),
        name: new.name,
        scopes: new.scopes.iter().map(|scope| scope.as_str()).collect(),
        user_id: new.user_id.0,
        created_at: new.created_at.to_iso_millis(),
        last_used_at: None,
        expires_at: shown(new.expires_at),
        revoked_at: None,
        key: Some(made.secret),
    })
}

/// The scopes that a body names; the usual ones when it names none.
fn scopes(fields: &Fields<'_>) -> Result<Vec<Scope>, ApiError> {
    let Some(names) = fields.texts("scopes")? else { return Ok(Scope::USUAL.to_vec()) };
    let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let mut scopes = Vec::new();
    for name in names {
        let scope = Scope::parse(&name).ok_or_else(|| {
            ApiError::validation("scopes", format!("scopes may name {}.", known.join(", ")))
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// `DELETE /session/api-keys/{id}`
pub(super) async fn revoke(
    State(state): State<ApiState>,
    session: Session,
    KeyPath(id): KeyPath,
) -> Result<Reply, ApiError> {
    keys::revoke(&state.app, &session.signed_in, &session.visit, id).await?;
    Reply::ok(&Deleted::of(id.0))
}
