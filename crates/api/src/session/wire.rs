//! What these routes answer.

use app::people::SignedIn;
use app::people::identities::{OwnIdentity, host_of};
use app::people::passkeys::Challenge;
use app::{AuditRow, InvitationRow, KeyRow, MemberRow, MembershipRow, OwnSession, PasskeyRow};
use domain::SessionId;
use domain::people::session_end;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::ApiState;
use crate::wire::shown;

/// Who is signed in, and what the dashboard has to know first.
#[derive(Serialize)]
pub(super) struct SessionState {
    pub(super) signed_in: bool,
    /// Whether nobody can sign in yet.
    pub(super) setup_needed: bool,
    pub(super) user: Option<User>,
    pub(super) organization: Option<Organization>,
    pub(super) role: Option<&'static str>,
    pub(super) organizations: Vec<OwnOrganization>,
    pub(super) csrf_token: Option<String>,
    /// How people may sign in besides a password.
    pub(super) ways_in: WaysIn,
    pub(super) version: &'static str,
    /// Whether a sandbox stands for the platforms.
    pub(super) sandbox: bool,
}

/// How people may sign in besides a password.
#[derive(Clone, Serialize)]
pub(super) struct WaysIn {
    /// Whether browsers know passkeys at this address.
    pub(super) passkeys: bool,
    /// The name of the other system.
    pub(super) provider: Option<String>,
}

impl WaysIn {
    pub(super) fn of(state: &ApiState) -> Self {
        Self {
            passkeys: state.passkeys.is_some(),
            provider: state.provider.as_ref().map(|provider| provider.name().to_owned()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct User {
    id: i64,
    email: String,
    name: String,
    has_password: bool,
    /// Whether they run the installation.
    is_operator: bool,
}

#[derive(Serialize)]
pub(super) struct Organization {
    id: Uuid,
    name: String,
}

#[derive(Serialize)]
pub(super) struct OwnOrganization {
    id: Uuid,
    name: String,
    role: &'static str,
}

impl SessionState {
    /// Nobody is signed in.
    pub(super) fn nobody(state: &ApiState, setup_needed: bool) -> Self {
        Self {
            signed_in: false,
            setup_needed,
            user: None,
            organization: None,
            role: None,
            organizations: Vec::new(),
            csrf_token: None,
            ways_in: WaysIn::of(state),
            version: env!("CARGO_PKG_VERSION"),
            sandbox: state.settings.sandbox_url.is_some(),
        }
    }

    /// Somebody is signed in.
    pub(super) fn of(
        state: &ApiState,
        signed_in: &SignedIn,
        has_password: bool,
        memberships: &[MembershipRow],
    ) -> Self {
        let here = signed_in.membership.as_ref();
        Self {
            signed_in: true,
            user: Some(User {
                id: signed_in.user_id.0,
                email: signed_in.email.clone(),
                name: signed_in.name.clone(),
                has_password,
                is_operator: signed_in.is_operator,
            }),
            organization: here.map(|here| Organization {
                id: here.organization_id.0,
                name: here.organization_name.clone(),
            }),
            role: here.map(|here| here.role.as_str()),
            organizations: memberships
                .iter()
                .map(|row| OwnOrganization {
                    id: row.organization_id.0,
                    name: row.organization_name.clone(),
                    role: row.role.as_str(),
                })
                .collect(),
            csrf_token: Some(signed_in.csrf_token.clone()),
            ..Self::nobody(state, false)
        }
    }
}

#[derive(Serialize)]
pub(super) struct Sessions {
    pub(super) sessions: Vec<ShownSession>,
}

#[derive(Serialize)]
pub(super) struct ShownSession {
    id: Uuid,
    address: String,
    user_agent: String,
    created_at: String,
    last_seen_at: String,
    /// When it ends if it is not used any more.
    expires_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl ShownSession {
    pub(super) fn of(session: OwnSession, current: SessionId) -> Self {
        Self {
            id: session.id.0,
            address: session.address,
            user_agent: session.agent,
            created_at: session.created_at.to_iso_millis(),
            last_seen_at: session.last_seen_at.to_iso_millis(),
            expires_at: session_end(session.created_at, session.last_seen_at).to_iso_millis(),
            current: session.id == current,
        }
    }
}

/// What is gone.
#[derive(Serialize)]
pub(super) struct Deleted<T: Serialize> {
    pub(super) id: T,
    pub(super) deleted: bool,
}

impl<T: Serialize> Deleted<T> {
    pub(super) fn of(id: T) -> Self {
        Self { id, deleted: true }
    }
}

/// What a browser has to sign.
#[derive(Serialize)]
pub(super) struct Asked {
    token: String,
    options: Value,
}

impl From<Challenge> for Asked {
    fn from(challenge: Challenge) -> Self {
        Self { token: challenge.token, options: challenge.options }
    }
}

#[derive(Serialize)]
pub(super) struct Passkeys {
    pub(super) passkeys: Vec<Passkey>,
}

#[derive(Serialize)]
pub(super) struct Passkey {
    id: Uuid,
    name: String,
    created_at: String,
    last_used_at: Option<String>,
}

impl From<PasskeyRow> for Passkey {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            created_at: row.created_at.to_iso_millis(),
            last_used_at: shown(row.last_used_at),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Identities {
    pub(super) identities: Vec<Identity>,
}

/// A login of another system.
#[derive(Serialize)]
pub(super) struct Identity {
    id: Uuid,
    /// What people call the system.
    provider: String,
    host: String,
    /// Whether people sign in by this system now.
    open: bool,
    /// Who they are there, as the system last said.
    subject: String,
    email: Option<String>,
    name: Option<String>,
    created_at: String,
    last_used_at: String,
}

impl From<OwnIdentity> for Identity {
    fn from(own: OwnIdentity) -> Self {
        let OwnIdentity { row, provider, is_open } = own;
        Self {
            id: row.id.0,
            provider,
            host: host_of(&row.issuer),
            open: is_open,
            subject: row.subject,
            email: row.email,
            name: row.name,
            created_at: row.created_at.to_iso_millis(),
            last_used_at: row.last_used_at.to_iso_millis(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Members {
    pub(super) members: Vec<Member>,
}

#[derive(Serialize)]
pub(super) struct Member {
    user_id: i64,
    email: String,
    name: String,
    role: &'static str,
    joined_at: String,
    last_seen_at: Option<String>,
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            user_id: row.user_id.0,
            email: row.email,
            name: row.name,
            role: row.role.as_str(),
            joined_at: row.joined_at.to_iso_millis(),
            last_seen_at: shown(row.last_seen_at),
        }
    }
}

#[derive(Serialize)]
pub(super) struct RemovedMember {
    pub(super) user_id: i64,
    pub(super) deleted: bool,
    /// How many of their keys work no longer.
    pub(super) revoked_keys: u64,
}

#[derive(Serialize)]
pub(super) struct Invitations {
    pub(super) invitations: Vec<Invitation>,
}

#[derive(Serialize)]
pub(super) struct Invitation {
    id: Uuid,
    email: String,
    role: &'static str,
    created_at: String,
    expires_at: String,
    /// The link, in the answer to its making only.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Invitation {
    pub(super) fn of(row: InvitationRow, url: Option<String>) -> Self {
        Self {
            id: row.id.0,
            email: row.email,
            role: row.role.as_str(),
            created_at: row.created_at.to_iso_millis(),
            expires_at: row.expires_at.to_iso_millis(),
            url,
        }
    }
}

#[derive(Serialize)]
pub(super) struct ApiKeys {
    pub(super) api_keys: Vec<ApiKey>,
}

#[derive(Serialize)]
pub(super) struct ApiKey {
    pub(super) id: Uuid,
    pub(super) key_prefix: String,
    pub(super) name: String,
    pub(super) scopes: Vec<&'static str>,
    /// Whose it is.
    pub(super) user_id: i64,
    pub(super) created_at: String,
    pub(super) last_used_at: Option<String>,
    pub(super) expires_at: Option<String>,
    pub(super) revoked_at: Option<String>,
    /// The key itself, in the answer to its making only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
}

impl From<KeyRow> for ApiKey {
    fn from(row: KeyRow) -> Self {
        Self {
            id: row.id.0,
            key_prefix: row.key_prefix,
            name: row.name,
            scopes: row.scopes.iter().map(|scope| scope.as_str()).collect(),
            user_id: row.user_id.0,
            created_at: row.created_at.to_iso_millis(),
            last_used_at: shown(row.last_used_at),
            expires_at: shown(row.expires_at),
            revoked_at: shown(row.revoked_at),
            key: None,
        }
    }
}

#[derive(Serialize)]
pub(super) struct AuditLog {
    pub(super) entries: Vec<AuditEntry>,
    pub(super) pagination: AfterThis,
}

/// Where the next page begins.
#[derive(Serialize)]
pub(super) struct AfterThis {
    pub(super) next_cursor: Option<String>,
}

#[derive(Serialize)]
pub(super) struct AuditEntry {
    id: Uuid,
    /// Who did it; none for the operator, and for who was not signed in.
    user_id: Option<i64>,
    actor: String,
    action: String,
    detail: String,
    address: String,
    created_at: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            id: row.id.0,
            user_id: row.user_id.map(|user| user.0),
            actor: row.actor,
            action: row.action,
            detail: row.subject,
            address: row.address,
            created_at: row.created_at.to_iso_millis(),
        }
    }
}
