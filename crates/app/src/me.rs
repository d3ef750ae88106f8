//! Who the caller is.

use domain::people::{SESSION_IDLE, SESSION_LIFE};
use domain::plan::Plan;
use domain::{ApiKeyId, OrganizationId, Span, Timestamp, UserId, WorkspaceId};

use crate::auth::Means;
use crate::{App, AppError, Caller, limits};

/// The caller's key, user, organization, workspace and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct MeView {
    /// The key's id.
    pub api_key_id: ApiKeyId,
    /// The shown part of the key.
    pub key_prefix: String,
    /// The key's name.
    pub key_name: String,
    /// The key's scopes.
    pub scopes: Vec<&'static str>,
    /// When the key was last used before this call.
    pub last_used_at: Option<Timestamp>,
    /// When the key was made.
    pub key_created_at: Timestamp,
    /// When the key ends.
    pub key_expires_at: Option<Timestamp>,
    /// The user's id.
    pub user_id: UserId,
    /// The user's address.
    pub user_email: String,
    /// The user's name.
    pub user_name: String,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// Connected accounts.
    pub accounts_used: i64,
    /// Bytes in the media library.
    pub storage_bytes_used: i64,
    /// Credits for captions and pictures in this month.
    pub ai_credits: crate::ai::Credits,
    /// Posts made in the last 30 days.
    pub posts_last_30d: i64,
    /// All posts.
    pub total_posts: i64,
    /// Posts of today that count, where a day has a limit.
    pub posts_today: i64,
    /// What the organization may use.
    pub plan: Plan,
    /// Whether posts of keys that may not approve wait for an approval.
    pub approvals_required: bool,
}

/// The caller.
///
/// # Errors
/// Only internal ones.
pub async fn get(app: &App, caller: &Caller) -> Result<MeView, AppError> {
    let organization = caller.organization_id;
    let key = shown_key(app, caller).await?;
    let recent_since = app.clock.now() - Span::from_days(30);
    let me = app
        .store
        .get_me(organization, caller.workspace_id, caller.user_id, recent_since)
        .await?
        .ok_or(AppError::Unauthorized("The API key's owner is gone."))?;
    let plan = limits::of_caller(app, caller);
    Ok(MeView {
        api_key_id: key.id,
        key_prefix: key.prefix,
        key_name: key.name,
        scopes: caller.scopes.iter().map(|scope| scope.as_str()).collect(),
        last_used_at: key.last_used_at,
        key_created_at: key.created_at,
        key_expires_at: key.expires_at,
        user_id: caller.user_id,
        user_email: me.user_email,
        user_name: me.user_name,
        organization_id: organization,
        organization_name: me.organization_name,
        workspace_id: caller.workspace_id,
        workspace_name: me.workspace_name,
        accounts_used: me.accounts,
        storage_bytes_used: me.storage_bytes,
        ai_credits: crate::ai::credits(app, organization).await?,
        posts_last_30d: me.recent_posts,
        total_posts: me.posts,
        posts_today: match plan.posts_per_day {
            Some(_) => app.store.count_posts_of_day(organization, app.clock.now()).await?,
            None => 0,
        },
        plan,
        approvals_required: caller.settings.approvals_required,
    })
}

/// What stands where a key is shown.
struct ShownKey {
    id: ApiKeyId,
    prefix: String,
    name: String,
    last_used_at: Option<Timestamp>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// The caller's key; of somebody who is signed in, their session.
async fn shown_key(app: &App, caller: &Caller) -> Result<ShownKey, AppError> {
    if caller.means == Means::Session {
        let now = app.clock.now();
        let sessions =
            app.store.list_sessions(caller.user_id, now - SESSION_IDLE, now - SESSION_LIFE).await?;
        let own = sessions.into_iter().find(|session| session.id.0 == caller.api_key_id.0);
        let own = own.ok_or(AppError::Unauthorized("The session has ended; sign in again."))?;
        return Ok(ShownKey {
            id: caller.api_key_id,
            prefix: "session".to_owned(),
            name: "Dashboard".to_owned(),
            last_used_at: Some(own.last_seen_at),
            created_at: own.created_at,
            expires_at: Some(own.created_at + SESSION_LIFE),
        });
    }
    let keys = app.store.list_keys(caller.organization_id).await?;
    let key = keys
        .into_iter()
        .find(|key| key.id == caller.api_key_id)
        .ok_or(AppError::Unauthorized("The API key is not known."))?;
    Ok(ShownKey {
        id: key.id,
        prefix: key.key_prefix,
        name: key.name,
        last_used_at: key.last_used_at,
        created_at: key.created_at,
        expires_at: key.expires_at,
    })
}
