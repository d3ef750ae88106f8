//! The logins of other systems by which somebody comes in: which there are, and taking one back. Linking one
//! is a visit there (`provider`).

use domain::IdentityId;
use domain::audit::AuditAction;
use store::{IdentityRow, WaysOpen};
use url::Url;

use super::provider::Provider;
use super::{SignedIn, Visit, removed};
use crate::{App, AppError};

/// A login with what its system is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnIdentity {
    /// The login.
    pub row: IdentityRow,
    /// The name of the system where people sign in by it, and its host otherwise.
    pub provider: String,
    /// Whether people sign in by this system now.
    pub is_open: bool,
}

/// The logins of somebody, the oldest link first.
///
/// # Errors
/// Only internal ones.
pub async fn list(
    app: &App,
    provider: Option<&Provider>,
    signed_in: &SignedIn,
) -> Result<Vec<OwnIdentity>, AppError> {
    let rows = app.store.list_identities(signed_in.user_id).await?;
    Ok(rows.into_iter().map(|row| shown(provider, row)).collect())
}

fn shown(provider: Option<&Provider>, row: IdentityRow) -> OwnIdentity {
    let provider = provider.filter(|provider| provider.issuer() == row.issuer);
    OwnIdentity {
        provider: provider.map_or_else(|| host_of(&row.issuer), |provider| provider.name().to_owned()),
        is_open: provider.is_some(),
        row,
    }
}

/// The host of a system's address.
pub fn host_of(issuer: &str) -> String {
    let host = Url::parse(issuer).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
    host.unwrap_or_else(|| issuer.to_owned())
}

/// Takes a login back. `open` says which ways in work here.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not theirs, [`AppError::Conflict`] for their last way in.
pub async fn unlink(
    app: &App,
    open: WaysOpen,
    provider: Option<&Provider>,
    signed_in: &SignedIn,
    visit: &Visit,
    id: IdentityId,
) -> Result<(), AppError> {
    let theirs = list(app, provider, signed_in).await?;
    let found = theirs.into_iter().find(|one| one.row.id == id).ok_or(AppError::NotFound("Login"))?;
    let actor = signed_in.actor(visit);
    let action = AuditAction::IdentityUnlink;
    let log = actor.did_everywhere(app, signed_in.user_id, action, &found.provider).await?;
    removed(app.store.unlink_identity(signed_in.user_id, id, open, log).await?, "Login")
}
