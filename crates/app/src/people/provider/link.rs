//! Linking a login of the other system to somebody who is signed in. It becomes a way in, so it needs a fresh
//! session, as a passkey does.

use domain::IdentityId;
use domain::audit::AuditAction;
use store::{Identity, LinkEnd, NewLink};

use super::admit::name_of;
use super::id_token::Claims;
use super::{Departure, Kept, Provider, Stopped, begin_visit};
use crate::people::{SignedIn, Visit, check_fresh};
use crate::{App, AppError};

/// Sends somebody who is signed in to the other system, to link the login that they have there.
///
/// # Errors
/// [`AppError::Forbidden`] in a session that is not fresh, [`AppError::Conflict`] for who has a login of this
/// system, [`AppError::PlatformUnavailable`] where it does not answer.
pub async fn depart_to_link(
    app: &App,
    provider: &Provider,
    base_url: &str,
    signed_in: &SignedIn,
) -> Result<Departure, AppError> {
    check_fresh(app, signed_in, "link a login")?;
    let theirs = app.store.list_identities(signed_in.user_id).await?;
    if theirs.iter().any(|row| row.issuer == provider.config.issuer) {
        let name = provider.name();
        return Err(AppError::Conflict(format!("You have a login of {name}; unlink it first.")));
    }
    let kept = Kept { then: String::new(), session: Some(signed_in.session_id) };
    begin_visit(app, provider, base_url, Some(signed_in.user_id), kept).await
}

/// Links the login, unless it leads to somebody else.
pub(super) async fn link(
    app: &App,
    provider: &Provider,
    claims: &Claims,
    signed_in: &SignedIn,
    visit: &Visit,
) -> Result<(), Stopped> {
    let now = app.clock.now();
    let new = NewLink {
        id: IdentityId(app.entropy.uuid(now)),
        identity: Identity { issuer: provider.config.issuer.clone(), subject: claims.subject.clone() },
        email: claims.email.clone(),
        name: name_of(claims),
        created_at: now,
    };
    let (user, actor) = (signed_in.user_id, signed_in.actor(visit));
    let log = actor.did_everywhere(app, user, AuditAction::IdentityLink, provider.name()).await?;
    match app.store.link_identity(user, new, log).await? {
        LinkEnd::Done => Ok(()),
        LinkEnd::Elsewhere => Err(Stopped::Elsewhere),
        LinkEnd::Another => Err(Stopped::Another),
    }
}
