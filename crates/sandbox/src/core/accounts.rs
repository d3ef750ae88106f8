//! Accounts made by the control API: what is asked and what is answered, for all platforms.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a new platform account shall be like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent switch of the JSON call")]
pub struct CreateAccount {
    /// Its handle; made up when missing.
    pub username: Option<String>,
    /// Its shown name; made from the handle when missing.
    pub display_name: Option<String>,
    /// Whether credentials are wanted.
    pub token: bool,
    /// Whether those credentials are expired (access and refresh) from the start.
    pub expired: bool,
    /// Whether it pays for the platform's larger limits.
    pub premium: bool,
    /// Whether it is a page of an organization in place of a person.
    pub organization: bool,
    /// What only one platform understands.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A new platform account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreatedAccount {
    /// The platform's name.
    pub platform: String,
    /// Its id on the platform.
    pub platform_user_id: String,
    /// Its handle.
    pub username: String,
    /// Its shown name.
    pub display_name: String,
    /// Its picture.
    pub avatar_url: String,
    /// The id of the emulated developer app.
    pub client_id: String,
    /// The secret of that app.
    pub client_secret: String,
    /// What opens the account, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<CreatedCredentials>,
    /// What only this platform has.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What opens an emulated account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedCredentials {
    /// The access token.
    pub access_token: String,
    /// The token that renews it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// When the access token ends, ISO 8601; missing when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// When the refresh token ends, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_expires_at: Option<String>,
    /// The granted scopes.
    pub scopes: Vec<String>,
    /// A password for programs, where the platform has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_password: Option<String>,
    /// The account's own server, where the platform has many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_url: Option<String>,
}
