//! Accounts of the emulated TikTok: made by the control API, shown by `user/info`.

use domain::Span;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::errors::{Refused, api, parameters};
use super::request::Ask;
use super::state::{
    CLIENT_KEY, CLIENT_SECRET, Modes, SCOPES, TikTok, UNAUDITED_KEY, User, open_id, union_id,
};
use super::{AVATAR_HOST, PAGE_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::figures::followers;
use crate::core::lock;
use crate::core::origin::Origin;

const BASIC: [&str; 6] =
    ["open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"];
const PROFILE: [&str; 4] = ["username", "bio_description", "profile_deep_link", "is_verified"];
const STATS: [&str; 4] = ["follower_count", "following_count", "likes_count", "video_count"];
const CALLS_A_MINUTE: usize = 600;

impl TikTok {
    /// Makes an account, or finds the one with this handle, and tokens when asked. `extra` may have
    /// `scopes`, every switch of [`Modes`], `unaudited` (access goes to the app that was not
    /// audited), and of that app `verified` (its domains and prefixes) and `oauth_errors_as_200`.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let is_unaudited = wanted.extra.get("unaudited").and_then(Value::as_bool) == Some(true);
        let app = if is_unaudited { UNAUDITED_KEY } else { CLIENT_KEY };
        self.set_up_app(app, wanted)?;
        let user = self.find_or_make_user(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&user, app, wanted)?) } else { None };
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: picture(&user, origin),
            platform_user_id: open_id(&user.id, app),
            username: user.username,
            display_name: user.name,
            client_id: app.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra: Map::new(),
        })
    }

    fn set_up_app(&self, key: &str, wanted: &CreateAccount) -> Result<(), SandboxError> {
        let mut app = self.app(key);
        if let Some(verified) = wanted.extra.get("verified") {
            let texts =
                |list: &Vec<Value>| list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            app.verified = verified.as_array().map(texts);
        }
        if let Some(as_200) = wanted.extra.get("oauth_errors_as_200").and_then(Value::as_bool) {
            app.errors_as_200 = as_200;
        }
        self.apps.put(key, &app)
    }

    fn find_or_make_user(&self, wanted: &CreateAccount) -> Result<User, SandboxError> {
        let id = self.new_id().to_string();
        let username = match wanted.username.as_deref().map(|name| name.trim_start_matches('@')) {
            None => format!("user{}", &id[id.len() - 9..]),
            Some(name) => {
                let letters =
                    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
                if !letters || !(2..=24).contains(&name.len()) {
                    let message = "a username on TikTok has 2 to 24 letters, digits, underscores and dots";
                    return Err(SandboxError::invalid(message));
                }
                name.to_owned()
            }
        };
        let user = match self.user_named(&username) {
            Some(user) => user,
            None => User {
                id,
                name: wanted.display_name.clone().unwrap_or_else(|| username.clone()),
                username,
                modes: Modes::default(),
            },
        };
        let user = User { modes: changed(&user.modes, &wanted.extra)?, ..user };
        self.users.put(&user.id, &user)?;
        Ok(user)
    }

    fn log_in(
        &self,
        user: &User,
        app: &str,
        wanted: &CreateAccount,
    ) -> Result<CreatedCredentials, SandboxError> {
        let scopes: Vec<String> = match wanted.extra.get("scopes").and_then(Value::as_str) {
            Some(scopes) => scopes.split([',', ' ']).map(str::to_owned).collect(),
            None => SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
        };
        let grant = self.grant(&user.id, app, scopes.clone())?;
        let back = if wanted.expired { Span::from_days(366) } else { Span::ZERO };
        let pair = self.issue(&grant, self.world.now() - back, None)?;
        Ok(CreatedCredentials {
            access_token: pair.access,
            refresh_token: Some(pair.refresh),
            expires_at: Some(pair.access_ends.to_iso_millis()),
            refresh_expires_at: Some(pair.refresh_ends.to_iso_millis()),
            scopes,
            ..CreatedCredentials::default()
        })
    }

    /// `GET /v2/user/info/`
    pub(super) fn user_info(&self, ask: &Ask, origin: &Origin) -> Result<Value, Refused> {
        let caller = self.caller(ask)?;
        self.count(&caller, "user_info", CALLS_A_MINUTE)?;
        let user = &caller.user;
        let fields = ask.fields();
        if fields.is_empty() {
            return Err(parameters("Fields is required."));
        }
        for field in &fields {
            let scope = match field {
                field if BASIC.contains(field) => "user.info.basic",
                field if PROFILE.contains(field) => "user.info.profile",
                field if STATS.contains(field) => "user.info.stats",
                field => return Err(parameters(&format!("Invalid field: {field}."))),
            };
            if !caller.has(scope) {
                let message = format!("The user did not authorize the scope {scope}, which {field} needs.");
                return Err(api(StatusCode::UNAUTHORIZED, "scope_not_authorized", &message));
            }
        }
        let avatar = picture(user, origin);
        let now = self.world.now();
        let videos = self.publishes.read(|rows| {
            let is_theirs = |row: &&super::state::Publish| row.draft.user == user.id;
            rows.values().filter(is_theirs).filter(|row| row.live_since(now).is_some()).count()
        });
        let full = json!({
            "open_id": open_id(&user.id, &caller.app),
            "union_id": union_id(&user.id),
            "avatar_url": avatar,
            "avatar_url_100": avatar,
            "avatar_large_url": avatar,
            "display_name": user.name,
            "username": user.username,
            "bio_description": "An account of the sandbox.",
            "profile_deep_link": origin.url(PAGE_HOST, &format!("/@{}", user.username)),
            "is_verified": false,
            "follower_count": followers(&user.id, now),
            "following_count": 12,
            "likes_count": 0,
            "video_count": videos,
        });
        let shown: Map<String, Value> =
            fields.into_iter().map(|field| (field.to_owned(), full[field].clone())).collect();
        Ok(json!({"user": shown}))
    }
}

/// The switches with those that `extra` names set anew.
fn changed(modes: &Modes, extra: &Map<String, Value>) -> Result<Modes, SandboxError> {
    let unreadable =
        |error: serde_json::Error| SandboxError::invalid(format!("this account cannot be: {error}"));
    let mut all = serde_json::to_value(modes).map_err(unreadable)?;
    if let Some(fields) = all.as_object_mut() {
        for (name, value) in extra {
            if let Some(field) = fields.get_mut(name) {
                field.clone_from(value);
            }
        }
    }
    serde_json::from_value(all).map_err(unreadable)
}

/// The address of an account's picture.
pub(super) fn picture(user: &User, origin: &Origin) -> String {
    origin.url(AVATAR_HOST, &format!("/avatars/{}.png", user.id))
}
