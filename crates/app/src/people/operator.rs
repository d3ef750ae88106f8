//! What the operator does for people from the command line.

use domain::audit::AuditAction;
use domain::people::{LINK_LIFE, Role};
use store::{EmailChange, NewUser, OrganizationRow, SaidBy, UserRow};

use super::audit::Actor;
use super::sessions::new_token;
use super::{check_password, checked_email, checked_name, email};
use crate::{App, AppError};

/// Makes a person who can sign in, as a member of an organization.
///
/// # Errors
/// [`AppError::Validation`], [`AppError::Conflict`] when somebody has the address.
pub async fn create_user(
    app: &App,
    organization: &OrganizationRow,
    email: &str,
    name: &str,
    role: Role,
    password: &str,
) -> Result<(), AppError> {
    let email = checked_email(email)?;
    let name = checked_name("name", name)?;
    check_password("password", password, &email, &name)?;
    let password_hash = app.passwords.hash(app.entropy.as_ref(), password).await?;
    let subject = format!("{email} as {}", role.as_str());
    let line = Actor::OPERATOR.did(app, organization.id, AuditAction::MemberAdd, subject);
    let new = NewUser {
        email: email.clone(),
        name,
        password_hash,
        organization_id: organization.id,
        role,
        created_at: app.clock.now(),
    };
    if app.store.create_user(new, vec![line]).await? {
        return Ok(());
    }
    Err(AppError::Conflict(format!(
        "{email} is known already; `fanfare user set-password {email}` sets the password."
    )))
}

/// The most credits that are given at once.
pub const MOST_CREDITS: i64 = 1_000_000_000;

/// Gives an organization credits for captions and pictures beyond those of its months; gives how many it has
/// of them now.
///
/// # Errors
/// [`AppError::Validation`] for a number that is no gift.
pub async fn add_credits(app: &App, organization: &OrganizationRow, credits: i64) -> Result<i64, AppError> {
    if !(1..=MOST_CREDITS).contains(&credits) {
        let message = format!("credits must be between 1 and {MOST_CREDITS}.");
        return Err(AppError::validation("credits", message));
    }
    let log =
        Actor::OPERATOR.did(app, organization.id, AuditAction::CreditsAdd, format!("{credits} credits"));
    Ok(app.store.add_bonus_credits(organization.id, credits, vec![log]).await?)
}

/// Sets somebody's password. All of their sessions end, and what was counted against their address is
/// forgotten.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Validation`].
pub async fn set_password(app: &App, email: &str, password: &str) -> Result<UserRow, AppError> {
    let user = app.store.find_user_by_email(email).await?.ok_or(AppError::NotFound("User"))?;
    check_password("password", password, &user.email, &user.name)?;
    let hash = app.passwords.hash(app.entropy.as_ref(), password).await?;
    let log = Actor::OPERATOR.did_everywhere(app, user.id, AuditAction::PasswordChange, &user.email).await?;
    app.store.set_user_password(user.id, hash, None, log).await?;
    app.store.forget_attempts_of(&user.email).await?;
    Ok(user)
}

/// Gives somebody another address, which the operator vouches for. All of their sessions end.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Validation`], [`AppError::Conflict`] when somebody else has the address.
pub async fn change_email(app: &App, old: &str, new: &str) -> Result<(), AppError> {
    let user = app.store.find_user_by_email(old).await?.ok_or(AppError::NotFound("User"))?;
    let new = checked_email(new)?;
    let said = email::subject(&user.email, &new);
    let log = Actor::OPERATOR.did_everywhere(app, user.id, AuditAction::EmailChange, &said).await?;
    match app.store.change_user_email(user.id, &new, SaidBy::Operator, None, log).await? {
        EmailChange::Done => Ok(()),
        EmailChange::Taken => Err(AppError::Conflict(format!("somebody else has the address {new}"))),
    }
}

/// A token for a link that signs somebody in once.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn new_link(app: &App, email: &str) -> Result<String, AppError> {
    let user = app.store.find_user_by_email(email).await?.ok_or(AppError::NotFound("User"))?;
    let (token, now) = (new_token(app), app.clock.now());
    app.store.create_sign_in_link(&token, Some(user.id), now, now + LINK_LIFE).await?;
    Ok(token)
}

/// Makes somebody an operator of the installation, or an ordinary person again.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn set_operator(app: &App, email: &str, is_operator: bool) -> Result<UserRow, AppError> {
    let user = app.store.find_user_by_email(email).await?.ok_or(AppError::NotFound("User"))?;
    let action = if is_operator { AuditAction::OperatorAdd } else { AuditAction::OperatorRemove };
    let log = Actor::OPERATOR.did_everywhere(app, user.id, action, &user.email).await?;
    app.store.set_operator(user.id, is_operator, log).await?;
    Ok(user)
}
