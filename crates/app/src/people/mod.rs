//! People: how they sign in, what they may do in an organization, and what is written down of it.
//!
//! Owns who may change what about members, invitations, keys and sessions. Must not know cookies or
//! headers: a session is a token here, and a request comes from a [`Visit`].

pub mod audit;
pub mod email;
pub mod identities;
pub mod invitations;
pub mod keys;
pub mod members;
pub mod operator;
pub mod passkeys;
pub mod passwords;
pub mod provider;
pub mod sessions;
pub mod set_up;
pub mod sign_in;

use domain::people::{self, NAME_LENGTH, Role, SESSION_FRESH, WeakPassword};
use domain::plan::OrganizationSettings;
use domain::{ApiKeyId, OrganizationId, SessionId, Timestamp, UserId, WorkspaceId};
use store::Removal;

use crate::auth::Means;
use crate::{App, AppError, Caller};

pub use domain::people::{INVITATION_LIFE, PROVIDER_VISIT_LIFE, SESSION_LIFE};

/// Where a request comes from, as far as it is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visit {
    /// The address.
    pub address: String,
    /// The network that tries to sign in are counted for.
    pub network: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// Somebody with a live session.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session_id: SessionId,
    /// Who it is.
    pub user_id: UserId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they run the installation, whatever they are in organizations.
    pub is_operator: bool,
    /// The organization that they look at, if they belong to one.
    pub membership: Option<Membership>,
    /// When they signed in.
    pub began_at: Timestamp,
    /// What every change by this session has to come with.
    pub csrf_token: String,
}

/// The organization that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// Its first workspace.
    pub workspace_id: WorkspaceId,
    /// What the person is there.
    pub role: Role,
    /// What is set for it.
    pub settings: OrganizationSettings,
}

impl SignedIn {
    /// The organization that they look at.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for somebody who belongs to none.
    pub fn membership(&self) -> Result<&Membership, AppError> {
        self.membership.as_ref().ok_or_else(|| {
            AppError::Forbidden("You belong to no organization; ask for an invitation.".into())
        })
    }

    /// The same, for what only owners and admins do.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn managing(&self) -> Result<&Membership, AppError> {
        let membership = self.membership()?;
        if membership.role.manages() {
            return Ok(membership);
        }
        Err(AppError::Forbidden("Only owners and admins of the organization may do this.".into()))
    }

    /// Lets through who runs the installation.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn operating(&self) -> Result<(), AppError> {
        if self.is_operator {
            return Ok(());
        }
        Err(AppError::Forbidden(
            "Only operators of this server may do this; `fanfare user operator` makes somebody one.".into(),
        ))
    }

    /// The same person as a caller of the API.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for somebody who belongs to no organization.
    pub fn caller(&self) -> Result<Caller, AppError> {
        let membership = self.membership()?;
        Ok(Caller {
            organization_id: membership.organization_id,
            workspace_id: membership.workspace_id,
            // Counts and posts name the session where they would name a key.
            api_key_id: ApiKeyId(self.session_id.0),
            user_id: self.user_id,
            scopes: membership.role.scopes().to_vec(),
            means: Means::Session,
            settings: membership.settings.clone(),
        })
    }
}

/// Refuses in a session that began a while ago what could let whoever finds a browser open stay for good:
/// `what` people do after they have signed in again.
fn check_fresh(app: &App, signed_in: &SignedIn, what: &str) -> Result<(), AppError> {
    if app.clock.now() < signed_in.began_at + SESSION_FRESH {
        return Ok(());
    }
    Err(AppError::Forbidden(format!("Sign out and in again to {what}.")))
}

/// What happened to a way in that was to be removed.
fn removed(removal: Removal, what: &'static str) -> Result<(), AppError> {
    match removal {
        Removal::Done => Ok(()),
        Removal::NotFound => Err(AppError::NotFound(what)),
        Removal::LastWay => Err(AppError::Conflict(
            "You would not come in any more: add a passkey first, or ask who runs this server for a password."
                .to_owned(),
        )),
    }
}

/// A name without spaces around it, if it can be one.
fn checked_name(field: &'static str, name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::validation(field, format!("{field} is missing.")));
    }
    if name.chars().count() > NAME_LENGTH || name.contains(char::is_control) {
        let message = format!("{field} must have {NAME_LENGTH} characters at most, and no line breaks.");
        return Err(AppError::validation(field, message));
    }
    Ok(name.to_owned())
}

/// An e-mail address, if it can be one.
fn checked_email(email: &str) -> Result<String, AppError> {
    let email = email.trim();
    if people::is_email(email) {
        return Ok(email.to_owned());
    }
    Err(AppError::validation("email", "email must be an e-mail address such as ana@example.org."))
}

/// Refuses a password that is easily guessed.
fn check_password(field: &'static str, password: &str, email: &str, name: &str) -> Result<(), AppError> {
    let (least, most) = people::PASSWORD_LENGTHS;
    people::check_password(password, email, name).map_err(|weak| {
        let message = match weak {
            WeakPassword::TooShort => {
                format!("The password needs {least} characters, of which four differ.")
            }
            WeakPassword::TooLong => format!("The password may have {most} characters at most."),
            WeakPassword::Known => "The password must not be your address or your name.".to_owned(),
        };
        AppError::validation(field, message)
    })
}
