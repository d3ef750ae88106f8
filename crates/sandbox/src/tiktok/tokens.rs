//! Tokens of the emulated TikTok: a day's for access, a year's that renews it and is replaced when
//! it does.

use domain::{Span, Timestamp};
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use axum::response::{IntoResponse, Response};

use super::errors::{Refused, bad_token, no_scope, oauth, throttled};
use super::request::Ask;
use super::state::{CLIENT_SECRET, Grant, TikTok, Token, User, is_app, open_id};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::lock;

const ACCESS_LIFE: Span = Span::from_hours(24);
const REFRESH_LIFE: Span = Span::from_days(365);
const A_MINUTE: Span = Span::from_seconds(60);

/// Who calls, through which app, and with which scopes.
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) app: String,
    pub(super) scopes: Vec<String>,
    token: String,
}

impl Caller {
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }

    /// Refuses a caller that was not granted `scope`.
    pub(super) fn needs(&self, scope: &str) -> Result<(), Refused> {
        if self.has(scope) { Ok(()) } else { Err(no_scope(scope)) }
    }
}

/// A new pair of tokens.
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) access_ends: Timestamp,
    pub(super) refresh: String,
    pub(super) refresh_ends: Timestamp,
}

impl TikTok {
    /// The account whose valid token the call carries.
    pub(super) fn caller(&self, ask: &Ask) -> Result<Caller, Refused> {
        let token = ask.bearer.clone().unwrap_or_default();
        let row = self.tokens.get(&token).filter(|row| !row.renews && row.expires_at > self.world.now());
        let row = row.ok_or_else(bad_token)?;
        let grant = self.grants.get(&row.grant).filter(|grant| !grant.revoked).ok_or_else(bad_token)?;
        let user = self.users.get(&grant.user).ok_or_else(bad_token)?;
        Ok(Caller { user, app: grant.app, scopes: grant.scopes, token })
    }

    /// Counts a call of `what`, and refuses it where there were `limit` in the last minute.
    pub(super) fn count(&self, caller: &Caller, what: &'static str, limit: usize) -> Result<(), Refused> {
        if !caller.user.modes.enforce_limits {
            return Ok(());
        }
        let now = self.world.now();
        let mut calls = lock(&self.calls);
        let recent = calls.entry((caller.token.clone(), what)).or_default();
        while recent.front().is_some_and(|at| *at + A_MINUTE <= now) {
            recent.pop_front();
        }
        if recent.len() >= limit {
            return Err(throttled());
        }
        recent.push_back(now);
        Ok(())
    }

    /// Stores what an account allows an app.
    pub(super) fn grant(&self, user: &str, app: &str, scopes: Vec<String>) -> Result<String, SandboxError> {
        let id = self.world.entropy.token(24);
        let grant = Grant { user: user.to_owned(), app: app.to_owned(), scopes, revoked: false };
        self.grants.put(&id, &grant)?;
        Ok(id)
    }

    /// Stores new tokens, as if issued at `issued_at`, in place of a refresh token.
    pub(super) fn issue(
        &self,
        grant: &str,
        issued_at: Timestamp,
        replaced: Option<&str>,
    ) -> Result<Pair, SandboxError> {
        let entropy = &self.world.entropy;
        let pair = Pair {
            access: format!("act.{}!4521.va", entropy.token(64)),
            access_ends: issued_at + ACCESS_LIFE,
            refresh: format!("rft.{}!4573.va", entropy.token(64)),
            refresh_ends: issued_at + REFRESH_LIFE,
        };
        let row = |renews, expires_at| Token { grant: grant.to_owned(), renews, expires_at };
        let mut batch = self.world.journal.batch();
        batch.put(&self.tokens, &pair.access, &row(false, pair.access_ends))?;
        batch.put(&self.tokens, &pair.refresh, &row(true, pair.refresh_ends))?;
        if let Some(replaced) = replaced {
            batch.delete(&self.tokens, replaced);
        }
        batch.commit()?;
        Ok(pair)
    }

    /// `POST /v2/oauth/token/`: a flat answer, and flat errors.
    pub(super) fn token_endpoint(&self, ask: &Ask) -> Response {
        let form = Form(ask.form());
        let app = self.app(form.get("client_key"));
        match self.exchange(&form) {
            Ok(answer) => ([(http::header::CACHE_CONTROL, "no-store")], axum::Json(answer)).into_response(),
            Err(refused) => {
                let flat = if app.errors_as_200 { StatusCode::OK } else { StatusCode::BAD_REQUEST };
                self.refusal(refused, flat)
            }
        }
    }

    fn exchange(&self, form: &Form) -> Result<Value, Refused> {
        let key = form.get("client_key");
        if key.is_empty() {
            return Err(oauth("invalid_request", "The request parameters are malformed: client_key."));
        }
        if !is_app(key) || form.get("client_secret") != CLIENT_SECRET {
            return Err(oauth("invalid_client", "Client key or secret is incorrect."));
        }
        let _one_at_a_time = lock(&self.gate);
        match form.get("grant_type") {
            "authorization_code" => self.redeem(form, key),
            "refresh_token" => self.renew(form, key),
            _ => Err(oauth("unsupported_grant_type", "The grant type is not supported.")),
        }
    }

    fn redeem(&self, form: &Form, key: &str) -> Result<Value, Refused> {
        let presented = form.get("code");
        let expired = || oauth("invalid_grant", "Authorization code is expired.");
        let code = self.codes.get(presented).filter(|code| code.app == key).ok_or_else(expired)?;
        if form.get("redirect_uri") != code.redirect_uri {
            let words = "Redirect_uri is not matched with the uri when requesting code.";
            return Err(oauth("invalid_request", words));
        }
        self.codes.delete(presented)?;
        let now = self.world.now();
        if code.expires_at <= now {
            return Err(expired());
        }
        if let Some(challenge) = &code.challenge
            && hex(&Sha256::digest(form.get("code_verifier").as_bytes())) != *challenge
        {
            return Err(oauth("invalid_request", "Code verifier or code challenge is invalid."));
        }
        let grant = self.grant(&code.user, key, code.scopes)?;
        self.handed_out(&grant, &self.issue(&grant, now, None)?)
    }

    fn renew(&self, form: &Form, key: &str) -> Result<Value, Refused> {
        let presented = form.get("refresh_token");
        let invalid = || oauth("invalid_grant", "Refresh token is invalid or expired.");
        let now = self.world.now();
        let row = self.tokens.get(presented).filter(|row| row.renews && row.expires_at > now);
        let row = row.ok_or_else(invalid)?;
        let grant = self.grants.get(&row.grant).filter(|grant| !grant.revoked && grant.app == key);
        grant.ok_or_else(invalid)?;
        self.handed_out(&row.grant, &self.issue(&row.grant, now, Some(presented))?)
    }

    fn handed_out(&self, grant: &str, pair: &Pair) -> Result<Value, Refused> {
        let row = self.grants.get(grant).ok_or_else(bad_token)?;
        Ok(json!({
            "access_token": pair.access,
            "expires_in": ACCESS_LIFE.as_seconds_ceil(),
            "open_id": open_id(&row.user, &row.app),
            "refresh_expires_in": REFRESH_LIFE.as_seconds_ceil(),
            "refresh_token": pair.refresh,
            "scope": row.scopes.join(","),
            "token_type": "Bearer",
        }))
    }

    /// `POST /v2/oauth/revoke/`: an empty answer.
    pub(super) fn revoke_endpoint(&self, ask: &Ask) -> Response {
        let form = Form(ask.form());
        if !is_app(form.get("client_key")) || form.get("client_secret") != CLIENT_SECRET {
            let refused = oauth("invalid_client", "Client key or secret is incorrect.");
            return self.refusal(refused, StatusCode::BAD_REQUEST);
        }
        match self.revoke(form.get("token")) {
            Ok(()) => StatusCode::OK.into_response(),
            Err(error) => self.refusal(error.into(), StatusCode::BAD_REQUEST),
        }
    }

    fn revoke(&self, token: &str) -> Result<(), SandboxError> {
        if let Some(row) = self.tokens.get(token) {
            self.grants.update(&row.grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let ask = Ask::of(call.method, call.path, call.query, call.headers, call.body.clone());
        let form = Form(ask.form());
        match &ask.bearer {
            Some(token) => self.revoke(token),
            None => self.revoke(form.get("refresh_token")),
        }
    }
}

struct Form(Vec<(String, String)>);

impl Form {
    /// The value of a field; empty where there is none.
    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

/// In lower-case hex, as TikTok wants a challenge.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
