//! Pages and their owners, made by the control API.

use domain::Span;
use serde_json::{Map, Value, json};

use super::state::Facebook;
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::meta::logins::{ALL_TASKS, APP_ID, APP_SECRET, Grant, Page, USUAL_SCOPES, User};
use crate::meta::signed_request::sign;
use crate::meta::tokens::LONG_LIFE;

impl Facebook {
    /// Makes a Page with its owner, or finds the Page with this name, and a token for it when
    /// asked. `user` names the owner, `pages` makes the owner have that many Pages, `tasks` is what
    /// the owner may do there, `scopes` what was granted, `ended` the subcode with which the token
    /// is dead from the start, `instagram` (id and username) the account that is linked to the Page.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.logins.gate);
        let named = wanted.username.as_deref().map(|name| name.trim_start_matches('@'));
        let (user, page) = match named.and_then(|name| self.logins.page_named(name)) {
            Some(page) => {
                let user = self.logins.owner_of(&page.id);
                (user.ok_or_else(|| SandboxError::invalid("this Page has no owner"))?, page)
            }
            None => self.make(wanted, named)?,
        };
        if let Some(linked) = wanted.extra.get("instagram") {
            let linked = serde_json::from_value(linked.clone())
                .map_err(|_| SandboxError::invalid("instagram needs an id and a username"))?;
            self.logins.link_instagram(&page.id, linked)?;
        }
        let mut extra = Map::new();
        let credentials =
            if wanted.token { Some(self.log_in(&user, &page, wanted, &mut extra)?) } else { None };
        extra.insert("user_id".to_owned(), json!(user.id));
        extra.insert("user_name".to_owned(), json!(user.name));
        let pages = self.logins.pages_of(&user.id);
        let listed: Vec<Value> =
            pages.iter().map(|(page, _)| json!({"id": page.id, "name": page.name})).collect();
        extra.insert("pages".to_owned(), json!(listed));
        Ok(CreatedAccount {
            platform: super::PLATFORM.to_owned(),
            avatar_url: super::pages::picture(&page.id, origin),
            platform_user_id: page.id,
            username: page.username,
            display_name: page.name,
            client_id: APP_ID.to_owned(),
            client_secret: APP_SECRET.to_owned(),
            credentials,
            extra,
        })
    }

    fn make(&self, wanted: &CreateAccount, named: Option<&str>) -> Result<(User, Page), SandboxError> {
        let text = |key: &str| wanted.extra.get(key).and_then(Value::as_str);
        let count = wanted.extra.get("pages").and_then(Value::as_u64).unwrap_or(1).clamp(1, 10_000);
        let tasks: Vec<String> = match wanted.extra.get("tasks").and_then(Value::as_array) {
            Some(tasks) => tasks.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            None => ALL_TASKS.map(str::to_owned).to_vec(),
        };
        let owner = text("user").map(str::to_owned);
        let known = owner.as_deref().and_then(|name| self.logins.users.find(|user| user.name == name));
        let user = if let Some((_, user)) = known {
            user
        } else {
            let id = self.logins.new_id();
            let name = owner.unwrap_or_else(|| format!("Owner {}", &id[id.len() - 6..]));
            User { id, name }
        };
        let mut batch = self.world.journal.batch();
        batch.put(&self.logins.users, &user.id, &user)?;
        let mut first = None;
        for number in 1..=count {
            let id = self.logins.new_id();
            let mut username = named.map_or_else(|| format!("page.{}", &id[id.len() - 9..]), str::to_owned);
            let mut name = wanted.display_name.clone().unwrap_or_else(|| username.clone());
            if number > 1 {
                username = format!("{username}.{number}");
                name = format!("{name} {number}");
            }
            let page = Page { id, name, username, instagram: None };
            self.logins.add_page(&mut batch, &user, &page, &tasks)?;
            first.get_or_insert(page);
        }
        batch.commit()?;
        let page = first.ok_or_else(|| SandboxError::invalid("no Page was made"))?;
        Ok((user, page))
    }

    fn log_in(
        &self,
        user: &User,
        page: &Page,
        wanted: &CreateAccount,
        extra: &mut Map<String, Value>,
    ) -> Result<CreatedCredentials, SandboxError> {
        let scopes: Vec<String> = match wanted.extra.get("scopes").and_then(Value::as_str) {
            Some(scopes) => {
                scopes.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
            }
            None => USUAL_SCOPES.map(str::to_owned).to_vec(),
        };
        let generation = self.logins.grants.get(&user.id).unwrap_or_default().generation;
        let grant = Grant { granted: scopes.clone(), generation, ..Grant::default() };
        self.logins.grants.put(&user.id, &grant)?;
        let now = self.world.now();
        let expires_at = wanted.expired.then(|| now - Span::from_days(1));
        let access_token = self.logins.issue(&user.id, Some(&page.id), expires_at)?;
        let user_token = self.logins.issue(&user.id, None, Some(expires_at.unwrap_or(now + LONG_LIFE)))?;
        extra.insert("user_access_token".to_owned(), json!(user_token));
        // What Meta posts to the app's callbacks when this person removes it.
        extra.insert("signed_request".to_owned(), json!(sign(APP_SECRET, &user.id, now)));
        if let Some(subcode) = wanted.extra.get("ended").and_then(Value::as_i64) {
            self.logins.end(&user.id, subcode)?;
        }
        Ok(CreatedCredentials {
            access_token,
            expires_at: expires_at.map(domain::Timestamp::to_iso_millis),
            scopes,
            ..CreatedCredentials::default()
        })
    }
}
