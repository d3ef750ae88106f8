//! The members of an organization.

use domain::UserId;
use domain::audit::AuditAction;
use domain::people::Role;
use store::{MemberChange, MemberRow};

use super::{SignedIn, Visit};
use crate::{App, AppError};

/// The members of the organization that somebody looks at.
///
/// # Errors
/// [`AppError::Forbidden`] for who belongs to none.
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<MemberRow>, AppError> {
    Ok(app.store.list_members(signed_in.membership()?.organization_id).await?)
}

/// Gives a member another role.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`] for the last owner.
pub async fn set_role(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    user: UserId,
    role: Role,
) -> Result<MemberRow, AppError> {
    let here = signed_in.managing()?;
    let member = find(app, signed_in, user).await?;
    let subject = format!("{} is {}", member.email, role.as_str());
    let line = signed_in.actor(visit).did(app, here.organization_id, AuditAction::MemberChange, subject);
    let change = app.store.set_member_role(here.organization_id, user, role, here.role, vec![line]).await?;
    settled(change)?;
    Ok(MemberRow { role, ..member })
}

/// Removes a member; gives how many of their keys were revoked.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`] for the last owner.
pub async fn remove(app: &App, signed_in: &SignedIn, visit: &Visit, user: UserId) -> Result<u64, AppError> {
    let here = signed_in.managing()?;
    let member = find(app, signed_in, user).await?;
    let actor = signed_in.actor(visit);
    let line = actor.did(app, here.organization_id, AuditAction::MemberRemove, member.email);
    let now = app.clock.now();
    settled(app.store.remove_member(here.organization_id, user, here.role, now, vec![line]).await?)
}

async fn find(app: &App, signed_in: &SignedIn, user: UserId) -> Result<MemberRow, AppError> {
    let members = list(app, signed_in).await?;
    members.into_iter().find(|member| member.user_id == user).ok_or(AppError::NotFound("Member"))
}

fn settled(change: MemberChange) -> Result<u64, AppError> {
    match change {
        MemberChange::Done(revoked) => Ok(revoked),
        MemberChange::NotFound => Err(AppError::NotFound("Member")),
        MemberChange::LastOwner => Err(AppError::Conflict(
            "An organization keeps one owner; make somebody else an owner first.".into(),
        )),
        MemberChange::NotAllowed => {
            Err(AppError::Forbidden("Only an owner may change what owners are, or make one.".into()))
        }
    }
}
