//! Storing an account that a sign-in opened.

use std::sync::Arc;

use connector::{Credentials, Identity};
use domain::{AccountId, EventId, OrganizationId, PlatformName, Timestamp, WorkspaceId};
use store::{AccountSource, NewAccount};

use crate::outside::nonce;
use crate::{App, AppError, limits};

/// Connects an account, or renews it in place. Where the new access comes without a way to renew it,
/// the stored one stays. The second value tells whether the account is new. Refuses one more than the
/// organization may have.
pub(crate) async fn keep(
    app: &App,
    organization: OrganizationId,
    workspace: WorkspaceId,
    platform: &PlatformName,
    identity: Identity,
    credentials: &Credentials,
    source: AccountSource,
) -> Result<(AccountId, bool), AppError> {
    let now = app.clock.now();
    let new = NewAccount {
        workspace_id: workspace,
        platform: platform.clone(),
        platform_user_id: identity.platform_user_id,
        username: identity.username,
        display_name: identity.display_name,
        avatar_url: identity.avatar_url,
        premium: identity.premium,
        service_url: identity.service_url,
        access_ends_at: credentials.access_ends_at(),
        credentials: serde_json::to_vec(credentials).map_err(|error| AppError::Internal(Box::new(error)))?,
        nonce: nonce(app.entropy.as_ref()),
        now,
    };
    let most = limits::of(app, organization).await?.accounts;
    let source = AccountSource { event_id: Some(EventId(app.entropy.uuid(now))), most, ..source };
    let fresh = credentials.clone();
    let merge = move |old: &[u8]| {
        let old: Credentials = serde_json::from_slice(old).ok()?;
        let merged = with_old_refresh(&fresh, &old, now)?;
        Some((serde_json::to_vec(&merged).ok()?, merged.access_ends_at()))
    };
    let connected = app.store.connect_account_of(organization, new, source, Arc::new(merge)).await?;
    connected.ok_or_else(|| limits::accounts_full(most.unwrap_or(0)))
}

/// The new credentials with the refresh token of the old ones, where the new ones have no way to be
/// renewed and the old token is still good.
pub(super) fn with_old_refresh(new: &Credentials, old: &Credentials, now: Timestamp) -> Option<Credentials> {
    let is_good = old.refresh_expires_at.is_none_or(|end| end > now);
    if new.is_renewable() || old.refresh_token.is_none() || !is_good {
        return None;
    }
    Some(Credentials {
        refresh_token: old.refresh_token.clone(),
        refresh_expires_at: old.refresh_expires_at,
        ..new.clone()
    })
}
