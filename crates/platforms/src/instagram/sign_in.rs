//! Instagram Login: a code becomes a token of an hour, that one of sixty days, and `me` tells whose
//! it is (Instagram API with Instagram Login: business login).

use connector::{Connectable, Failure, Grant, Login, OAuth, SignInCx, SigningIn};
use domain::Class;
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::auth::{ACCOUNT_FIELDS, identity_of, long_lived, read_secret};
use super::errors::{classify_login, is_good};
use super::graph::unusable;
use super::wire::{Account, ShortToken, Tokens};
use super::{Instagram, NAME, sign_in_facebook};

/// What an account must be.
const PROFESSIONAL: [&str; 3] = ["BUSINESS", "MEDIA_CREATOR", "CREATOR"];

impl OAuth for Instagram {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        if grant.login.name == "facebook" {
            return Box::pin(sign_in_facebook::sign_in(cx, grant));
        }
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let fields = [
        ("client_id", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", grant.redirect_uri),
        // Instagram appends two signs to the address that are not part of the code.
        ("code", grant.code.strip_suffix("#_").unwrap_or(grant.code)),
    ];
    let request = Request::post(address(cx, "oauth", "/oauth/access_token")?).form(&fields);
    let short: ShortToken = exchange(cx, request).await?;
    let short = short.tokens().ok_or_else(|| {
        Failure::before_sending(Class::Transient, format!("{NAME} gave no token; connect the account again."))
    })?;
    let asked = || grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let granted =
        short.scopes().unwrap_or_else(|| asked().map(|scope| (*scope).to_owned()).collect::<Vec<_>>());
    let declined = declined(&grant, &granted);
    if !granted.iter().any(|scope| scope == grant.login.scopes[0]) {
        // Without this one nobody can even ask whose account it is.
        return Ok(Login { found: Vec::new(), declined_scopes: declined, owner_id: None });
    }

    let mut url = address(cx, "login", "/access_token")?;
    url.query_pairs_mut()
        .append_pair("grant_type", "ig_exchange_token")
        .append_pair("client_secret", &cx.app.client_secret)
        .append_pair("access_token", &short.access_token);
    let long: Tokens = exchange(cx, Request::get(url)).await?;

    let mut url = address(cx, "login", &format!("/{}/me", cx.hosts.version()))?;
    url.query_pairs_mut().append_pair("fields", ACCOUNT_FIELDS);
    let account: Account = exchange(cx, Request::get(url).bearer(&long.access_token)).await?;
    let is_professional = account.account_type.as_deref().is_none_or(|kind| PROFESSIONAL.contains(&kind));
    let may_publish = grant.login.scopes.iter().all(|scope| !declined.iter().any(|other| other == scope));
    let obstacle = if !is_professional {
        Some(format!(
            "{NAME} lets apps publish to professional accounts only; switch this one in its settings and connect it again."
        ))
    } else if !may_publish {
        Some(missing_text(&grant, &declined))
    } else {
        None
    };
    // Notices name the owner by the id that is the app's own.
    let owner_id = account.user_id.as_ref().filter(|id| **id != account.id).map(|_| account.id.clone());
    let found = vec![Connectable {
        identity: identity_of(account),
        credentials: long_lived(long, cx.clock.now(), || granted),
        kind: "profile",
        obstacle,
    }];
    Ok(Login { found, declined_scopes: declined, owner_id })
}

/// The scopes that were asked for and not given.
pub(super) fn declined(grant: &Grant<'_>, granted: &[String]) -> Vec<String> {
    let wanted = grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let is_missing = |scope: &&&str| !granted.iter().any(|other| other == **scope);
    wanted.filter(is_missing).map(|scope| (*scope).to_owned()).collect()
}

/// What is said when scopes are missing that publishing needs.
pub(super) fn missing_text(grant: &Grant<'_>, declined: &[String]) -> String {
    let needed = |scope: &&String| grant.login.scopes.contains(&scope.as_str());
    let names: Vec<&str> = declined.iter().filter(needed).map(String::as_str).collect();
    format!(
        "{NAME} was not allowed everything that publishing needs ({}); connect again and leave it ticked.",
        names.join(", ")
    )
}

pub(super) fn address(cx: &SignInCx<'_>, key: &str, path: &str) -> Result<Url, Failure> {
    cx.hosts.url(key, path).map_err(|error| unusable(key, error))
}

pub(super) async fn exchange<T: DeserializeOwned>(cx: &SignInCx<'_>, request: Request) -> Result<T, Failure> {
    let answer: Answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if is_good(&answer) { read_secret(&answer.body) } else { Err(classify_login(&answer, cx.clock.now())) }
}
