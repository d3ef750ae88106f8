//! Connecting: the code becomes an access token of a day and a refresh token of a year, which open
//! one account (pages "Login Kit for web" and "Manage user access tokens").

use connector::{Connectable, Failure, Grant, Login, OAuth, OAuthLogin, SignInCx, SigningIn};
use net::Request;

use super::api::address;
use super::auth::{credentials, identity, tokens, user_info};
use super::errors::classify_code;
use super::{NAME, TikTok};

/// The handle makes addresses of posts, and lost answers are looked up in the list of posts.
pub(super) const LOGINS: &[OAuthLogin] = &[OAuthLogin {
    name: "tiktok",
    host: "authorize",
    path: "/v2/auth/authorize/",
    scopes: &["user.info.basic", "video.publish"],
    optional_scopes: &["user.info.profile", "video.list", "video.upload", "user.info.stats"],
    scope_separator: ",",
    pkce: false,
    client_id_key: "client_key",
    extra: &[],
}];

impl OAuth for TikTok {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let fields = [
        ("client_key", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
        ("code", grant.code),
        ("grant_type", "authorization_code"),
        ("redirect_uri", grant.redirect_uri),
    ];
    let request = Request::post(address(cx.hosts, "/v2/oauth/token/")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let now = cx.clock.now();
    let credentials = credentials(tokens(&answer, now, classify_code)?, now);
    let has = |scope: &str| credentials.scopes.iter().any(|granted| granted == scope);
    let wanted = grant.login.scopes.iter().chain(grant.login.optional_scopes);
    let declined_scopes = wanted.filter(|scope| !has(scope)).map(|scope| (*scope).to_owned()).collect();
    let mut login = Login { declined_scopes, ..Login::default() };
    if grant.login.scopes.iter().any(|scope| !has(scope)) {
        // The account cannot be named, or nothing can be published.
        return Ok(login);
    }
    let request = user_info(cx.hosts, &credentials.scopes)?.bearer(&credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let identity = identity(&answer, now)?;
    login.found.push(Connectable { identity, credentials, kind: "account", obstacle: None });
    Ok(login)
}
