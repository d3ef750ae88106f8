//! Invitations: links by which people join. Nothing is mailed; who invites hands the link over.

use domain::audit::AuditAction;
use domain::people::{INVITATION_LIFE, Role};
use domain::{InvitationId, OrganizationId};
use store::{Acceptance, InvitationRow, Invitee, NewInvitation};

use super::audit::Actor;
use super::sessions::{begin, is_token, new_token};
use super::sign_in::{prove, wrong};
use super::{SignedIn, Visit, check_password, checked_email, checked_name};
use crate::{App, AppError};

/// The most open invitations of an organization.
const MOST: usize = 100;

/// An invitation that was just made. The token is shown once.
#[derive(Clone)]
pub struct Invited {
    /// The invitation.
    pub invitation: InvitationRow,
    /// What the link carries.
    pub token: String,
}

/// Invites somebody into the organization that `signed_in` looks at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Validation`], [`AppError::Conflict`] for a member,
/// [`AppError::QuotaExceeded`] for too many.
pub async fn create(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    email: &str,
    role: Role,
) -> Result<Invited, AppError> {
    let here = signed_in.managing()?;
    if !here.role.governs(role) {
        return Err(AppError::Forbidden("Only an owner may make an owner.".into()));
    }
    let email = checked_email(email)?;
    let now = app.clock.now();
    let open = app.store.list_invitations(here.organization_id, now).await?;
    if open.len() >= MOST {
        let message = format!("There are {MOST} open invitations; take one back first.");
        return Err(AppError::QuotaExceeded(message));
    }
    // One that is replaced takes no further seat.
    let others = open.iter().filter(|row| row.email != domain::people::fold_email(&email)).count();
    check_seats(app, here.organization_id, others).await?;
    let token = new_token(app);
    let new = NewInvitation {
        id: InvitationId(app.entropy.uuid(now)),
        email: email.clone(),
        role,
        invited_by: signed_in.user_id,
        created_at: now,
        expires_at: now + INVITATION_LIFE,
    };
    let subject = format!("{email} as {}", role.as_str());
    let line = signed_in.actor(visit).did(app, here.organization_id, AuditAction::InvitationCreate, subject);
    let invitation = InvitationRow {
        organization_id: here.organization_id,
        id: new.id,
        email: domain::people::fold_email(&email),
        role,
        created_at: now,
        expires_at: new.expires_at,
    };
    if !app.store.create_invitation(here.organization_id, new, &token, vec![line]).await? {
        return Err(AppError::Conflict(format!("{email} is a member already.")));
    }
    Ok(Invited { invitation, token })
}

/// Refuses one more member where the plan has no seat for one, besides those who are invited.
pub(super) async fn check_seats(
    app: &App,
    organization: OrganizationId,
    invited: usize,
) -> Result<(), AppError> {
    let Some(seats) = crate::limits::of(app, organization).await?.seats else { return Ok(()) };
    let taken = app.store.list_members(organization).await?.len().saturating_add(invited);
    if i64::try_from(taken).unwrap_or(i64::MAX) < seats {
        return Ok(());
    }
    Err(AppError::QuotaExceeded(format!("The plan has {seats} seats, and all are taken or promised.")))
}

/// The open invitations, the latest first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<InvitationRow>, AppError> {
    Ok(app.store.list_invitations(signed_in.managing()?.organization_id, app.clock.now()).await?)
}

/// Takes an invitation back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn delete(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    id: InvitationId,
) -> Result<(), AppError> {
    let here = signed_in.managing()?;
    let open = app.store.list_invitations(here.organization_id, app.clock.now()).await?;
    let found = open.into_iter().find(|row| row.id == id).ok_or(AppError::NotFound("Invitation"))?;
    let actor = signed_in.actor(visit);
    let line = actor.did(app, here.organization_id, AuditAction::InvitationDelete, found.email);
    if app.store.delete_invitation(here.organization_id, id, vec![line]).await? {
        return Ok(());
    }
    Err(AppError::NotFound("Invitation"))
}

/// Accepts an invitation and signs its person in; gives the token of their session. Who has a password
/// proves it: a link that went astray opens nobody's account.
///
/// # Errors
/// [`AppError::Unauthorized`] for a link that is over or a wrong password, [`AppError::Validation`],
/// [`AppError::Conflict`] for somebody whom the operator has made without a password.
pub async fn accept(
    app: &App,
    token: &str,
    name: &str,
    password: &str,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let over = || AppError::Unauthorized("This invitation was used or taken back, or its time is over.");
    if !is_token(token) {
        return Err(over());
    }
    let invitation = app.store.find_invitation(token, app.clock.now()).await?.ok_or_else(over)?;
    check_seats(app, invitation.organization_id, 0).await?;
    let email = invitation.email;
    let invitee = match app.store.find_user_by_email(&email).await? {
        Some(user) if user.password_hash.is_none() => {
            return Err(AppError::Conflict(format!(
                "{email} is known here and has no password yet; the operator sets one with `fanfare user \
                 set-password {email}`."
            )));
        }
        Some(_) => Invitee::Known(prove(app, &email, password, visit).await?.ok_or_else(wrong)?.id),
        None => {
            let name = checked_name("name", name)?;
            check_password("password", password, &email, &name)?;
            let password_hash = app.passwords.hash(app.entropy.as_ref(), password).await?;
            Invitee::New { name, password_hash }
        }
    };
    let subject = format!("{email} as {}", invitation.role.as_str());
    let actor = Actor::newcomer(&email, visit);
    let line = actor.did(app, invitation.organization_id, AuditAction::InvitationAccept, subject);
    match app.store.accept_invitation(token, invitee, line).await? {
        Acceptance::Joined(user) => begin(app, user, &email, "invitation", visit, replaced).await,
        Acceptance::Gone => Err(over()),
        Acceptance::Taken => {
            Err(AppError::Conflict(format!("{email} was made in between; accept the invitation again.")))
        }
    }
}
