//! Connecting accounts: by a platform's sign-in in a browser, or by what the owner enters.
//!
//! Owns the way from a link to stored accounts. Names no platform: what is special about one stands
//! in its `OAuthLogin` and its `sign_in`.

mod callback;
mod choose;
mod credential;
mod keep;
mod link;
mod notices;
mod stop;
#[cfg(test)]
mod tests;

use connector::{Connectable, Credentials, Identity};
use domain::event::EventKind;
use domain::{AccountId, ConnectId, EventId, PlatformName, Span, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::{ConnectSession, ConnectStatus, NewEvent};

use crate::accounts::AccountView;
use crate::{App, AppError, Caller};

pub use callback::{CameBack, came_back};
pub use choose::{Offer, choose, offer};
pub use credential::{Connected, credential_fields, with_credentials};
pub(crate) use keep::keep;
pub use link::{ConnectLink, address, new_link, reconnect_link};
pub use notices::{Erased, Notice, erased, owner_erased, owner_left};
pub use stop::{Stop, Stopped};

/// How long a link lives.
pub const LIFE: Span = Span::from_minutes(10);

/// What only a session's own way needs.
#[derive(Serialize, Deserialize)]
struct Secrets {
    state: String,
    /// Empty where the login has no PKCE.
    verifier: String,
}

/// What a sign-in opened, as it is kept while the owner chooses.
#[derive(Serialize, Deserialize)]
struct Kept {
    found: Vec<KeptAccount>,
    declined_scopes: Vec<String>,
    owner_id: Option<String>,
}

/// An account that can be chosen.
#[derive(Clone, Serialize, Deserialize)]
struct KeptAccount {
    identity: Identity,
    credentials: Credentials,
    kind: String,
    obstacle: Option<String>,
}

impl From<Connectable> for KeptAccount {
    fn from(found: Connectable) -> Self {
        let Connectable { identity, credentials, kind, obstacle } = found;
        Self { identity, credentials, kind: kind.to_owned(), obstacle }
    }
}

impl KeptAccount {
    /// The name that people know it by, and what it is.
    fn name(&self) -> String {
        crate::accounts::shown_name(self.identity.username.as_deref(), &self.identity.display_name)
    }
}

/// What a browser is shown next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Landing {
    /// Accounts are connected.
    Done(Done),
    /// The owner chooses; the browser shows `secret` to prove that it is the same.
    Choose {
        /// The session.
        id: ConnectId,
        /// Goes into a cookie.
        secret: String,
    },
}

/// Accounts that were connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The platform's name for people.
    pub platform: &'static str,
    /// The accounts' names.
    pub names: Vec<String>,
    /// Whether an account was renewed in place.
    pub is_reconnect: bool,
    /// Scopes that the owner did not grant and that publishing can do without.
    pub declined_scopes: Vec<String>,
}

/// Where a session stands, for whoever made it.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionView {
    /// `pending`, `expired`, `cancelled` or `completed`.
    pub status: &'static str,
    /// How it ended, in words; `None` while it goes on.
    pub message: Option<String>,
    /// The accounts that were connected.
    pub accounts: Vec<AccountView>,
}

/// Where the caller's session stands.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn look(app: &App, caller: &Caller, id: ConnectId) -> Result<SessionView, AppError> {
    let session = app
        .store
        .find_connect_session(id)
        .await?
        .filter(|session| {
            session.organization_id == caller.organization_id && session.workspace_id == caller.workspace_id
        })
        .ok_or(AppError::NotFound("Connect session"))?;
    let status = match session.status {
        ConnectStatus::Completed => "completed",
        ConnectStatus::Cancelled | ConnectStatus::Failed => "cancelled",
        ConnectStatus::Open | ConnectStatus::Exchanging | ConnectStatus::Choosing
            if is_over(&session, app.clock.now()) =>
        {
            "expired"
        }
        ConnectStatus::Open | ConnectStatus::Exchanging | ConnectStatus::Choosing => "pending",
    };
    let mut accounts = Vec::with_capacity(session.connected.len().min(1));
    for account in &session.connected {
        match crate::accounts::get(app, caller, *account).await {
            Ok(view) => accounts.push(view),
            Err(AppError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(SessionView { status, message: session.message, accounts })
}

fn is_over(session: &ConnectSession, now: Timestamp) -> bool {
    session.expires_at <= now
}

fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Where the platform sends the owner back to. Registered with the platform by the operator.
pub fn redirect_uri(base_url: &str, platform: &PlatformName) -> String {
    format!("{base_url}/connect/callback/{platform}")
}

/// Switches an account off and forgets its tokens. Posts that wait for it fail at their time with a
/// reason that says so, unless it is connected again before.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn disconnect(app: &App, caller: &Caller, id: AccountId) -> Result<AccountView, AppError> {
    // Whether it is there is told apart from whether it was on.
    let view = crate::accounts::get(app, caller, id).await?;
    let now = app.clock.now();
    let event = NewEvent {
        id: EventId(app.entropy.uuid(now)),
        kind: EventKind::AccountDisconnected,
        payload: json!({
            "account_id": id,
            "platform": view.platform,
            "account_name": view.account_name,
            "reason": "The account was disconnected.",
        }),
    };
    app.store.disconnect_account(caller.organization_id, caller.workspace_id, id, event, now).await?;
    tracing::info!(account.id = id.0, "account disconnected");
    crate::accounts::get(app, caller, id).await
}
