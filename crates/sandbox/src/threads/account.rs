//! Profiles of the emulated Threads: made by the control API, shown by `me`.

use domain::Span;
use serde_json::{Map, Value, json};

use super::errors::{ThreadsError, no_object};
use super::request::Ask;
use super::state::{CLIENT_ID, CLIENT_SECRET, Threads, USUAL_SCOPES, User};
use super::tokens::Caller;
use super::{PAGE_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

impl Threads {
    /// Makes a profile, or finds the one with this handle, and a long-lived token when asked.
    /// `extra` may have `scopes`, `enforce_limits`, `publish_lag_s` (for so long after a container
    /// is finished, publishing does not find it) and `list_lag_s` (for so long a new post is not
    /// listed).
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let user = self.find_or_make_user(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&user, wanted)?) } else { None };
        let mut extra = Map::new();
        extra.insert("renews_itself".to_owned(), json!(true));
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
        let id = self.new_id("17");
        let username = match wanted.username.as_deref().map(|name| name.trim_start_matches('@')) {
            None => format!("user_{}", &id[id.len() - 9..]),
            Some(name) => {
                let letters =
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
                if !letters || !(1..=30).contains(&name.len()) {
                    let message = "a username on Threads has 1 to 30 letters, digits, underscores and dots";
                    return Err(SandboxError::invalid(message));
                }
                name.to_owned()
            }
        };
        if let Some(user) = self.user_named(&username) {
            return Ok(user);
        }
        let number = |name: &str| wanted.extra.get(name).and_then(Value::as_i64).unwrap_or(0);
        let user = User {
            id,
            name: wanted.display_name.clone().unwrap_or_else(|| username.clone()),
            username,
            limited: wanted.extra.get("enforce_limits").and_then(Value::as_bool).unwrap_or(false),
            publish_lag: Span::from_seconds(number("publish_lag_s")),
            list_lag: Span::from_seconds(number("list_lag_s")),
        };
        self.users.put(&user.id, &user)?;
        Ok(user)
    }

    fn log_in(&self, user: &User, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let scopes: Vec<String> = match wanted.extra.get("scopes").and_then(Value::as_str) {
            Some(scopes) => scopes.split([',', ' ']).map(str::to_owned).collect(),
            None => USUAL_SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        let grant = self.grant(&user.id, scopes.clone())?;
        let back = if wanted.expired { Span::from_days(62) } else { Span::ZERO };
        let (access_token, expires_at) = self.issue(&grant, false, self.world.now() - back)?;
        Ok(CreatedCredentials {
            access_token,
            expires_at: Some(expires_at.to_iso_millis()),
            scopes,
            ..CreatedCredentials::default()
        })
    }

    /// `me`, or the caller's own id.
    pub(super) fn profile(&self, ask: &Ask, origin: &Origin) -> Result<Value, ThreadsError> {
        let Caller { user, .. } = self.caller(ask)?;
        let full = json!({
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "threads_profile_picture_url": picture(&user, origin),
            "threads_biography": "A profile of the sandbox.",
            "is_verified": false,
            "is_eligible_for_geo_gating": false,
        });
        let mut fields = ask.fields();
        if fields.is_empty() {
            fields.push("name".to_owned());
        }
        Ok(chosen(&full, &fields))
    }

    /// The caller, if `id` means them.
    pub(super) fn own(&self, ask: &Ask, id: &str) -> Result<Caller, ThreadsError> {
        let caller = self.caller(ask)?;
        if id == "me" || id == caller.user.id {
            Ok(caller)
        } else {
            Err(no_object(&ask.method.as_str().to_lowercase(), id))
        }
    }
}

/// The fields that were asked for, and always the id.
pub(super) fn chosen(full: &Value, fields: &[String]) -> Value {
    let mut shown = json!({});
    for field in fields.iter().map(String::as_str).chain(["id"]) {
        if let Some(value) = full.get(field) {
            shown[field] = value.clone();
        }
    }
    shown
}

fn picture(user: &User, origin: &Origin) -> String {
    origin.url(PAGE_HOST, &format!("/profile-pictures/{}.png", user.id))
}
