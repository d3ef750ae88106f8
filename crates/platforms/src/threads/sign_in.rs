//! Connecting: the code becomes a token of an hour, that one of 60 days, and one token opens one
//! profile (Threads API: get started).

use connector::{Connectable, Credentials, Failure, Grant, Login, OAuth, OAuthLogin, SignInCx, SigningIn};
use domain::{Class, Span};
use net::{Answer, Request};
use serde::de::DeserializeOwned;
use url::Url;

use super::auth::{PROFILE_FIELDS, identity_of};
use super::errors::{classify, classify_code};
use super::graph::{address, plain_address, read};
use super::wire::{LongToken, Looked, Profile, ShortToken};
use super::{NAME, Threads};

/// Parts of a thread are replies, and whether a lost one is out is read among the replies.
pub(super) const LOGINS: &[OAuthLogin] = &[OAuthLogin {
    name: "threads",
    host: "authorize",
    path: "/oauth/authorize",
    scopes: &["threads_basic", "threads_content_publish"],
    optional_scopes: &[
        "threads_manage_replies",
        "threads_read_replies",
        "threads_manage_insights",
        "threads_delete",
    ],
    scope_separator: ",",
    pkce: false,
    client_id_key: "client_id",
    extra: &[],
}];

/// How long a long-lived token opens where its answer does not say.
const LONG_LIFE: Span = Span::from_days(60);

impl OAuth for Threads {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let short = exchange(cx, grant).await?;
    let long = lengthen(cx, &short.access_token).await?;
    let wanted = || grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let granted = match granted(cx, &long.access_token).await? {
        Some(granted) => granted,
        None => wanted().map(|scope| (*scope).to_owned()).collect(),
    };
    let has = |scope: &str| granted.iter().any(|other| other == scope);
    let mut login = Login::default();
    login.declined_scopes.extend(wanted().filter(|scope| !has(scope)).map(|scope| (*scope).to_owned()));
    if grant.login.scopes.iter().any(|scope| !has(scope)) {
        // The profile cannot be named, or nothing can be published.
        return Ok(login);
    }
    let mut url = address(cx.hosts, "/me")?;
    url.query_pairs_mut().append_pair("fields", PROFILE_FIELDS);
    let profile: Profile = ask(cx, Request::get(url).bearer(&long.access_token), classify).await?;
    let life = long.expires_in.map_or(LONG_LIFE, Span::from_seconds);
    let credentials = Credentials {
        access_token: long.access_token,
        refresh_token: None,
        access_expires_at: Some(cx.clock.now() + life),
        refresh_expires_at: None,
        scopes: granted,
        secret: None,
        renews_itself: true,
    };
    let identity = identity_of(profile);
    login.found.push(Connectable { identity, credentials, kind: "profile", obstacle: None });
    Ok(login)
}

async fn exchange(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<ShortToken, Failure> {
    // Threads ends the address that it sends people back to with `#_`.
    let code = grant.code.strip_suffix("#_").unwrap_or(grant.code);
    let fields = [
        ("client_id", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", grant.redirect_uri),
        ("code", code),
    ];
    let url = plain_address(cx.hosts, "/oauth/access_token")?;
    ask(cx, Request::post(url).form(&fields), classify_code).await
}

async fn lengthen(cx: &SignInCx<'_>, short: &str) -> Result<LongToken, Failure> {
    let mut url: Url = plain_address(cx.hosts, "/access_token")?;
    url.query_pairs_mut()
        .append_pair("grant_type", "th_exchange_token")
        .append_pair("client_secret", &cx.app.client_secret)
        .append_pair("access_token", short);
    ask(cx, Request::get(url), classify_code).await
}

/// The scopes that the owner left ticked; `None` where Threads does not tell.
async fn granted(cx: &SignInCx<'_>, token: &str) -> Result<Option<Vec<String>>, Failure> {
    let mut url = plain_address(cx.hosts, "/debug_token")?;
    url.query_pairs_mut().append_pair("input_token", token);
    match ask::<Looked>(cx, Request::get(url).bearer(token), classify).await {
        Ok(looked) => Ok(Some(looked.data.scopes)),
        Err(failure) if matches!(failure.class, Class::ContentRejected | Class::PermissionMissing) => {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

async fn ask<T: DeserializeOwned>(
    cx: &SignInCx<'_>,
    request: Request,
    classify: fn(&Answer, domain::Timestamp) -> Failure,
) -> Result<T, Failure> {
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if answer.is_success() { read(&answer) } else { Err(classify(&answer, cx.clock.now())) }
}
