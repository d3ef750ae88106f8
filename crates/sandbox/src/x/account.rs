//! Users of the emulated X: made by the control API, shown by `/2/users/me`.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::{Extension, Json};
use domain::Span;
use http::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::errors::XError;
use super::limits::bearer;
use super::oauth::Pair;
use super::state::{CLIENT_ID, CLIENT_SECRET, Grant, SCOPES, User, X};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::emulator::Call;
use crate::core::error::SandboxError;
use crate::core::figures::followers;
use crate::core::lock;
use crate::core::origin::Origin;

impl X {
    /// Makes a user, or finds the one with this handle, and a login for it when asked.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let user = self.find_or_make_user(wanted)?;
        let credentials = if wanted.token { Some(self.log_in(&user, wanted)?) } else { None };
        Ok(CreatedAccount {
            platform: super::PLATFORM.to_owned(),
            avatar_url: avatar_url(&user, origin),
            platform_user_id: user.id,
            username: user.username,
            display_name: user.name,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra: Map::new(),
        })
    }

    fn find_or_make_user(&self, wanted: &CreateAccount) -> Result<User, SandboxError> {
        let id = self.new_id();
        let username = match wanted.username.as_deref().map(|name| name.trim_start_matches('@')) {
            None => format!("user_{}", &id[id.len() - 9..]),
            Some(name) => {
                let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if !letters || !(1..=15).contains(&name.len()) {
                    let message = "a username on X has 1 to 15 letters, digits and underscores";
                    return Err(SandboxError::invalid(message));
                }
                name.to_owned()
            }
        };
        if let Some(mut user) = self.user_named(&username) {
            user.premium |= wanted.premium;
            self.users.put(&user.id, &user)?;
            return Ok(user);
        }
        let name = wanted.display_name.clone().unwrap_or_else(|| username.clone());
        let limited = wanted.extra.get("enforce_limits").and_then(Value::as_bool).unwrap_or(false);
        let user = User { id, username, name, premium: wanted.premium, limited };
        self.users.put(&user.id, &user)?;
        Ok(user)
    }

    fn log_in(&self, user: &User, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let scope = match wanted.extra.get("scopes").and_then(Value::as_str) {
            Some(scope) => scope.to_owned(),
            None => SCOPES.to_owned(),
        };
        let mut batch = self.world.journal.batch();
        let grant = self.world.entropy.token(24);
        let row = Grant { user: user.id.clone(), scope: scope.clone(), revoked: false };
        batch.put(&self.grants, &grant, &row)?;
        let back = if wanted.expired { Span::from_days(200) } else { Span::ZERO };
        let pair = self.new_pair(&mut batch, &grant, self.world.now() - back)?;
        batch.commit()?;
        let Pair { access, refresh, access_ends, refresh_ends } = pair;
        Ok(CreatedCredentials {
            access_token: access,
            refresh_token: scope.contains("offline.access").then_some(refresh),
            expires_at: Some(access_ends.to_iso_millis()),
            refresh_expires_at: Some(refresh_ends.to_iso_millis()),
            scopes: scope.split(' ').map(str::to_owned).collect(),
            app_password: None,
            service_url: None,
        })
    }

    /// Withdraws the app from the owner of the token in `call`.
    pub(super) fn revoke_grant_of(&self, call: &Call<'_>) -> Result<(), SandboxError> {
        let by_bearer = bearer(call.headers).and_then(|token| self.access.get(token));
        let token = by_bearer.or_else(|| {
            let is_token_call = *call.method == Method::POST && call.path.ends_with("/oauth2/token");
            self.refresh.get(&super::oauth::presented(is_token_call.then_some(call.body)?)?)
        });
        if let Some(token) = token {
            self.grants.update(&token.grant, |grant| grant.revoked = true)?;
        }
        Ok(())
    }
}

fn avatar_url(user: &User, origin: &Origin) -> String {
    origin.url("pbs.twimg.com", &format!("/profile_images/{}/avatar_normal.png", user.id))
}

#[derive(Deserialize)]
pub(super) struct MeQuery {
    #[serde(rename = "user.fields", default)]
    fields: String,
}

/// `GET /2/users/me`
pub(super) async fn me(
    State(x): State<Arc<X>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    Query(query): Query<MeQuery>,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["tweet.read", "users.read"])?;
    let mut data = json!({"id": user.id, "name": user.name, "username": user.username});
    for field in query.fields.split(',') {
        let value = match field {
            "profile_image_url" => json!(avatar_url(&user, &origin)),
            "verified" => json!(user.premium),
            "verified_type" => json!(if user.premium { "blue" } else { "none" }),
            "subscription_type" => json!(if user.premium { "Premium" } else { "None" }),
            "protected" => json!(false),
            "public_metrics" => {
                let count = x.posts.read(|rows| {
                    rows.values().filter(|post| post.author == user.id && !post.deleted).count()
                });
                // Under its name of today and under the one that older clients read.
                json!({
                    "followers_count": followers(&user.id, x.world.now()),
                    "following_count": 0,
                    "post_count": count,
                    "tweet_count": count,
                    "listed_count": 0,
                })
            }
            _ => continue,
        };
        data[field] = value;
    }
    Ok(Json(json!({"data": data})))
}
