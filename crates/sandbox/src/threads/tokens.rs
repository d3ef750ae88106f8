//! Tokens of the emulated Threads: an hour's from a code, 60 days' from that, and that renewed when
//! it is a day old.

use domain::{Span, Timestamp};
use http::Method;
use serde_json::{Value, json};

use super::errors::{ThreadsError, bad_token, coded, flat, no_permission, parameter};
use super::request::Ask;
use super::state::{CLIENT_ID, CLIENT_SECRET, Grant, Threads, Token, User};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::lock;

const SHORT_LIFE: Span = Span::from_hours(1);
/// How long a long-lived token opens.
pub(super) const LONG_LIFE: Span = Span::from_days(60);
/// How old a token must be to be renewed.
const RENEWABLE_AFTER: Span = Span::from_hours(24);
/// How long after the last consent an app may read.
const DATA_ACCESS: Span = Span::from_days(90);

/// Who calls, and with which scopes.
pub(super) struct Caller {
    pub(super) user: User,
    scopes: Vec<String>,
}

impl Caller {
    /// Refuses a caller that was not granted `scope`.
    pub(super) fn needs(&self, scope: &str) -> Result<(), ThreadsError> {
        if self.scopes.iter().any(|granted| granted == scope) { Ok(()) } else { Err(no_permission(scope)) }
    }
}

impl Threads {
    /// The profile whose valid token the call carries.
    pub(super) fn caller(&self, ask: &Ask) -> Result<Caller, ThreadsError> {
        let token = ask.token().ok_or_else(|| {
            coded(2_500, "An active access token must be used to query information about the current user.")
        })?;
        let (user, grant, _) = self.opened_by(token)?;
        let caller = Caller { user, scopes: grant.scopes };
        caller.needs("threads_basic")?;
        Ok(caller)
    }

    fn opened_by(&self, token: &str) -> Result<(User, Grant, Token), ThreadsError> {
        let unknown = || bad_token(None, "Invalid OAuth access token - Cannot parse access token");
        let row = self.tokens.get(token).ok_or_else(unknown)?;
        let grant = self.grants.get(&row.grant).ok_or_else(unknown)?;
        let user = self.users.get(&grant.user).ok_or_else(unknown)?;
        if grant.revoked {
            let why = "Error validating access token: The user has not authorized the application.";
            return Err(bad_token(Some(458), why));
        }
        if row.expires_at <= self.world.now() {
            let ended = row.expires_at.to_iso_millis();
            let why = format!("Error validating access token: Session has expired on {ended}.");
            return Err(bad_token(Some(463), &why));
        }
        Ok((user, grant, row))
    }

    /// Stores a new token, as if issued at `issued_at`.
    pub(super) fn issue(
        &self,
        grant: &str,
        short: bool,
        issued_at: Timestamp,
    ) -> Result<(String, Timestamp), SandboxError> {
        let token = format!("THAA{}", self.world.entropy.token(if short { 170 } else { 190 }));
        let expires_at = issued_at + if short { SHORT_LIFE } else { LONG_LIFE };
        self.tokens.put(&token, &Token { grant: grant.to_owned(), short, issued_at, expires_at })?;
        Ok((token, expires_at))
    }

    /// Stores what a profile allows.
    pub(super) fn grant(&self, user: &str, scopes: Vec<String>) -> Result<String, SandboxError> {
        let grant = self.world.entropy.token(24);
        self.grants.put(&grant, &Grant { user: user.to_owned(), scopes, revoked: false })?;
        Ok(grant)
    }

    /// `oauth/access_token`
    pub(super) fn access_token(&self, ask: &Ask) -> Result<Value, ThreadsError> {
        if ask.get("client_id") != Some(CLIENT_ID) || ask.get("client_secret") != Some(CLIENT_SECRET) {
            return Err(flat("Error validating client secret."));
        }
        match (&ask.method, ask.get("grant_type")) {
            (_, Some("client_credentials")) => {
                let token = format!("TH|{CLIENT_ID}|{}", self.world.entropy.token(27));
                let issued_at = self.world.now();
                let row = Token {
                    grant: String::new(),
                    short: false,
                    issued_at,
                    expires_at: issued_at + LONG_LIFE,
                };
                self.tokens.put(&token, &row)?;
                Ok(json!({"access_token": token, "token_type": "bearer"}))
            }
            (&Method::POST, Some("authorization_code")) => self.exchange_code(ask),
            _ => Err(flat("Invalid grant_type")),
        }
    }

    fn exchange_code(&self, ask: &Ask) -> Result<Value, ThreadsError> {
        let _one_at_a_time = lock(&self.gate);
        let presented = ask.get("code").unwrap_or_default();
        // The fragment behind the address is not a part of the code.
        let code = self.codes.get(presented);
        let code = code.ok_or_else(|| flat("Invalid verification code format."))?;
        if ask.get("redirect_uri") != Some(&code.redirect_uri) {
            let why = "Error validating verification code. Please make sure your redirect_uri is identical to the \
                       one you used in the OAuth dialog request";
            return Err(flat(why));
        }
        self.codes.delete(presented)?;
        let now = self.world.now();
        if code.expires_at <= now {
            return Err(flat("This authorization code has expired."));
        }
        let grant = self.grant(&code.user, code.scopes)?;
        let (token, _) = self.issue(&grant, true, now)?;
        // A number that JavaScript cannot hold, on purpose: so is the real one.
        let user: u64 = code.user.parse().unwrap_or(0);
        Ok(json!({"access_token": token, "user_id": user}))
    }

    /// `access_token`: a long-lived token for a short-lived one.
    pub(super) fn lengthen(&self, ask: &Ask) -> Result<Value, ThreadsError> {
        if ask.get("grant_type") != Some("th_exchange_token") {
            return Err(parameter("Param grant_type must be one of {TH_EXCHANGE_TOKEN}"));
        }
        if ask.get("client_secret") != Some(CLIENT_SECRET) {
            return Err(coded(1, "Error validating client secret."));
        }
        let (_, _, token) = self.opened_by(ask.token().unwrap_or_default())?;
        if !token.short {
            return Err(bad_token(Some(452), "Session key invalid: the token is long-lived already."));
        }
        self.long_lived(&token.grant)
    }

    /// `refresh_access_token`: a long-lived token for a long-lived one.
    pub(super) fn renew(&self, ask: &Ask) -> Result<Value, ThreadsError> {
        if ask.get("grant_type") != Some("th_refresh_token") {
            return Err(parameter("Param grant_type must be one of {TH_REFRESH_TOKEN}"));
        }
        let (_, _, token) = self.opened_by(ask.token().unwrap_or_default())?;
        if token.short {
            return Err(parameter("The access token is not a long-lived one."));
        }
        if token.issued_at + RENEWABLE_AFTER > self.world.now() {
            return Err(parameter("The access token must be at least 24 hours old to be refreshed."));
        }
        self.long_lived(&token.grant)
    }

    fn long_lived(&self, grant: &str) -> Result<Value, ThreadsError> {
        let (token, _) = self.issue(grant, false, self.world.now())?;
        Ok(json!({"access_token": token, "token_type": "bearer", "expires_in": LONG_LIFE.as_seconds_ceil()}))
    }

    /// `debug_token`
    pub(super) fn debug_token(&self, ask: &Ask) -> Result<Value, ThreadsError> {
        let asks = ask.token().unwrap_or_default();
        let is_app = asks == format!("TH|{CLIENT_ID}|{CLIENT_SECRET}")
            || self.tokens.get(asks).is_some_and(|token| token.grant.is_empty());
        if !is_app {
            self.opened_by(asks)?;
        }
        let presented = ask.get("input_token").unwrap_or_default();
        let found =
            self.tokens.get(presented).and_then(|token| Some((self.grants.get(&token.grant)?, token)));
        let Some((grant, token)) = found else {
            let error = json!({"code": 190, "message": "Invalid OAuth access token."});
            return Ok(json!({"data": {"error": error, "is_valid": false, "scopes": []}}));
        };
        Ok(json!({"data": {
            "type": "USER",
            "application": "Fanfare in the sandbox",
            "data_access_expires_at": (token.issued_at + DATA_ACCESS).as_seconds(),
            "expires_at": token.expires_at.as_seconds(),
            "is_valid": !grant.revoked && token.expires_at > self.world.now(),
            "issued_at": token.issued_at.as_seconds(),
            "scopes": grant.scopes,
            "user_id": grant.user,
        }}))
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let ask = Ask::read(call.method, call.path, call.query, call.headers, call.body);
        let token = ask.ok().and_then(|ask| self.tokens.get(ask.token()?));
        if let Some(token) = token {
            self.grants.update(&token.grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }
}
