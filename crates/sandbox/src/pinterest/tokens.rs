//! Tokens: thirty days of access, sixty days in which it is renewed, again and again. The app names
//! itself in the header only.

use domain::{Span, Timestamp};
use serde_json::{Value, json};

use super::errors::{PinterestError, bad_grant, unauthorized};
use super::request::{Ask, field};
use super::state::{CLIENT_ID, CLIENT_SECRET, Grant, Pinterest, Token};
use crate::core::error::SandboxError;
use crate::core::lock;

const ACCESS_LIFE: Span = Span::from_days(30);
const REFRESH_LIFE: Span = Span::from_days(60);

/// An access token with the refresh token that renews it.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) access_ends: Timestamp,
    pub(super) refresh_ends: Timestamp,
}

/// Whether a token call is a renewal.
pub(super) fn is_refresh(body: &[u8]) -> bool {
    field(body, "grant_type").as_deref() == Some("refresh_token")
}

impl Pinterest {
    /// Stores a new pair of tokens, as if issued at `now`.
    pub(super) fn issue(&self, grant: &str, now: Timestamp) -> Result<Pair, SandboxError> {
        let pair = Pair {
            access: format!("pina_{}", self.world.entropy.token(86)),
            refresh: format!("pinr_{}", self.world.entropy.token(86)),
            access_ends: now + ACCESS_LIFE,
            refresh_ends: now + REFRESH_LIFE,
        };
        let token = |expires_at| Token { grant: grant.to_owned(), expires_at };
        let mut batch = self.world.journal.batch();
        batch.put(&self.access, &pair.access, &token(pair.access_ends))?;
        batch.put(&self.refresh, &pair.refresh, &token(pair.refresh_ends))?;
        batch.commit()?;
        Ok(pair)
    }

    /// `POST /v5/oauth/token`
    pub(super) fn token(&self, ask: &Ask) -> Result<Value, PinterestError> {
        let is_app = ask.basic().is_some_and(|(id, secret)| id == CLIENT_ID && secret == CLIENT_SECRET);
        if !is_app {
            return Err(unauthorized());
        }
        let _one_at_a_time = lock(&self.gate);
        match ask.form("grant_type").as_deref() {
            Some("authorization_code") => self.exchange(ask),
            Some("refresh_token") => self.renew(ask),
            _ => Err(bad_grant("Invalid grant type")),
        }
    }

    fn exchange(&self, ask: &Ask) -> Result<Value, PinterestError> {
        let wrong = || bad_grant("Invalid authorization code");
        let presented = ask.form("code").ok_or_else(wrong)?;
        let code = self.codes.get(&presented).ok_or_else(wrong)?;
        self.codes.delete(&presented)?;
        if code.expires_at <= self.world.now()
            || ask.form("redirect_uri").as_ref() != Some(&code.redirect_uri)
        {
            return Err(wrong());
        }
        let grant = self.world.entropy.token(24);
        let row = Grant { user: code.user, scopes: code.scopes.clone(), revoked: false };
        self.grants.put(&grant, &row)?;
        let pair = self.issue(&grant, self.world.now())?;
        Ok(self.issued("authorization_code", &pair, &code.scopes))
    }

    fn renew(&self, ask: &Ask) -> Result<Value, PinterestError> {
        let wrong = || bad_grant("Invalid refresh token");
        let presented = ask.form("refresh_token").ok_or_else(wrong)?;
        let token = self.refresh.get(&presented).ok_or_else(wrong)?;
        let grant = self.grants.get(&token.grant).ok_or_else(wrong)?;
        if grant.revoked || token.expires_at <= self.world.now() {
            return Err(wrong());
        }
        let pair = self.issue(&token.grant, self.world.now())?;
        Ok(self.issued("refresh_token", &pair, &grant.scopes))
    }

    fn issued(&self, kind: &str, pair: &Pair, scopes: &[String]) -> Value {
        let now = self.world.now();
        json!({
            "response_type": kind,
            "access_token": pair.access,
            "token_type": "bearer",
            "expires_in": pair.access_ends.since(now).as_seconds_ceil(),
            "scope": scopes.join(" "),
            "refresh_token": pair.refresh,
            "refresh_token_expires_in": pair.refresh_ends.since(now).as_seconds_ceil(),
            "refresh_token_expires_at": pair.refresh_ends.as_seconds(),
        })
    }
}
