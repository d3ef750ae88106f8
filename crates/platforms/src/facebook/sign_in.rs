//! Facebook Login: a code becomes a person's token, that a long-lived one, and that one token for
//! each of their Pages (Facebook Login: access tokens; Pages API: getting started).

use connector::{Connectable, Credentials, Failure, Grant, Login, OAuth, SignInCx, SigningIn};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;

use super::auth::identity_of;
use super::errors::{classify_login, is_good};
use super::graph::{proof, unusable};
use super::wire::{GranularScope, List, Looked, Page, Permission, TokenFacts, Tokens};
use super::{Facebook, NAME};

const PAGE_FIELDS: &str = "id,name,username,access_token,tasks,picture{url}";
/// The permission without which a Page is of no use.
const PUBLISHING: &str = "pages_manage_posts";
/// At most so many pages of Pages, 100 on each.
const LISTS_MAX: usize = 100;

impl OAuth for Facebook {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let app = [("client_id", cx.app.client_id.as_str()), ("client_secret", cx.app.client_secret.as_str())];
    let code = [("redirect_uri", grant.redirect_uri), ("code", grant.code)];
    let short: Tokens = token(cx, &[app, code].concat()).await?;
    let exchange = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", short.access_token.as_str())];
    let long: Tokens = token(cx, &[app, exchange].concat()).await?;
    let user = long.access_token.as_str();

    let permissions: List<Permission> = ask(cx, user, "/me/permissions", &[]).await?;
    let granted: Vec<String> = permissions
        .data
        .into_iter()
        .filter(|entry| entry.status == "granted")
        .map(|entry| entry.permission)
        .collect();
    let wanted = grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let declined: Vec<String> = wanted
        .filter(|scope| !granted.iter().any(|other| other == *scope))
        .map(|scope| (*scope).to_owned())
        .collect();
    let missing: Vec<&str> = grant
        .login
        .scopes
        .iter()
        .copied()
        .filter(|scope| declined.iter().any(|other| other == scope))
        .collect();

    let facts = token_facts(cx, user).await?;
    let targets = publishing_targets(facts.granular_scopes);
    let mut found = Vec::new();
    for page in pages(cx, user).await? {
        found.push(connectable(page, &granted, &missing, targets.as_deref()));
    }
    Ok(Login { found, declined_scopes: declined, owner_id: facts.user_id })
}

/// What the platform says of the person's token.
async fn token_facts(cx: &SignInCx<'_>, user: &str) -> Result<TokenFacts, Failure> {
    let own = format!("{}|{}", cx.app.client_id, cx.app.client_secret);
    let mut url = address(cx, "/debug_token")?;
    url.query_pairs_mut().append_pair("input_token", user);
    let looked: Looked = exchange(cx, Request::get(url).bearer(&own)).await?;
    Ok(looked.data)
}

/// The Pages that publishing was allowed for; `None` for all.
fn publishing_targets(scopes: Vec<GranularScope>) -> Option<Vec<String>> {
    scopes.into_iter().find(|entry| entry.scope == PUBLISHING).and_then(|entry| entry.target_ids)
}

/// Every Page that the person has shown to the app.
async fn pages(cx: &SignInCx<'_>, user: &str) -> Result<Vec<Page>, Failure> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..LISTS_MAX {
        let mut query = vec![("fields", PAGE_FIELDS), ("limit", "100")];
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let list: List<Page> = ask(cx, user, "/me/accounts", &query).await?;
        all.extend(list.data);
        after = list.paging.after();
        if after.is_none() {
            break;
        }
    }
    Ok(all)
}

fn connectable(
    mut page: Page,
    granted: &[String],
    missing: &[&str],
    targets: Option<&[String]>,
) -> Connectable {
    let token = page.access_token.take().unwrap_or_default();
    let may_create = page
        .tasks
        .as_ref()
        .is_none_or(|tasks| tasks.iter().any(|task| task == "CREATE_CONTENT" || task == "MANAGE"));
    let is_ticked = targets.is_none_or(|targets| targets.contains(&page.id));
    let obstacle = if !missing.is_empty() {
        Some(format!(
            "{NAME} was not allowed everything that publishing needs ({}); connect again and leave it ticked.",
            missing.join(", ")
        ))
    } else if !is_ticked || token.is_empty() {
        Some("This Page was not ticked for publishing; connect again and tick it.".to_owned())
    } else if !may_create {
        Some(
            "Your role on this Page does not allow posts; ask its owner to let you create content."
                .to_owned(),
        )
    } else {
        None
    };
    Connectable {
        credentials: Credentials {
            access_token: token,
            refresh_token: None,
            access_expires_at: None,
            refresh_expires_at: None,
            scopes: granted.to_vec(),
            secret: None,
            renews_itself: false,
        },
        identity: identity_of(page),
        kind: "Page",
        obstacle,
    }
}

fn address(cx: &SignInCx<'_>, path: &str) -> Result<url::Url, Failure> {
    cx.hosts.url("graph", &format!("/{}{path}", cx.hosts.version())).map_err(|error| unusable("graph", error))
}

/// The secrets travel in the body: addresses are written into logs.
async fn token(cx: &SignInCx<'_>, fields: &[(&str, &str)]) -> Result<Tokens, Failure> {
    exchange(cx, Request::post(address(cx, "/oauth/access_token")?).form(fields)).await
}

async fn ask<T: DeserializeOwned>(
    cx: &SignInCx<'_>,
    user: &str,
    path: &str,
    query: &[(&str, &str)],
) -> Result<T, Failure> {
    let mut url = address(cx, path)?;
    url.query_pairs_mut().extend_pairs(query);
    if let Some(proof) = proof(&cx.app.client_secret, user) {
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
    }
    exchange(cx, Request::get(url).bearer(user)).await
}

async fn exchange<T: DeserializeOwned>(cx: &SignInCx<'_>, request: Request) -> Result<T, Failure> {
    let answer: Answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !is_good(&answer) {
        return Err(closed(classify_login(&answer, cx.clock.now())));
    }
    // An answer of the login holds tokens: nothing of it goes into a log.
    serde_json::from_slice(&answer.body).map_err(|_| {
        let public = format!("{NAME} answered in a form that could not be read.");
        Failure::before_sending(Class::Transient, public)
    })
}

/// A login makes nothing public, so nothing about it stays open.
fn closed(failure: Failure) -> Failure {
    match failure.class {
        Class::Ambiguous => Failure { class: Class::Transient, ..failure },
        _ => failure,
    }
}
