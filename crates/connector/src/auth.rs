//! Tokens: what they are, how they are renewed, whose they are.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use domain::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{CredentialSignIn, Cx, Failure, OAuth};

/// What opens an account. Stored encrypted; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The access token (or app password session token).
    pub access_token: String,
    /// The token that renews it, where there is one.
    pub refresh_token: Option<String>,
    /// When the access token ends.
    pub access_expires_at: Option<Timestamp>,
    /// When the refresh token ends.
    pub refresh_expires_at: Option<Timestamp>,
    /// The scopes that were granted.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// A long-lived secret that can make a new session, such as an app password.
    #[serde(default)]
    pub secret: Option<String>,
    /// The access token itself is exchanged for a fresh one while it is alive (Meta's long-lived
    /// tokens).
    #[serde(default)]
    pub renews_itself: bool,
}

impl Credentials {
    /// An access token that does not end by itself and that nothing renews.
    pub const fn lasting(access_token: String) -> Self {
        Self {
            access_token,
            refresh_token: None,
            access_expires_at: None,
            refresh_expires_at: None,
            scopes: Vec::new(),
            secret: None,
            renews_itself: false,
        }
    }

    /// When access ends for good: renewable access ends with what renews it, or with the token that
    /// was had from it last.
    pub fn access_ends_at(&self) -> Option<Timestamp> {
        if self.secret.is_some() {
            None
        } else if self.refresh_token.is_some() {
            let renewable_until = self.refresh_expires_at?;
            Some(self.access_expires_at.map_or(renewable_until, |end| end.max(renewable_until)))
        } else {
            self.access_expires_at
        }
    }

    /// Whether a new access token can be had without the owner.
    pub fn is_renewable(&self) -> bool {
        self.secret.is_some() || self.refresh_token.is_some() || self.renews_itself
    }

    /// Whether the access token is past its end, or will be within `margin`.
    pub fn is_stale(&self, now: Timestamp, margin: Span) -> bool {
        self.access_expires_at.is_some_and(|end| end <= now + margin)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_token", &"***")
            .field("access_expires_at", &self.access_expires_at)
            .finish_non_exhaustive()
    }
}

/// The app that is registered with a platform.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppCredentials {
    /// The public id.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
}

impl fmt::Debug for AppCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppCredentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Whose account a token opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The platform's own id; never changes.
    pub platform_user_id: String,
    /// The handle without `@`, where there is one.
    pub username: Option<String>,
    /// The name that is shown.
    pub display_name: String,
    /// The picture.
    pub avatar_url: Option<String>,
    /// Whether the account has the platform's paid tier.
    pub premium: bool,
    /// The host that serves this account, where accounts live on different ones (Bluesky PDS).
    pub service_url: Option<String>,
}

/// What a platform does about tokens.
pub trait Auth: Send + Sync {
    /// Renews the credentials. Called by one caller at a time per account, and the result is
    /// durable before it is used.
    ///
    /// # Errors
    /// [`domain::Class::TokenExpired`] when the owner has to connect again; every other class means
    /// that the old credentials may still be good.
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>>;

    /// Asks the platform whose token this is.
    ///
    /// # Errors
    /// As every call to a platform.
    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>>;

    /// How accounts are connected by OAuth, where they are.
    fn oauth(&self) -> Option<&dyn OAuth> {
        None
    }

    /// How accounts are connected by entered credentials, where they are.
    fn credential(&self) -> Option<&dyn CredentialSignIn> {
        None
    }
}
