//! Who is calling, and what they may do.

use domain::api_key::{self, Scope};
use domain::plan::OrganizationSettings;
use domain::{ApiKeyId, OrganizationId, UserId, WorkspaceId};

use crate::{App, AppError};

/// How a caller showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By an API key, or what was allowed in its name.
    Key,
    /// By a session in a browser.
    Session,
}

/// A caller with a valid key or a live session. Every use case takes one, so that nothing is reached without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The workspace that the key works in.
    pub workspace_id: WorkspaceId,
    /// The key; of a session its own id.
    pub api_key_id: ApiKeyId,
    /// The key's owner, or who is signed in.
    pub user_id: UserId,
    /// What they may do.
    pub scopes: Vec<Scope>,
    /// How they showed who they are.
    pub means: Means,
    /// What is set for the tenant.
    pub settings: OrganizationSettings,
}

impl Caller {
    /// Refuses a caller whose key, or whose role, lacks `scope`.
    ///
    /// # Errors
    /// [`AppError::InsufficientScope`], [`AppError::InsufficientRole`].
    pub fn require(&self, scope: Scope) -> Result<(), AppError> {
        match self.means {
            _ if self.scopes.contains(&scope) => Ok(()),
            Means::Key => Err(AppError::InsufficientScope(scope.as_str())),
            Means::Session => Err(AppError::InsufficientRole(scope.as_str())),
        }
    }

    /// Whether what the caller publishes waits until somebody approves it.
    pub fn must_ask(&self) -> bool {
        self.settings.approvals_required && !self.scopes.contains(&Scope::Approve)
    }
}

/// Finds the caller of a key or of an access token (the text after `Bearer `), and notes the use.
///
/// # Errors
/// [`AppError::Unauthorized`] when it is malformed, unknown, revoked or expired.
pub async fn authenticate(app: &App, key: &str) -> Result<Caller, AppError> {
    if let Some(caller) = find_key(app, key).await? {
        return Ok(caller);
    }
    // Access tokens look like keys, since clients look for that.
    let now = app.clock.now();
    let found = app.store.find_oauth_access(key).await?;
    let access = found.ok_or(AppError::Unauthorized("The API key is not known."))?;
    if access.is_revoked {
        return Err(AppError::Unauthorized("The access was revoked."));
    }
    if access.expires_at <= now || access.key_expires_at.is_some_and(|end| end <= now) {
        return Err(AppError::Unauthorized("The access token has expired."));
    }
    app.key_uses.note(access.organization_id, access.api_key_id, now);
    Ok(Caller {
        organization_id: access.organization_id,
        workspace_id: access.workspace_id,
        api_key_id: access.api_key_id,
        user_id: access.user_id,
        scopes: access.scopes,
        means: Means::Key,
        settings: access.settings,
    })
}

/// Finds the caller of a key. An access token is none here: who was let in lets nobody else in.
///
/// # Errors
/// [`AppError::Unauthorized`] when the key is malformed, unknown, revoked or expired.
pub async fn authenticate_key(app: &App, key: &str) -> Result<Caller, AppError> {
    find_key(app, key).await?.ok_or(AppError::Unauthorized("The API key is not known."))
}

async fn find_key(app: &App, key: &str) -> Result<Option<Caller>, AppError> {
    if !api_key::is_well_formed(key) {
        return Err(AppError::Unauthorized(
            "The API key is malformed: a key is \"pe_live_\" and 32 hexadecimal characters.",
        ));
    }
    let now = app.clock.now();
    let Some(row) = app.store.find_key(key, now).await? else { return Ok(None) };
    if row.revoked_at.is_some() {
        return Err(AppError::Unauthorized("The API key was revoked."));
    }
    if row.expires_at.is_some_and(|end| end <= now) {
        return Err(AppError::Unauthorized("The API key has expired."));
    }
    app.key_uses.note(row.organization_id, row.id, now);
    Ok(Some(Caller {
        organization_id: row.organization_id,
        workspace_id: row.workspace_id,
        api_key_id: row.id,
        user_id: row.user_id,
        scopes: row.scopes,
        means: Means::Key,
        settings: row.settings,
    }))
}
