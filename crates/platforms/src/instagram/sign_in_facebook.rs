//! Facebook Login: a code becomes a person's token, that a long-lived one, and that the tokens of
//! their Pages, which open the Instagram accounts linked to them.

use connector::{Connectable, Credentials, Failure, Grant, Login, SignInCx};
use domain::Class;
use net::Request;
use serde::de::DeserializeOwned;

use super::NAME;
use super::auth::{LINKED_FIELDS, identity_of};
use super::sign_in::{address, declined, exchange, missing_text};
use super::wire::{Account, List, Page, Permission, Tokens};
use crate::facebook::graph::proof;

/// At most so many pages of Pages, 100 on each.
const LISTS_MAX: usize = 100;
/// How many Pages a text names.
const NAMED_MAX: usize = 5;

pub(super) async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let app = [("client_id", cx.app.client_id.as_str()), ("client_secret", cx.app.client_secret.as_str())];
    let code = [("redirect_uri", grant.redirect_uri), ("code", grant.code)];
    let short = token(cx, &[app, code].concat()).await?;
    let extend = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", short.access_token.as_str())];
    let long = token(cx, &[app, extend].concat()).await?;
    let person = long.access_token.as_str();

    let permissions: List<Permission> = ask(cx, person, "/me/permissions", &[]).await?;
    let granted: Vec<String> = permissions
        .data
        .into_iter()
        .filter(|entry| entry.status == "granted")
        .map(|entry| entry.permission)
        .collect();
    let declined = declined(&grant, &granted);
    let is_missing = grant.login.scopes.iter().any(|scope| declined.iter().any(|other| other == scope));
    let obstacle = is_missing.then(|| missing_text(&grant, &declined));
    if !granted.iter().any(|scope| scope == "pages_show_list") {
        return Ok(Login { found: Vec::new(), declined_scopes: declined, owner_id: None });
    }

    let mut found = Vec::new();
    let mut unlinked = Vec::new();
    for page in pages(cx, person).await? {
        match page.instagram_business_account {
            Some(account) => {
                let token = page.access_token.unwrap_or_default();
                found.push(connectable(account, token, &granted, &page.name, obstacle.clone()));
            }
            None => unlinked.push(page.name),
        }
    }
    if found.is_empty() {
        return Err(Failure::before_sending(Class::AccountRestricted, nothing_text(&unlinked)));
    }
    let owner: Account = ask(cx, person, "/me", &[("fields", "id")]).await?;
    Ok(Login { found, declined_scopes: declined, owner_id: Some(owner.id) })
}

fn connectable(
    account: Account,
    token: String,
    granted: &[String],
    page: &str,
    obstacle: Option<String>,
) -> Connectable {
    let no_token =
        token.is_empty().then(|| format!("The Page \"{page}\" was not ticked; connect again and tick it."));
    Connectable {
        identity: identity_of(account),
        credentials: Credentials {
            access_token: token,
            refresh_token: None,
            access_expires_at: None,
            refresh_expires_at: None,
            scopes: granted.to_vec(),
            secret: None,
            renews_itself: false,
        },
        kind: "profile",
        obstacle: obstacle.or(no_token),
    }
}

/// What is said when none of the Pages leads to an account.
fn nothing_text(unlinked: &[String]) -> String {
    if unlinked.is_empty() {
        return format!(
            "No Facebook Page was shared; connect again and tick the one that the {NAME} account is linked to."
        );
    }
    let mut names = unlinked.iter().take(NAMED_MAX).map(String::as_str).collect::<Vec<_>>().join(", ");
    if unlinked.len() > NAMED_MAX {
        names.push_str(", …");
    }
    format!(
        "No professional {NAME} account is linked to {names}; link one in the Page's settings and connect again."
    )
}

/// Every Page that the person has shown to the app.
async fn pages(cx: &SignInCx<'_>, person: &str) -> Result<Vec<Page>, Failure> {
    let fields = format!("id,name,access_token,{LINKED_FIELDS}");
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..LISTS_MAX {
        let mut query = vec![("fields", fields.as_str()), ("limit", "100")];
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let list: List<Page> = ask(cx, person, "/me/accounts", &query).await?;
        after = list.after();
        all.extend(list.data);
        if after.is_none() {
            break;
        }
    }
    Ok(all)
}

fn versioned(cx: &SignInCx<'_>, path: &str) -> Result<url::Url, Failure> {
    address(cx, "graph", &format!("/{}{path}", cx.hosts.version()))
}

/// The secrets travel in the body: addresses are written into logs.
async fn token(cx: &SignInCx<'_>, fields: &[(&str, &str)]) -> Result<Tokens, Failure> {
    exchange(cx, Request::post(versioned(cx, "/oauth/access_token")?).form(fields)).await
}

async fn ask<T: DeserializeOwned>(
    cx: &SignInCx<'_>,
    person: &str,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let mut url = versioned(cx, path)?;
    url.query_pairs_mut().extend_pairs(query);
    if let Some(proof) = proof(&cx.app.client_secret, person) {
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    exchange(cx, Request::get(url).bearer(person)).await
}
