//! Signing in: by a password, or by a link that works once. The other ways have modules of their own.

use domain::UserId;
use domain::audit::AuditAction;
use domain::people::fold_email;
use store::{Attempt, UserRow};

use super::Visit;
use super::audit::Actor;
use super::sessions::{begin, is_token};
use crate::{App, AppError};

/// Ids of people begin above.
const NOBODY: UserId = UserId(0);

/// Signs somebody in; gives the token of their session. The session with the token `replaced` ends.
///
/// # Errors
/// [`AppError::Unauthorized`] for a wrong password and for an address that nobody has, in the same words;
/// [`AppError::TooManyTries`].
pub async fn with_password(
    app: &App,
    email: &str,
    password: &str,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let user = prove(app, email, password, visit).await?.ok_or_else(wrong)?;
    begin(app, user.id, &user.email, "password", visit, replaced).await
}

/// Signs somebody in by a link; gives the token of their session.
///
/// # Errors
/// [`AppError::Unauthorized`] for a link that was used, is over, or never was.
pub async fn with_link(
    app: &App,
    link: &str,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let over = || AppError::Unauthorized("This link was used already, or its time is over.");
    if !is_token(link) {
        return Err(over());
    }
    let user = app.store.use_sign_in_link(link, app.clock.now()).await?.ok_or_else(over)?;
    let user = app.store.find_user(user).await?.ok_or_else(over)?;
    begin(app, user.id, &user.email, "link", visit, replaced).await
}

/// What every failure says.
pub(super) fn wrong() -> AppError {
    AppError::Unauthorized("The e-mail address or the password is wrong.")
}

/// Counts a try, for `whose` it is and for the network that it comes from.
///
/// # Errors
/// [`AppError::TooManyTries`] while its time has not come.
pub(super) async fn begin_attempt(app: &App, whose: String, visit: &Visit) -> Result<Attempt, AppError> {
    let now = app.clock.now();
    let attempt = Attempt { email: whose, network: visit.network.clone() };
    match app.store.begin_attempt(&attempt, now).await? {
        None => Ok(attempt),
        Some(until) => Err(AppError::TooManyTries(until.since(now).as_seconds_ceil().max(1))),
    }
}

/// The person whose address and password these are. A failure is counted, and written down where the
/// person is known.
pub(super) async fn prove(
    app: &App,
    email: &str,
    password: &str,
    visit: &Visit,
) -> Result<Option<UserRow>, AppError> {
    let now = app.clock.now();
    let attempt = begin_attempt(app, fold_email(email), visit).await?;
    let user = app.store.find_user_by_email(email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    if app.passwords.verify(password, hash).await? {
        app.store.clear_attempt(&attempt).await?;
        return Ok(user);
    }
    // Nobody's failures take as long as somebody's.
    let (id, called) = user.as_ref().map_or((NOBODY, ""), |user| (user.id, user.email.as_str()));
    let actor = Actor::newcomer(called, visit);
    let log = actor.did_everywhere(app, id, AuditAction::SignInFailed, "").await?;
    app.store.fail_attempt(&attempt, now, log).await?;
    Ok(None)
}
