//! Setting the installation up: the first person who can sign in.

use domain::audit::AuditAction;
use domain::people::LINK_LIFE;
use domain::{OrganizationId, WorkspaceId};
use store::{NewOrganization, SetUp, SetUpEnd};

use super::audit::Actor;
use super::sessions::{begin, is_token, new_token};
use super::{Visit, check_password, checked_email, checked_name};
use crate::{App, AppError};

/// What the first person enters.
#[derive(Clone)]
pub struct FirstPerson {
    /// The token of the link that the server printed.
    pub setup_token: String,
    /// Their e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// Their name.
    pub name: String,
    /// The organization's name; empty where there is one already.
    pub organization_name: String,
}

/// Whether nobody can sign in yet.
///
/// # Errors
/// Only internal ones.
pub async fn is_needed(app: &App) -> Result<bool, AppError> {
    Ok(!app.store.has_any_password().await?)
}

/// A token for the link that sets the installation up; `None` once somebody can sign in.
///
/// # Errors
/// Only internal ones.
pub async fn new_setup_token(app: &App) -> Result<Option<String>, AppError> {
    if !is_needed(app).await? {
        return Ok(None);
    }
    let (token, now) = (new_token(app), app.clock.now());
    app.store.create_sign_in_link(&token, None, now, now + LINK_LIFE).await?;
    Ok(Some(token))
}

/// Sets the installation up and signs its first person in; gives the token of their session.
///
/// Who is known by their address already, from `fanfare org create`, gets their password here. An
/// organization of the given name that is there is taken; without a name, the only one that there is.
///
/// # Errors
/// [`AppError::Validation`], [`AppError::Unauthorized`] for a wrong token, [`AppError::Conflict`] once
/// somebody can sign in.
pub async fn set_up(
    app: &App,
    person: &FirstPerson,
    visit: &Visit,
    replaced: Option<&str>,
) -> Result<String, AppError> {
    let wrong_token =
        || AppError::Unauthorized("This setup link is not valid; the server prints one at start.");
    let before = || AppError::Conflict("This installation is set up already; sign in.".to_owned());
    if !is_needed(app).await? {
        return Err(before());
    }
    if !is_token(&person.setup_token) {
        return Err(wrong_token());
    }
    let email = checked_email(&person.email)?;
    let name = checked_name("name", &person.name)?;
    check_password("password", &person.password, &email, &name)?;
    let organization_name = match person.organization_name.trim() {
        "" => String::new(),
        given => checked_name("organization_name", given)?,
    };
    let password_hash = app.passwords.hash(app.entropy.as_ref(), &person.password).await?;
    let now = app.clock.now();
    let organization = NewOrganization {
        id: OrganizationId(app.entropy.uuid(now)),
        name: organization_name,
        workspace_id: WorkspaceId(app.entropy.uuid(now)),
        workspace_name: crate::setup::FIRST_WORKSPACE.to_owned(),
        user_email: email.clone(),
        user_name: name,
        created_at: now,
    };
    let log = Actor::newcomer(&email, visit).did(app, organization.id, AuditAction::Setup, email.clone());
    let wanted = SetUp { token: person.setup_token.clone(), password_hash, organization, log };
    match app.store.set_up(wanted).await? {
        SetUpEnd::Done { user, .. } => begin(app, user, &email, "setup", visit, replaced).await,
        SetUpEnd::Before => Err(before()),
        SetUpEnd::WrongToken => Err(wrong_token()),
        SetUpEnd::NameMissing => {
            Err(AppError::validation("organization_name", "organization_name is missing."))
        }
    }
}
