//! Sessions: who has one, and its end.

use domain::audit::AuditAction;
use domain::people::{SESSION_IDLE, SESSION_LIFE, SESSION_SEEN_EVERY, is_session_live};
use domain::{OrganizationId, SessionId, UserId};
use sha2::{Digest as _, Sha256};
use store::{MembershipRow, NewSession, OwnSession, SessionRow};

use super::audit::Actor;
use super::{Membership, SignedIn, Visit, check_fresh, check_password, checked_name};
use crate::outside::{hex, random_hex};
use crate::{App, AppError};

/// The longest name of a browser that is kept.
const AGENT_LENGTH: usize = 300;
const TOKEN_BYTES: usize = 32;

/// A token for a session, an invitation or a link.
pub(super) fn new_token(app: &App) -> String {
    random_hex::<TOKEN_BYTES>(app.entropy.as_ref())
}

/// Whether a text has a token's shape.
pub(super) fn is_token(text: &str) -> bool {
    text.len() == TOKEN_BYTES * 2 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What a session's changes have to come with. It can be had from the session's token, but not the other
/// way round.
fn csrf_token(token: &str) -> String {
    hex(&Sha256::digest(format!("change with {token}").as_bytes()))
}

/// Begins a session for a person, in the organization that they joined first; gives its token. The audit
/// log says by which `way` they came.
pub(super) async fn begin(
    app: &App,
    user: UserId,
    email: &str,
    way: &str,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let now = app.clock.now();
    let memberships = app.store.list_memberships(user).await?;
    let token = new_token(app);
    let new = NewSession {
        id: SessionId(app.entropy.uuid(now)),
        user_id: user,
        organization_id: memberships.first().map(|first| first.organization_id),
        address: visit.address.clone(),
        agent: visit.agent.chars().filter(|letter| !letter.is_control()).take(AGENT_LENGTH).collect(),
        created_at: now,
    };
    let actor = Actor::user(user, email, visit);
    let log = actor.did_everywhere(app, user, AuditAction::SignIn, way).await?;
    app.store.create_session(new, &token, replaced, log).await?;
    Ok(token)
}

/// Who has the session with this token; `None` for one that is over or never was.
///
/// # Errors
/// Only internal ones.
pub async fn find(app: &App, token: &str) -> Result<Option<SignedIn>, AppError> {
    if !is_token(token) {
        return Ok(None);
    }
    let now = app.clock.now();
    let Some(row) = app.store.find_session(token).await? else { return Ok(None) };
    if !is_session_live(row.created_at, row.last_seen_at, now) {
        return Ok(None);
    }
    if row.last_seen_at + SESSION_SEEN_EVERY <= now {
        app.store.see_session(row.id, now).await?;
    }
    Ok(Some(signed_in(row, token)))
}

fn signed_in(row: SessionRow, token: &str) -> SignedIn {
    SignedIn {
        session_id: row.id,
        user_id: row.user_id,
        email: row.email,
        name: row.name,
        is_operator: row.is_operator,
        membership: row.organization.map(|organization| Membership {
            organization_id: organization.id,
            organization_name: organization.name,
            workspace_id: organization.workspace_id,
            role: organization.role,
            settings: organization.settings,
        }),
        began_at: row.created_at,
        csrf_token: csrf_token(token),
    }
}

/// The organizations that somebody belongs to.
///
/// # Errors
/// Only internal ones.
pub async fn organizations(app: &App, signed_in: &SignedIn) -> Result<Vec<MembershipRow>, AppError> {
    Ok(app.store.list_memberships(signed_in.user_id).await?)
}

/// Whether the person has a password.
///
/// # Errors
/// Only internal ones.
pub async fn has_password(app: &App, signed_in: &SignedIn) -> Result<bool, AppError> {
    let user = app.store.find_user(signed_in.user_id).await?;
    Ok(user.is_some_and(|user| user.password_hash.is_some()))
}

/// Lets the session look at another organization.
///
/// # Errors
/// [`AppError::NotFound`] for one that the person does not belong to.
pub async fn open_organization(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    organization: OrganizationId,
) -> Result<(), AppError> {
    let line = signed_in.actor(visit).did(app, organization, AuditAction::OrganizationOpen, "");
    if app.store.switch_session(signed_in.session_id, organization, vec![line]).await? {
        return Ok(());
    }
    Err(AppError::NotFound("Organization"))
}

/// Somebody's live sessions, the last used first.
///
/// # Errors
/// Only internal ones.
pub async fn list(app: &App, signed_in: &SignedIn) -> Result<Vec<OwnSession>, AppError> {
    let now = app.clock.now();
    Ok(app.store.list_sessions(signed_in.user_id, now - SESSION_IDLE, now - SESSION_LIFE).await?)
}

/// Ends the session that is used.
///
/// # Errors
/// Only internal ones.
pub async fn sign_out(app: &App, signed_in: &SignedIn, visit: &Visit) -> Result<(), AppError> {
    let log = signed_in.did_here(app, visit, AuditAction::SignOut, "");
    app.store.end_sessions(signed_in.user_id, Some(signed_in.session_id), log).await?;
    Ok(())
}

/// Ends every session of the person; how many that were.
///
/// # Errors
/// Only internal ones.
pub async fn sign_out_everywhere(app: &App, signed_in: &SignedIn, visit: &Visit) -> Result<u64, AppError> {
    let log = signed_in.did_here(app, visit, AuditAction::SessionEnd, "all sessions");
    Ok(app.store.end_sessions(signed_in.user_id, None, log).await?)
}

/// Ends one of the person's sessions.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not theirs.
pub async fn end(app: &App, signed_in: &SignedIn, visit: &Visit, id: SessionId) -> Result<(), AppError> {
    let log = signed_in.did_here(app, visit, AuditAction::SessionEnd, &id.to_string());
    if app.store.end_sessions(signed_in.user_id, Some(id), log).await? == 1 {
        return Ok(());
    }
    Err(AppError::NotFound("Session"))
}

/// Changes the person's name.
///
/// # Errors
/// [`AppError::Validation`].
pub async fn rename(app: &App, signed_in: &SignedIn, visit: &Visit, name: &str) -> Result<String, AppError> {
    let name = checked_name("name", name)?;
    let log = signed_in.did_here(app, visit, AuditAction::UserChange, &name);
    app.store.rename_user(signed_in.user_id, name.clone(), log).await?;
    Ok(name)
}

/// Changes the person's password, or sets their first one. Their other sessions end.
///
/// # Errors
/// [`AppError::Validation`] for a wrong or a weak one, [`AppError::Forbidden`] for who has none yet in a session
/// that is not fresh, [`AppError::TooManyTries`].
pub async fn change_password(
    app: &App,
    signed_in: &SignedIn,
    visit: &Visit,
    current: Option<&str>,
    new: &str,
) -> Result<(), AppError> {
    check_password("new", new, &signed_in.email, &signed_in.name)?;
    if has_password(app, signed_in).await? {
        let missing = || AppError::validation("current", "current is missing.");
        let current = current.filter(|current| !current.is_empty()).ok_or_else(missing)?;
        let proven = super::sign_in::prove(app, &signed_in.email, current, visit).await?;
        if proven.is_none_or(|user| user.id != signed_in.user_id) {
            return Err(AppError::validation("current", "This is not your present password."));
        }
    } else {
        check_fresh(app, signed_in, "set a password")?;
    }
    let hash = app.passwords.hash(app.entropy.as_ref(), new).await?;
    let log = signed_in
        .actor(visit)
        .did_everywhere(app, signed_in.user_id, AuditAction::PasswordChange, &signed_in.email)
        .await?;
    Ok(app.store.set_user_password(signed_in.user_id, hash, Some(signed_in.session_id), log).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csrf_token_is_another_one_than_what_sessions_are_found_by() {
        let token = "a".repeat(64);
        assert!(is_token(&token) && is_token(&csrf_token(&token)));
        assert_ne!(csrf_token(&token), hex(&Sha256::digest(token.as_bytes())));
        assert!(!is_token(&"A".repeat(64)) && !is_token("a") && !is_token(""));
    }
}
