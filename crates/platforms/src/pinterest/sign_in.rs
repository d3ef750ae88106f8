//! Connecting: the code is exchanged for tokens, and one token opens one account (Pinterest: connect
//! app).

use connector::{Connectable, Failure, Grant, Login, OAuth, OAuthLogin, SignInCx, SigningIn};
use net::Request;

use super::api::{address, read};
use super::auth::{as_client, credentials, identity_of};
use super::errors::{classify, classify_code};
use super::wire::{Account, Tokens};
use super::{NAME, Pinterest};

/// Creating a pin takes all four of the first scopes.
pub(super) const LOGINS: &[OAuthLogin] = &[OAuthLogin {
    name: "pinterest",
    host: "authorize",
    path: "/oauth/",
    scopes: &["boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read"],
    optional_scopes: &[],
    scope_separator: ",",
    pkce: false,
    client_id_key: "client_id",
    extra: &[],
}];

impl OAuth for Pinterest {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let now = cx.clock.now();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", grant.code),
        ("redirect_uri", grant.redirect_uri),
        // Apps from before September 2025 would get a refresh token that cannot be renewed.
        ("continuous_refresh", "true"),
    ];
    let request = as_client(Request::post(address(cx.hosts, "/oauth/token", &[])?), cx.app).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_code(&answer, now));
    }
    let mut credentials = credentials(read::<Tokens>(&answer)?, now);
    let requested = grant.login.scopes;
    if credentials.scopes.is_empty() {
        credentials.scopes = requested.iter().map(|scope| (*scope).to_owned()).collect();
    }
    let is_declined = |scope: &&&str| !credentials.scopes.iter().any(|granted| granted == **scope);
    let declined: Vec<String> =
        requested.iter().filter(is_declined).map(|scope| (*scope).to_owned()).collect();
    if !declined.is_empty() {
        return Ok(Login { declined_scopes: declined, ..Login::default() });
    }
    let asked = Request::get(address(cx.hosts, "/user_account", &[])?).bearer(&credentials.access_token);
    let answer = cx.send(asked).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, now));
    }
    let identity = identity_of(read::<Account>(&answer)?);
    let found = vec![Connectable { identity, credentials, kind: "profile", obstacle: None }];
    Ok(Login { found, ..Login::default() })
}
