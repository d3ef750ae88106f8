//! The address that somebody signs in with, and its change. No mail is sent, so nobody knows whether a new
//! address is really theirs: it opens nothing but what was theirs before.

use domain::UserId;
use domain::audit::AuditAction;
use domain::people::fold_email;
use store::{EmailChange, SaidBy};

use super::sign_in::{begin_attempt, prove};
use super::{SignedIn, Visit, check_fresh, checked_email};
use crate::{App, AppError};

/// What the audit log says of a change.
pub(super) fn subject(old: &str, new: &str) -> String {
    format!("{old} is now {new}")
}

/// Changes the person's address. Their other sessions end.
///
/// # Errors
/// [`AppError::Validation`] for a wrong password and for an address that cannot be used, [`AppError::Forbidden`]
/// for who has no password in a session that is not fresh, [`AppError::TooManyTries`].
pub async fn change(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    email: &str,
    password: Option<&str>,
) -> Result<(), AppError> {
    let email = checked_email(email)?;
    let user = app.store.find_user(signed_in.user_id).await?.ok_or(AppError::NotFound("User"))?;
    if email == user.email {
        return Err(AppError::validation("email", "This is your address already."));
    }
    if user.password_hash.is_some() {
        let missing = || AppError::validation("password", "password is missing.");
        let password = password.filter(|password| !password.is_empty()).ok_or_else(missing)?;
        let proven = prove(app, &user.email, password, visit).await?;
        if proven.is_none_or(|proven| proven.id != user.id) {
            return Err(AppError::validation("password", "This is not your present password."));
        }
        if fold_email(password) == fold_email(&email) {
            return Err(AppError::validation("email", "The address must not be your password."));
        }
    } else {
        check_fresh(app, signed_in, "change your address")?;
    }
    // Who tries addresses learns which ones are somebody's, so that has its pauses too.
    let now = app.clock.now();
    let attempt = begin_attempt(app, tries_of(user.id), visit).await?;
    let (actor, said) = (signed_in.actor(visit), subject(&user.email, &email));
    let log = actor.did_everywhere(app, user.id, AuditAction::EmailChange, &said).await?;
    let keep = Some(signed_in.session_id);
    match app.store.change_user_email(user.id, &email, SaidBy::Themselves, keep, log).await? {
        EmailChange::Done => Ok(app.store.clear_attempt(&attempt).await?),
        EmailChange::Taken => {
            app.store.fail_attempt(&attempt, now, Vec::new()).await?;
            Err(AppError::validation("email", "You cannot use this address here."))
        }
    }
}

/// What a person's tries to change their address are counted for. It is no address.
fn tries_of(user: UserId) -> String {
    format!("address of {user}")
}
