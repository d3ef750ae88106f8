//! Accounts: made by the control API, shown by `user_account`.

use domain::Span;
use serde_json::{Map, Value, json};

use super::errors::{PinterestError, missing_scopes, unauthorized};
use super::request::Ask;
use super::state::{Board, CLIENT_ID, CLIENT_SECRET, Grant, Pinterest, USUAL_SCOPES, User};
use super::{PAGE_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::figures::followers;
use crate::core::lock;
use crate::core::origin::Origin;

impl Pinterest {
    /// Makes an account with a board, or finds the one with this handle, and a login for it when asked.
    /// `extra` may have `scopes`, `trial` (the app has trial access only), `boards` (their names),
    /// `enforce_limits` and `list_lag_s` (for so long a new pin is not listed). The answer names the
    /// boards.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let user = self.find_or_make_user(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&user, wanted)?) } else { None };
        let boards = self.boards_of(&user.id).into_iter();
        let boards: Vec<Value> = boards.map(|board| json!({"id": board.id, "name": board.name})).collect();
        let mut extra = Map::new();
        extra.insert("boards".to_owned(), Value::Array(boards));
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: picture(&user, origin),
            platform_user_id: user.id,
            username: user.username,
            display_name: user.name,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra,
        })
    }

    fn find_or_make_user(&self, wanted: &CreateAccount) -> Result<User, SandboxError> {
        let id = self.new_id();
        let username = match wanted.username.as_deref().map(|name| name.trim_start_matches('@')) {
            None => format!("user_{}", &id[id.len() - 9..]),
            Some(name) => {
                let letters =
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
                if !letters || !(3..=30).contains(&name.len()) {
                    let message = "a username on Pinterest has 3 to 30 letters, digits and underscores";
                    return Err(SandboxError::invalid(message));
                }
                name.to_owned()
            }
        };
        if let Some(user) = self.user_named(&username) {
            return Ok(user);
        }
        let flag = |name: &str| wanted.extra.get(name).and_then(Value::as_bool).unwrap_or(false);
        let lag_s = wanted.extra.get("list_lag_s").and_then(Value::as_i64).unwrap_or(0);
        let user = User {
            id,
            name: wanted.display_name.clone().unwrap_or_else(|| username.clone()),
            username,
            trial: flag("trial"),
            limited: flag("enforce_limits"),
            list_lag: Span::from_seconds(lag_s),
        };
        self.users.put(&user.id, &user)?;
        let wanted_boards = wanted.extra.get("boards").and_then(Value::as_array);
        let names: Vec<&str> =
            wanted_boards.map_or(vec!["Spring"], |names| names.iter().filter_map(Value::as_str).collect());
        for name in names {
            let board = Board {
                id: self.new_id(),
                user: user.id.clone(),
                name: name.to_owned(),
                description: None,
                privacy: "PUBLIC".to_owned(),
                sections: Vec::new(),
                created_at: self.world.now(),
                pins_modified_at: self.world.now(),
            };
            self.boards.put(&board.id, &board)?;
        }
        Ok(user)
    }

    fn log_in(&self, user: &User, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let scopes = wanted.extra.get("scopes").and_then(Value::as_str).unwrap_or(USUAL_SCOPES);
        let scopes: Vec<String> = scopes.split([' ', ',']).map(str::to_owned).collect();
        let grant = self.world.entropy.token(24);
        let row = Grant { user: user.id.clone(), scopes: scopes.clone(), revoked: false };
        self.grants.put(&grant, &row)?;
        let back = if wanted.expired { Span::from_days(70) } else { Span::ZERO };
        let pair = self.issue(&grant, self.world.now() - back)?;
        Ok(CreatedCredentials {
            access_token: pair.access,
            refresh_token: Some(pair.refresh),
            expires_at: Some(pair.access_ends.to_iso_millis()),
            refresh_expires_at: Some(pair.refresh_ends.to_iso_millis()),
            scopes,
            ..CreatedCredentials::default()
        })
    }

    /// The account whose valid token the call carries, if the token has all of `scopes`.
    pub(super) fn caller(&self, ask: &Ask, scopes: &[&str]) -> Result<User, PinterestError> {
        let token = ask.bearer().and_then(|token| self.access.get(token)).ok_or_else(unauthorized)?;
        let grant = self.grants.get(&token.grant).ok_or_else(unauthorized)?;
        if grant.revoked || token.expires_at <= self.world.now() {
            return Err(unauthorized());
        }
        let lacks = |scope: &&&str| !grant.scopes.iter().any(|granted| granted == **scope);
        let missing: Vec<&str> = scopes.iter().filter(lacks).copied().collect();
        if !missing.is_empty() {
            return Err(missing_scopes(&missing));
        }
        self.users.get(&grant.user).ok_or_else(unauthorized)
    }

    /// Whether the token of the call has this scope.
    pub(super) fn has_scope(&self, ask: &Ask, scope: &str) -> bool {
        self.caller(ask, &[scope]).is_ok()
    }

    /// `GET /v5/user_account`
    pub(super) fn user_account(&self, ask: &Ask, origin: &Origin) -> Result<Value, PinterestError> {
        let user = self.caller(ask, &["user_accounts:read"])?;
        Ok(json!({
            "id": user.id,
            "username": user.username,
            "account_type": "BUSINESS",
            "business_name": user.name,
            "about": "An account of the sandbox.",
            "profile_image": picture(&user, origin),
            "website_url": "",
            "board_count": self.boards_of(&user.id).len(),
            "pin_count": self.find_pins(|pin| pin.user == user.id).len(),
            "follower_count": followers(&user.id, self.world.now()),
            "following_count": 0,
            "monthly_views": 0,
        }))
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let ask = Ask::read(call.method, call.path, call.query, call.headers, call.body.clone());
        let by_bearer = ask.bearer().and_then(|token| self.access.get(token));
        let token = by_bearer.or_else(|| self.refresh.get(&ask.form("refresh_token")?));
        if let Some(token) = token {
            self.grants.update(&token.grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }
}

fn picture(user: &User, origin: &Origin) -> String {
    origin.url(PAGE_HOST, &format!("/avatars/{}.png", user.id))
}
