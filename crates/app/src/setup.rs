//! Making organizations, users, keys and accounts: what an operator does from the command line.

use connector::{Credentials, Identity};
use domain::api_key::{self, Scope};
use domain::{AccountId, ApiKeyId, OrganizationId, PlatformName, Timestamp, WorkspaceId};
use store::{AccountSource, KeyRow, NewKey, NewOrganization, OrganizationRow};

use crate::{App, AppError};

/// The most keys that an organization may have at a time.
pub const KEYS_PER_ORGANIZATION: usize = 10;
/// What the workspace is called that comes with an organization.
pub(crate) const FIRST_WORKSPACE: &str = "Main";

/// A key that was just made. The secret is shown once.
#[derive(Clone)]
pub struct CreatedKey {
    /// Its id.
    pub id: ApiKeyId,
    /// The secret.
    pub secret: String,
}

/// Makes an organization with a workspace called `Main` and its owner.
///
/// # Errors
/// [`AppError::Validation`] for an empty name or an address without `@`.
pub async fn create_organization(
    app: &App,
    name: &str,
    owner_email: &str,
    owner_name: &str,
) -> Result<OrganizationRow, AppError> {
    if name.trim().is_empty() {
        return Err(AppError::validation("name", "The organization needs a name."));
    }
    if !owner_email.contains('@') {
        return Err(AppError::validation("email", "The owner needs an e-mail address."));
    }
    let now = app.clock.now();
    let new = NewOrganization {
        id: OrganizationId(app.entropy.uuid(now)),
        name: name.trim().to_owned(),
        workspace_id: WorkspaceId(app.entropy.uuid(now)),
        workspace_name: FIRST_WORKSPACE.to_owned(),
        user_email: owner_email.to_owned(),
        user_name: owner_name.to_owned(),
        created_at: now,
    };
    Ok(app.store.create_organization(new).await?)
}

/// Makes an API key.
///
/// # Errors
/// [`AppError::Conflict`] when the organization has its ten keys already.
pub async fn create_key(
    app: &App,
    organization: &OrganizationRow,
    name: &str,
    scopes: Vec<Scope>,
    expires_at: Option<Timestamp>,
) -> Result<CreatedKey, AppError> {
    let mut random = [0; 16];
    app.entropy.fill(&mut random);
    let secret = api_key::format(random);
    let now = app.clock.now();
    check_room(app, organization.id).await?;
    let id = ApiKeyId(app.entropy.uuid(now));
    let new = NewKey {
        id,
        workspace_id: organization.workspace_id,
        user_id: organization.user_id,
        name: name.to_owned(),
        scopes,
        created_at: now,
        expires_at,
    };
    app.store.create_key(organization.id, new, &secret).await?;
    Ok(CreatedKey { id, secret })
}

/// Refuses one more key where there are as many as there may be.
pub(crate) async fn check_room(app: &App, organization: OrganizationId) -> Result<(), AppError> {
    let now = app.clock.now();
    let live = |key: &&KeyRow| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now);
    let keys = app.store.list_keys(organization).await?;
    if keys.iter().filter(live).count() >= KEYS_PER_ORGANIZATION {
        return Err(too_many_keys());
    }
    Ok(())
}

pub(crate) fn too_many_keys() -> AppError {
    AppError::Conflict(format!("An organization has {KEYS_PER_ORGANIZATION} keys at most; revoke one first."))
}

/// Connects an account whose owner is known by `identity`, or renews it in place. The second value
/// tells whether it is new.
///
/// # Errors
/// [`AppError::Validation`] for a platform that this server does not know.
pub async fn connect_account(
    app: &App,
    organization: OrganizationId,
    workspace: WorkspaceId,
    platform: &PlatformName,
    identity: Identity,
    credentials: &Credentials,
) -> Result<(AccountId, bool), AppError> {
    if app.registry.spec(platform).is_none() {
        return Err(AppError::validation("platform", format!("\"{platform}\" is no platform.")));
    }
    crate::connect::keep(
        app,
        organization,
        workspace,
        platform,
        identity,
        credentials,
        AccountSource::default(),
    )
    .await
}
