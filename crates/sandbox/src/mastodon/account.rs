//! Accounts of the emulated servers: made by the control API, shown by `verify_credentials`.

use domain::Span;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::{MastodonError, bad_token, not_found, outside_scopes, plain};
use super::request::Ask;
use super::state::{CLIENT_ID, CLIENT_SECRET, Mastodon, Server, Token, USUAL_SCOPES, User};
use super::{HOSTS, PLATFORM, USUAL_HOST};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

/// Who calls, and through which app.
pub(super) struct Caller {
    pub(super) user: User,
    pub(super) client_id: String,
}

impl Mastodon {
    /// Makes an account, or finds the one with this handle, and a token when asked. `extra` may have
    /// `server` (its host), `scopes`, `enforce_limits`, `list_lag_s` (for so long a new status is not
    /// listed), `disabled`, and what holds for the whole server: `max_characters`, `forgets_keys`.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let (name, host) = self.place_of(wanted)?;
        let user = self.find_or_make_user(wanted, name, &host)?;
        let server = self.server(&host);
        let credentials = if wanted.token { Some(self.log_in(&user, wanted, origin)?) } else { None };
        let mut extra = Map::new();
        extra.insert("premium".to_owned(), json!(server.max_characters > 500));
        extra.insert("service_url".to_owned(), json!(origin.url(&host, "")));
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: picture(&user, origin),
            platform_user_id: user.key(),
            username: user.handle(),
            display_name: user.name,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra,
        })
    }

    /// The name without its host, if one is given, and the host.
    fn place_of(&self, wanted: &CreateAccount) -> Result<(Option<String>, String), SandboxError> {
        let handle = wanted.username.as_deref().map(|name| name.trim_start_matches('@'));
        let (name, of_handle) = match handle.map(|handle| handle.split_once('@').ok_or(handle)) {
            Some(Ok((name, host))) => (Some(name.to_owned()), Some(host)),
            Some(Err(name)) => (Some(name.to_owned()), None),
            None => (None, None),
        };
        let host = wanted.extra.get("server").and_then(Value::as_str).or(of_handle).unwrap_or(USUAL_HOST);
        if !HOSTS.contains(&host) {
            let message = format!("the sandbox has the Mastodon servers {}", HOSTS.join(", "));
            return Err(SandboxError::invalid(message));
        }
        let own = |name: &str| wanted.extra.get(name);
        if own("max_characters").is_some() || own("forgets_keys").is_some() {
            let known = self.server(host);
            let characters = own("max_characters").and_then(Value::as_u64);
            let server = Server {
                max_characters: characters
                    .and_then(|most| usize::try_from(most).ok())
                    .unwrap_or(known.max_characters),
                forgets_keys: own("forgets_keys").and_then(Value::as_bool).unwrap_or(known.forgets_keys),
            };
            self.servers.put(host, &server)?;
        }
        Ok((name, host.to_owned()))
    }

    fn find_or_make_user(
        &self,
        wanted: &CreateAccount,
        name: Option<String>,
        host: &str,
    ) -> Result<User, SandboxError> {
        let id = self.new_id();
        let username = name.unwrap_or_else(|| format!("user_{}", &id[id.len() - 9..]));
        let letters =
            username.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
        if !letters || !(1..=30).contains(&username.len()) {
            let message = "a username on Mastodon has 1 to 30 letters, digits and underscores";
            return Err(SandboxError::invalid(message));
        }
        if let Some(user) = self.user_named(host, &username) {
            return Ok(user);
        }
        let flag = |name: &str| wanted.extra.get(name).and_then(Value::as_bool).unwrap_or(false);
        let lag_s = wanted.extra.get("list_lag_s").and_then(Value::as_i64).unwrap_or(0);
        let user = User {
            host: host.to_owned(),
            id,
            name: wanted.display_name.clone().unwrap_or_else(|| username.clone()),
            username,
            limited: flag("enforce_limits"),
            disabled: flag("disabled"),
            list_lag: Span::from_seconds(lag_s),
        };
        self.users.put(&user.key(), &user)?;
        Ok(user)
    }

    fn log_in(
        &self,
        user: &User,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedCredentials, SandboxError> {
        let scopes = wanted.extra.get("scopes").and_then(Value::as_str).unwrap_or(USUAL_SCOPES);
        let scopes: Vec<String> = scopes.split([' ', ',']).map(str::to_owned).collect();
        let token = self.world.entropy.token(43);
        let row = Token {
            host: user.host.clone(),
            client_id: CLIENT_ID.to_owned(),
            user: user.key(),
            scopes: scopes.clone(),
            created_at: self.world.now(),
            // Tokens do not end; one that no longer opens the account was withdrawn.
            revoked: wanted.expired,
        };
        self.tokens.put(&token, &row)?;
        Ok(CreatedCredentials {
            access_token: token,
            scopes,
            service_url: Some(origin.url(&user.host, "")),
            ..CreatedCredentials::default()
        })
    }

    /// The account whose token the call carries, if the token has one of `scopes` (or any, if none is
    /// named).
    pub(super) fn caller(
        &self,
        ask: &Ask,
        origin: &Origin,
        scopes: &[&str],
    ) -> Result<Caller, MastodonError> {
        let token = ask.token().and_then(|token| self.tokens.get(token));
        let token = token.filter(|token| token.host == origin.host).ok_or_else(|| bad_token("is invalid"))?;
        if token.revoked {
            return Err(bad_token("was revoked"));
        }
        let user = self.users.get(&token.user).ok_or_else(|| {
            plain(StatusCode::UNPROCESSABLE_ENTITY, "This method requires an authenticated user")
        })?;
        if user.disabled {
            return Err(plain(StatusCode::FORBIDDEN, "Your login is currently disabled"));
        }
        // `write` includes `write:statuses`.
        let covers = |scope: &str| {
            let whole = scope.split(':').next().unwrap_or(scope);
            token.scopes.iter().any(|granted| granted == scope || granted == whole)
        };
        if !scopes.is_empty() && !scopes.iter().any(|scope| covers(scope)) {
            return Err(outside_scopes());
        }
        Ok(Caller { user, client_id: token.client_id })
    }

    /// `GET /api/v1/accounts/verify_credentials`
    pub(super) fn verify_credentials(&self, ask: &Ask, origin: &Origin) -> Result<Value, MastodonError> {
        let caller = self.caller(ask, origin, &["profile", "read:accounts"])?;
        let mut shown = self.shown_account(&caller.user, origin);
        shown["source"] = json!({
            "privacy": "public",
            "sensitive": false,
            "language": "en",
            "note": "",
            "fields": [],
            "follow_requests_count": 0,
            "quote_policy": "public",
        });
        Ok(shown)
    }

    /// `GET /api/v1/accounts/{id}`
    pub(super) fn account(&self, id: &str, origin: &Origin) -> Result<Value, MastodonError> {
        let user = self.users.get(&format!("{id}@{}", origin.host)).ok_or_else(not_found)?;
        Ok(self.shown_account(&user, origin))
    }

    /// Withdraws the token that `call` carries.
    pub(super) fn revoke_token_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let bearer = call.headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
            self.tokens.update(token, |token| token.revoked = true)?;
        }
        Ok(())
    }
}

/// The address of an account's picture.
pub(super) fn picture(user: &User, origin: &Origin) -> String {
    origin.url(&user.host, &format!("/avatars/{}.png", user.id))
}
