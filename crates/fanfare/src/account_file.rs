//! An account as a JSON text: what `fanfare account add` reads and the sandbox hands out.

use anyhow::{Context as _, Result};
use connector::{Credentials, Identity};
use domain::Timestamp;
use serde::Deserialize;

/// An account with its credentials.
#[derive(Deserialize)]
pub(crate) struct AccountFile {
    pub(crate) platform: String,
    platform_user_id: String,
    /// LinkedIn's full name of a person or a page.
    urn: Option<String>,
    username: Option<String>,
    display_name: String,
    avatar_url: Option<String>,
    #[serde(default)]
    premium: bool,
    service_url: Option<String>,
    /// Whether the access token is exchanged for a fresh one while it is alive.
    #[serde(default)]
    renews_itself: bool,
    credentials: Tokens,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: Option<String>,
    refresh_expires_at: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    app_password: Option<String>,
    service_url: Option<String>,
}

impl AccountFile {
    /// Reads the JSON text.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).context("this is not the JSON form of an account")
    }

    /// The owner and the credentials in it.
    pub(crate) fn read(self) -> Result<(Identity, Credentials)> {
        let moment = |text: Option<String>| {
            text.map(|text| Timestamp::parse(&text).with_context(|| format!("\"{text}\" is no time")))
                .transpose()
        };
        let tokens = self.credentials;
        // A page is told from a person by its URN alone.
        let page = self.urn.filter(|urn| urn.starts_with("urn:li:organization:"));
        let identity = Identity {
            platform_user_id: page.unwrap_or(self.platform_user_id),
            username: self.username,
            display_name: self.display_name,
            avatar_url: self.avatar_url,
            premium: self.premium,
            service_url: self.service_url.or(tokens.service_url),
        };
        let credentials = Credentials {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            access_expires_at: moment(tokens.expires_at)?,
            refresh_expires_at: moment(tokens.refresh_expires_at)?,
            scopes: tokens.scopes,
            secret: tokens.app_password,
            renews_itself: self.renews_itself,
        };
        Ok((identity, credentials))
    }
}
