//! Access tokens: making them, and finding out who calls and what they may.

use domain::{Span, Timestamp};

use super::error::GraphError;
use super::logins::{APP_SECRET, Grant, Logins, Page, Token, User, secret_of, secrets};
use super::request::GraphRequest;
use super::signed_request::hmac_hex;
use crate::core::error::SandboxError;

/// How long a token from a login in a browser lives.
pub(crate) const SHORT_LIFE: Span = Span::from_hours(2);
/// How long one lives that it was exchanged for.
pub(crate) const LONG_LIFE: Span = Span::from_days(60);
/// How long data may be read after the person was last there.
pub(crate) const DATA_ACCESS: Span = Span::from_days(90);

/// Who calls.
pub(crate) struct Caller {
    pub(crate) user: User,
    /// The Page whose token it is.
    pub(crate) page: Option<Page>,
    pub(crate) grant: Grant,
    pub(crate) token: Token,
}

impl Caller {
    /// Refuses a caller that was not given a permission (for its Page, where it is one).
    pub(crate) fn need(&self, scope: &str) -> Result<(), GraphError> {
        let has = match &self.page {
            Some(page) => self.grant.covers(scope, &page.id),
            None => self.grant.has(scope),
        };
        if has { Ok(()) } else { Err(GraphError::permission(scope)) }
    }
}

impl Logins {
    /// Makes a token of a person, or of a Page through them. The same Page through the same kind of
    /// access is always given the same token.
    pub(crate) fn issue(
        &self,
        user: &str,
        page: Option<&str>,
        expires_at: Option<Timestamp>,
    ) -> Result<String, SandboxError> {
        let generation = self.grants.get(user).unwrap_or_default().generation;
        let text = match page {
            None => format!("EAAB{}", self.world.entropy.token(160)),
            Some(page) => {
                let end = expires_at.map(Timestamp::as_micros);
                let seed = format!("{user}/{page}/{generation}/{end:?}");
                format!("EAAP{}{}", hmac_hex(APP_SECRET, seed.as_bytes()), hmac_hex("Page", seed.as_bytes()))
            }
        };
        if self.tokens.get(&text).is_none() {
            let token = Token {
                user: user.to_owned(),
                page: page.map(str::to_owned),
                generation,
                issued_at: self.world.now(),
                expires_at,
            };
            self.tokens.put(&text, &token)?;
        }
        Ok(text)
    }

    /// Whose valid token the call carries. A proof that comes with it is checked.
    pub(crate) fn caller(&self, request: &GraphRequest) -> Result<Caller, GraphError> {
        let Some(text) = request.token.as_deref().filter(|text| !text.is_empty()) else {
            return Err(GraphError::new(104, "An access token is required to request this resource."));
        };
        if let Some(proof) = request.get("appsecret_proof")
            && secrets().all(|secret| proof != hmac_hex(secret, text.as_bytes()))
        {
            let message = "Invalid appsecret_proof provided in the API argument";
            return Err(GraphError { kind: "GraphMethodException", ..GraphError::new(100, message) });
        }
        let token = self.tokens.get(text).filter(|token| !token.user.is_empty());
        let token = token.ok_or_else(unreadable)?;
        self.check(&token)?;
        let user = self.users.get(&token.user).ok_or_else(unreadable)?;
        let grant = self.grants.get(&token.user).unwrap_or_default();
        let page = token.page.as_deref().and_then(|page| self.pages.get(page));
        if token.page.is_some() && page.is_none() {
            return Err(unreadable());
        }
        Ok(Caller { user, page, grant, token })
    }

    /// Refuses a token that has ended, in the words for how it did.
    pub(crate) fn check(&self, token: &Token) -> Result<(), GraphError> {
        let now = self.world.now();
        let grant = self.grants.get(&token.user).unwrap_or_default();
        if token.generation < grant.generation {
            let why = match grant.ended {
                459 => "The user is enrolled in a blocking, logged-in checkpoint",
                460 => {
                    "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons."
                }
                464 => "Sessions for the user are not allowed because the user is not a confirmed user.",
                467 => "The session is invalid because the user logged out.",
                492 => {
                    "The user must be an administrator, editor, or moderator of the page in order to impersonate it."
                }
                _ => "The user has not authorized application 100000000000001.",
            };
            return Err(GraphError::token(grant.ended, why));
        }
        if let Some(page) = &token.page
            && self.tasks(&token.user, page).is_empty()
        {
            let why = "The user must be an administrator, editor, or moderator of the page in order to impersonate it.";
            return Err(GraphError::token(492, why));
        }
        if let Some(end) = token.expires_at.filter(|end| *end <= now) {
            let why = format!(
                "Session has expired on {}. The current time is {}.",
                end.to_iso_millis(),
                now.to_iso_millis()
            );
            return Err(GraphError::token(463, &why));
        }
        Ok(())
    }

    /// Whether a token is the app's own.
    pub(crate) fn is_app_token(&self, text: &str) -> bool {
        let is_pair = |(app, secret): (&str, &str)| secret_of(app) == Some(secret);
        text.split_once('|').is_some_and(is_pair)
            || self.tokens.get(text).is_some_and(|token| token.user.is_empty())
    }

    /// Ends what the owner of the token in the call allowed, as when they remove the app.
    pub(crate) fn revoke_of(&self, request: &GraphRequest) -> Result<(), SandboxError> {
        let presented = request.get("fb_exchange_token").or(request.token.as_deref());
        match presented.and_then(|text| self.tokens.get(text)) {
            Some(token) if !token.user.is_empty() => self.end(&token.user, 458),
            _ => Ok(()),
        }
    }
}

/// Refuses a call that does not name the app by id and secret.
pub(crate) fn check_app(request: &GraphRequest) -> Result<(), GraphError> {
    let Some(secret) = request.get("client_id").and_then(secret_of) else {
        let message = "Error validating application. Cannot get application info due to a system error.";
        return Err(GraphError::new(101, message));
    };
    if request.get("client_secret") != Some(secret) {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    Ok(())
}

fn unreadable() -> GraphError {
    GraphError {
        status: http::StatusCode::UNAUTHORIZED,
        ..GraphError::new(190, "Invalid OAuth access token - Cannot parse access token")
    }
}
