//! Accounts made by the control API: professional accounts, by themselves or behind a Page.

use domain::{Span, Timestamp};
use serde_json::{Map, Value, json};

use super::state::{CLIENT_ID, CLIENT_SECRET, Instagram, SCOPES, USUAL_FACEBOOK_SCOPES, USUAL_SCOPES, User};
use super::{IMAGE_HOST, PLATFORM};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;
use crate::meta::logins::{ALL_TASKS, Grant as FacebookGrant, LinkedInstagram, Page, User as Person};

const USUAL_QUOTA: u64 = 100;

/// The address of an account's picture.
pub(super) fn picture(id: &str, origin: &Origin) -> String {
    origin.url(IMAGE_HOST, &format!("/v/{id}/avatar.png"))
}

impl Instagram {
    /// Makes an account, or finds the one with this handle, and a token for it when asked. `login`
    /// is `instagram` (usual) or `facebook`: then the account hangs on a Page of the person
    /// `facebook_user`. `scopes` is what was granted, `age_hours` how old the token is,
    /// `account_type` one of `BUSINESS`, `MEDIA_CREATOR` and `PERSONAL`, `quota` the posts a day,
    /// `trial_reels` whether it may publish those, `token_answer` `wrapped` (usual) or `flat`.
    pub(super) fn create_account(
        &self,
        wanted: &CreateAccount,
        origin: &Origin,
    ) -> Result<CreatedAccount, SandboxError> {
        let _one_at_a_time = lock(&self.gate);
        let user = self.find_or_make(wanted)?;
        let mut extra = Map::new();
        extra.insert("app_scoped_id".to_owned(), json!(user.scoped_id));
        let is_facebook = match wanted.extra.get("login").and_then(Value::as_str) {
            None | Some("instagram") => false,
            Some("facebook") => true,
            Some(_) => return Err(SandboxError::invalid("login is instagram or facebook")),
        };
        let page = if is_facebook { Some(self.behind_page(&user, wanted, &mut extra)?) } else { None };
        let credentials = match &page {
            _ if !wanted.token => None,
            Some((person, page)) => Some(self.log_in_with_facebook(person, page, wanted)?),
            None => Some(self.log_in(&user, wanted)?),
        };
        if credentials.is_some() && !is_facebook {
            // What reads this must know that the token is exchanged for a fresh one while it lives.
            extra.insert("renews_itself".to_owned(), json!(true));
        }
        Ok(CreatedAccount {
            platform: PLATFORM.to_owned(),
            avatar_url: picture(&user.id, origin),
            platform_user_id: user.id,
            username: user.username,
            display_name: user.name,
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            credentials,
            extra,
        })
    }

    fn find_or_make(&self, wanted: &CreateAccount) -> Result<User, SandboxError> {
        let text = |key: &str| wanted.extra.get(key).and_then(Value::as_str);
        let flag = |key: &str| wanted.extra.get(key).and_then(Value::as_bool);
        let named = wanted.username.as_deref().map(|name| name.trim_start_matches('@'));
        if let Some(name) = named {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
            if !name.bytes().all(fits) || !(1..=30).contains(&name.len()) {
                let message = "a username on Instagram has 1 to 30 letters, digits, dots and underscores";
                return Err(SandboxError::invalid(message));
            }
            if let Some(user) = self.user_named(name) {
                return Ok(user);
            }
        }
        let kind = text("account_type").unwrap_or("BUSINESS");
        if !["BUSINESS", "MEDIA_CREATOR", "PERSONAL"].contains(&kind) {
            return Err(SandboxError::invalid("account_type is BUSINESS, MEDIA_CREATOR or PERSONAL"));
        }
        let id = self.new_id();
        let username = named.map_or_else(|| format!("user_{}", &id[id.len() - 9..]), str::to_owned);
        let quota = wanted.extra.get("quota").and_then(Value::as_u64).unwrap_or(USUAL_QUOTA);
        let user = User {
            scoped_id: (9_000_000_000_000_000 + self.world.entropy.below(900_000_000_000_000)).to_string(),
            name: wanted.display_name.clone().unwrap_or_else(|| username.clone()),
            kind: kind.to_owned(),
            quota: usize::try_from(quota).unwrap_or(usize::MAX),
            has_trials: flag("trial_reels").unwrap_or(true),
            answers_flat: text("token_answer") == Some("flat"),
            id,
            username,
        };
        self.users.put(&user.id, &user)?;
        Ok(user)
    }

    fn scopes_of(wanted: &CreateAccount, usual: &[&str]) -> Vec<String> {
        match wanted.extra.get("scopes").and_then(Value::as_str) {
            Some(scopes) => {
                scopes.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
            }
            None => usual.iter().map(|scope| (*scope).to_owned()).collect(),
        }
    }

    fn log_in(&self, user: &User, wanted: &CreateAccount) -> Result<CreatedCredentials, SandboxError> {
        let scopes = Self::scopes_of(wanted, &USUAL_SCOPES);
        if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(SandboxError::invalid(format!("Instagram Login has no scope {unknown}")));
        }
        let age = wanted.extra.get("age_hours").and_then(Value::as_i64).unwrap_or(0);
        let back = if wanted.expired { Span::from_days(61) } else { Span::from_hours(age) };
        let mut batch = self.world.journal.batch();
        let grant = self.new_grant(&mut batch, &user.id, scopes.clone())?;
        let (access_token, expires_at) = self.new_token(&mut batch, &grant, true, self.world.now() - back)?;
        batch.commit()?;
        Ok(CreatedCredentials {
            access_token,
            expires_at: Some(expires_at.to_iso_millis()),
            scopes,
            ..CreatedCredentials::default()
        })
    }

    /// The Page that the account is linked to, and its owner; made where there are none.
    fn behind_page(
        &self,
        user: &User,
        wanted: &CreateAccount,
        extra: &mut Map<String, Value>,
    ) -> Result<(Person, Page), SandboxError> {
        let logins = &self.logins;
        let _one_at_a_time = lock(&logins.gate);
        let is_linked = |page: &Page| page.instagram.as_ref().is_some_and(|linked| linked.id == user.id);
        let linked = logins.pages.find(is_linked).map(|(_, page)| page);
        let owner = linked.as_ref().and_then(|page| logins.owner_of(&page.id));
        let (person, page) = match (owner, linked) {
            (Some(person), Some(page)) => (person, page),
            _ => self.new_page(user, wanted)?,
        };
        extra.insert("page_id".to_owned(), json!(page.id));
        extra.insert("page_name".to_owned(), json!(page.name));
        extra.insert("facebook_user".to_owned(), json!(person.name));
        Ok((person, page))
    }

    fn new_page(&self, user: &User, wanted: &CreateAccount) -> Result<(Person, Page), SandboxError> {
        let logins = &self.logins;
        let name = wanted.extra.get("facebook_user").and_then(Value::as_str);
        let known = name.and_then(|name| logins.users.find(|person| person.name == name));
        let person = if let Some((_, person)) = known {
            person
        } else {
            let name = name.map_or_else(|| format!("Owner of {}", user.username), str::to_owned);
            Person { id: logins.new_id(), name }
        };
        let page = Page {
            id: logins.new_id(),
            name: user.name.clone(),
            username: format!("{}.page", user.username),
            instagram: None,
        };
        let mut batch = self.world.journal.batch();
        batch.put(&logins.users, &person.id, &person)?;
        logins.add_page(&mut batch, &person, &page, &ALL_TASKS.map(str::to_owned))?;
        batch.commit()?;
        let linked = LinkedInstagram { id: user.id.clone(), username: user.username.clone() };
        logins.link_instagram(&page.id, linked)?;
        Ok((person, page))
    }

    fn log_in_with_facebook(
        &self,
        person: &Person,
        page: &Page,
        wanted: &CreateAccount,
    ) -> Result<CreatedCredentials, SandboxError> {
        let logins = &self.logins;
        let _one_at_a_time = lock(&logins.gate);
        let scopes = Self::scopes_of(wanted, &USUAL_FACEBOOK_SCOPES);
        let generation = logins.grants.get(&person.id).unwrap_or_default().generation;
        let grant = FacebookGrant { granted: scopes.clone(), generation, ..FacebookGrant::default() };
        logins.grants.put(&person.id, &grant)?;
        let expires_at = wanted.expired.then(|| self.world.now() - Span::from_days(1));
        let access_token = logins.issue(&person.id, Some(&page.id), expires_at)?;
        Ok(CreatedCredentials {
            access_token,
            expires_at: expires_at.map(Timestamp::to_iso_millis),
            scopes,
            ..CreatedCredentials::default()
        })
    }
}
