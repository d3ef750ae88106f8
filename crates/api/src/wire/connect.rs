//! Links, connect sessions and device logins on the wire.

use app::connect::{ConnectLink as Link, Connected, SessionView};
use serde::Serialize;
use utoipa::ToSchema;

use super::Account;

/// A link that the account's owner opens in a browser.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectLink {
    /// What the owner opens.
    url: String,
    /// The same.
    authorize_url: String,
    /// Ask for it under `/auth/social-connect/poll/{session_id}`.
    #[schema(format = Uuid)]
    session_id: String,
    /// Lower-case platform name.
    platform: String,
    /// The account that it renews; only for a reconnect.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    account_id: Option<i64>,
    /// Seconds until it ends.
    expires_in: i64,
    /// When it ends.
    #[schema(format = DateTime)]
    expires_at: String,
    /// For people.
    message: String,
    /// What to do next.
    next_step: String,
}

impl From<&Link> for ConnectLink {
    fn from(link: &Link) -> Self {
        let name = link.platform_name;
        let message = match link.account_id {
            None => {
                format!("Open the link in a browser and sign in to {name}; it works for ten minutes, once.")
            }
            Some(_) => format!(
                "Open the link in a browser and sign in to {name} as the same profile; it works for ten minutes, once."
            ),
        };
        let next_step = match link.account_id {
            None => "Read GET /v1/accounts afterwards: the account is in the list.".to_owned(),
            Some(id) => format!("Read GET /v1/accounts/{id}/health afterwards."),
        };
        Self {
            url: link.url.clone(),
            authorize_url: link.url.clone(),
            session_id: link.id.to_string(),
            platform: link.platform.to_string(),
            account_id: link.account_id.map(|id| id.0),
            expires_in: app::connect::LIFE.as_seconds_ceil(),
            expires_at: link.expires_at.to_iso_millis(),
            message,
            next_step,
        }
    }
}

/// An account that was connected by credentials.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConnectedAccount {
    /// The account.
    account: Account,
    /// Whether it is new, or was renewed in place.
    created: bool,
    /// For people.
    message: String,
}

impl From<&Connected> for ConnectedAccount {
    fn from(connected: &Connected) -> Self {
        let name = &connected.account.account_name;
        let what = if connected.created { "connected" } else { "renewed" };
        Self {
            account: Account::from(&connected.account),
            created: connected.created,
            message: format!("{name} is {what}."),
        }
    }
}

/// An account that was disconnected.
#[derive(Serialize, ToSchema)]
pub(crate) struct DisconnectedAccount {
    /// The account, switched off.
    pub(crate) account: Account,
    /// Always true.
    pub(crate) disconnected: bool,
    /// For people.
    pub(crate) message: String,
}

/// A way through a platform's sign-in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SocialConnect {
    /// Ask for it under `/auth/social-connect/poll/{session_id}`.
    #[schema(format = Uuid)]
    pub(crate) session_id: String,
    /// What the owner opens.
    pub(crate) authorize_url: String,
    /// Seconds between two questions.
    pub(crate) interval: u32,
    /// Seconds until it ends.
    pub(crate) expires_in: i64,
}

/// Where a connect session stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct SocialConnectState {
    /// `pending`, `expired`, `cancelled` or `completed`.
    #[schema(value_type = ConnectState)]
    status: &'static str,
    /// Why nothing was connected, where that is so.
    #[schema(required)]
    message: Option<String>,
    /// The first account that was connected; only with `completed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    account: Option<Account>,
    /// All of them.
    accounts: Vec<Account>,
}

/// The states of a connect session.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum ConnectState {
    /// The owner is not done.
    Pending,
    /// Its time is over.
    Expired,
    /// The owner said no, or it went wrong.
    Cancelled,
    /// Accounts are connected.
    Completed,
}

impl From<&SessionView> for SocialConnectState {
    fn from(view: &SessionView) -> Self {
        Self {
            status: view.status,
            message: view.message.clone(),
            account: view.accounts.first().map(Account::from),
            accounts: view.accounts.iter().map(Account::from).collect(),
        }
    }
}

/// The codes of a device that waits.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceCode {
    /// The device keeps it to itself and asks with it.
    pub(crate) device_code: String,
    /// A person enters it.
    #[schema(example = "KQ7M-2VXD")]
    pub(crate) user_code: String,
    /// Where.
    pub(crate) verification_uri: String,
    /// The same with the code filled in.
    pub(crate) verification_uri_complete: String,
    /// Seconds between two questions.
    pub(crate) interval: i64,
    /// Seconds until the codes end.
    pub(crate) expires_in: i64,
}

/// What a waiting device is told.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceToken {
    /// `pending`, `slow_down`, `denied`, `expired` or `authorized`.
    #[schema(value_type = DeviceState)]
    pub(crate) status: &'static str,
    /// The key; only with `authorized`, and only once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(crate) api_key: Option<String>,
    /// The key's owner; only with `authorized`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    pub(crate) user: Option<DeviceUser>,
    /// The key's organization; only with `authorized`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, format = Uuid)]
    pub(crate) organization_id: Option<String>,
}

/// The owner of a device's key.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceUser {
    /// The address.
    pub(crate) email: String,
}

/// What a waiting device can be told.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the values for the document")]
#[schema(rename_all = "snake_case")]
pub(crate) enum DeviceState {
    /// Nobody has decided.
    Pending,
    /// It asks too often.
    SlowDown,
    /// A person said no.
    Denied,
    /// The codes are over or used.
    Expired,
    /// It is let in.
    Authorized,
}
