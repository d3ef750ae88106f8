//! API keys, as people who are signed in make and revoke them.

use domain::api_key::{self, Scope};
use domain::audit::AuditAction;
use domain::{ApiKeyId, Timestamp};
use store::{KeyRow, NewKey};

use super::{SignedIn, Visit, checked_name};
use crate::setup::{CreatedKey, check_room};
use crate::{App, AppError};

/// The keys of the organization that somebody looks at, oldest first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<KeyRow>, AppError> {
    Ok(app.store.list_keys(signed_in.managing()?.organization_id).await?)
}

/// Makes a key, whose owner is the person.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Validation`], [`AppError::Conflict`] when there are ten already.
pub async fn create(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    name: &str,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
) -> Result<(CreatedKey, NewKey), AppError> {
    let here = signed_in.managing()?;
    let name = checked_name("name", name)?;
    let now = app.clock.now();
    if scopes.is_empty() {
        return Err(AppError::validation("scopes", "scopes must name at least one scope."));
    }
    if expires_at.is_some_and(|end| end <= now) {
        return Err(AppError::validation("expires_at", "expires_at must be in the future."));
    }
    check_room(app, here.organization_id).await?;
    let mut random = [0; 16];
    app.entropy.fill(&mut random);
    let secret = api_key::format(random);
    let new = NewKey {
        id: ApiKeyId(app.entropy.uuid(now)),
        workspace_id: here.workspace_id,
        user_id: signed_in.user_id,
        name,
        scopes,
        created_at: now,
        expires_at,
    };
    let subject = format!("{} ({})", new.name, api_key::shown_prefix(&secret));
    let line = signed_in.actor(visit).did(app, here.organization_id, AuditAction::KeyCreate, subject);
    app.store.create_key_by(here.organization_id, new.clone(), &secret, vec![line]).await?;
    Ok((CreatedKey { id: new.id, secret }, new))
}

/// Revokes a key.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn revoke(app: &App, signed_in: &SignedIn, visit: &Visit, id: ApiKeyId) -> Result<(), AppError> {
    let organization = signed_in.managing()?.organization_id;
    let keys = app.store.list_keys(organization).await?;
    let missing = || AppError::NotFound("API key");
    let key = keys.into_iter().find(|key| key.id == id && key.revoked_at.is_none()).ok_or_else(missing)?;
    let subject = format!("{} ({})", key.name, key.key_prefix);
    let line = signed_in.actor(visit).did(app, organization, AuditAction::KeyRevoke, subject);
    if app.store.revoke_key_by(organization, id, app.clock.now(), vec![line]).await? {
        return Ok(());
    }
    Err(missing())
}
