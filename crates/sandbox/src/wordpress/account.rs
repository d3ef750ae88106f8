//! Sites and users that the control API makes, and what a user is told of itself.

use http::StatusCode;
use serde_json::{Value, json};

use super::errors::{self, RestError};
use super::request::{Ask, Reply};
use super::state::{Role, Site, Term, User, WordPress, encoded, key, of_site};
use super::{HOST, PLATFORM, Place};
use crate::core::accounts::{CreateAccount, CreatedAccount, CreatedCredentials};
use crate::core::error::SandboxError;
use crate::core::lock;
use crate::core::origin::Origin;

/// `GET /wp/v2/users/me`
pub(super) fn me(place: Place<'_>, ask: &Ask<'_>) -> Result<Reply, RestError> {
    let Some(user) = &ask.caller else {
        let message = "You are not currently logged in.";
        return Err(errors::plain(StatusCode::UNAUTHORIZED, "rest_not_logged_in", message));
    };
    let picture = place.url(&format!("/avatars/{}.png", user.login));
    let mut shown = json!({
        "id": user.id,
        "name": user.name,
        "url": "",
        "description": "",
        "link": place.url(&format!("/author/{}/", user.login)),
        "slug": user.login,
        "avatar_urls": {"24": picture, "48": picture, "96": picture},
        "meta": [],
    });
    if ask.text("context").as_deref() == Some("edit") {
        let capabilities: serde_json::Map<String, Value> =
            user.capabilities().into_iter().map(|name| (name.to_owned(), Value::Bool(true))).collect();
        shown["username"] = json!(user.login);
        shown["email"] = json!(format!("{}@{}", user.login, place.site.host));
        shown["roles"] = json!([user.role]);
        shown["capabilities"] = Value::Object(capabilities);
    }
    Ok(Reply::ok(shown))
}

/// Makes a user, and its site where there is none.
pub(super) fn create(
    wordpress: &WordPress,
    wanted: &CreateAccount,
    origin: &Origin,
) -> Result<CreatedAccount, SandboxError> {
    let _one_at_a_time = lock(&wordpress.gate);
    let site = find_or_make_site(wordpress, wanted)?;
    let user = find_or_make_user(wordpress, wanted, &site)?;
    let place = Place { wordpress, site: &site, origin };
    let credentials = wanted.token.then(|| CreatedCredentials {
        access_token: encoded(&user.login, &password_of(&user, wanted.expired)),
        service_url: Some(place.api(if site.plain { "/" } else { "" })),
        app_password: Some(password_of(&user, wanted.expired)),
        ..CreatedCredentials::default()
    });
    let home = place.url("");
    let shown_home = home.split_once("://").map_or(home.as_str(), |(_, rest)| rest);
    let mut created = CreatedAccount {
        platform: PLATFORM.to_owned(),
        platform_user_id: format!("{shown_home}#{}", user.id),
        avatar_url: place.url(&format!("/avatars/{}.png", user.login)),
        username: user.login,
        display_name: site.name.clone(),
        client_id: String::new(),
        client_secret: String::new(),
        credentials,
        extra: serde_json::Map::new(),
    };
    created.extra.insert("site_url".to_owned(), json!(home));
    Ok(created)
}

/// A password that was taken back fits nothing.
fn password_of(user: &User, expired: bool) -> String {
    if expired {
        user.application_password.chars().rev().collect()
    } else {
        user.application_password.clone()
    }
}

fn find_or_make_site(wordpress: &WordPress, wanted: &CreateAccount) -> Result<Site, SandboxError> {
    let text = |name: &str| wanted.extra.get(name).and_then(Value::as_str);
    let label = text("site").unwrap_or("blog").to_ascii_lowercase();
    if label.is_empty() || !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(SandboxError::invalid("site is a name of letters, digits and hyphens"));
    }
    let flag = |name: &str| wanted.extra.get(name).and_then(Value::as_bool) == Some(true);
    let plain = match text("permalinks") {
        None | Some("pretty") => false,
        Some("plain") => true,
        Some(_) => return Err(SandboxError::invalid("permalinks is \"pretty\" or \"plain\"")),
    };
    let host = format!("{label}.{HOST}");
    if let Some(site) = wordpress.sites.get(&host) {
        return Ok(site);
    }
    let site = Site {
        name: wanted.display_name.clone().unwrap_or_else(|| label.clone()),
        plain,
        strips_authorization: flag("strips_authorization"),
        takes_application_passwords: !flag("no_application_passwords"),
        host: host.clone(),
    };
    wordpress.sites.put(&host, &site)?;
    let id = wordpress.next_id(&host, "terms")?;
    let first = Term {
        id,
        kind: "categories".to_owned(),
        name: "Uncategorized".to_owned(),
        slug: "uncategorized".to_owned(),
    };
    wordpress.terms.put(&key(&host, id), &first)?;
    Ok(site)
}

fn find_or_make_user(
    wordpress: &WordPress,
    wanted: &CreateAccount,
    site: &Site,
) -> Result<User, SandboxError> {
    let role = match wanted.extra.get("role") {
        None => Role::Author,
        Some(role) => serde_json::from_value(role.clone()).map_err(|_| {
            SandboxError::invalid("role is administrator, editor, author, contributor or subscriber")
        })?,
    };
    let login = wanted.username.as_deref().map_or_else(|| wordpress.world.entropy.token(8), str::to_owned);
    let login = login.trim_start_matches('@').to_lowercase();
    if login.is_empty() || login.contains(':') {
        return Err(SandboxError::invalid("a user name on WordPress is not empty and has no colon"));
    }
    if let Some(user) = of_site(&wordpress.users, &site.host).into_iter().find(|user| user.login == login) {
        return Ok(user);
    }
    let user = User {
        id: wordpress.next_id(&site.host, "users")?,
        name: wanted.display_name.clone().unwrap_or_else(|| login.clone()),
        role,
        application_password: wordpress.world.entropy.token(24),
        login,
    };
    wordpress.users.put(&key(&site.host, user.id), &user)?;
    Ok(user)
}
