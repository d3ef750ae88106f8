//! Tokens: their owner makes one on the account's server and enters it with the server's address.
//! They do not end by themselves and cannot be renewed.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use connector::{
    Auth, Connectable, CredentialSignIn, Credentials, Cx, Failure, Identity, Login, SignInCx, SigningIn,
};
use domain::{Class, Timestamp};
use http::Method;

use super::errors::classify;
use super::instance::{self, Limits};
use super::server::{self, Server};
use super::spec::SPEC;
use super::wire::Account;
use super::{Mastodon, NAME};

const SERVER_URL: &str = "server_url";
const ACCESS_TOKEN: &str = "access_token";

impl Auth for Mastodon {
    fn refresh<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(async {
            let public = "This Mastodon account's access has been withdrawn; connect it with a new token.";
            Err(Failure::before_sending(Class::TokenExpired, public))
        })
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async move {
            let server = Server::of(cx)?;
            identify(cx.http, &server, &cx.credentials.access_token, cx.now()).await
        })
    }

    fn credential(&self) -> Option<&dyn CredentialSignIn> {
        Some(self)
    }
}

impl CredentialSignIn for Mastodon {
    fn fields(&self) -> &'static [&'static str] {
        &[SERVER_URL, ACCESS_TOKEN]
    }

    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a> {
        Box::pin(async move {
            let field = |name: &str| fields.get(name).map_or("", |text| text.trim());
            let server = Server::entered(field(SERVER_URL), cx.hosts)?;
            let token = field(ACCESS_TOKEN).to_owned();
            let identity = identify(cx.http, &server, &token, cx.clock.now()).await?;
            let credentials = Credentials::lasting(token);
            let found = vec![Connectable { identity, credentials, kind: "profile", obstacle: None }];
            Ok(Login { found, ..Login::default() })
        })
    }
}

/// Whose token it is, and whether their server takes longer texts than most.
async fn identify(
    http: &net::Client,
    server: &Server,
    token: &str,
    now: Timestamp,
) -> Result<Identity, Failure> {
    let instance = instance::ask(http, server, now).await?;
    let request = server.request(Method::GET, "/api/v1/accounts/verify_credentials", &[])?.bearer(token);
    let answer = http.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        let failure = classify(&answer, now);
        if failure.class == Class::TokenExpired {
            let public = "The server did not accept the access token; check both.".to_owned();
            return Err(Failure { public, ..failure });
        }
        return Err(failure);
    }
    let account: Account = server::read(&answer)?;
    let limits = Limits::told_by(&instance);
    let domain = instance.domain.or(instance.uri).filter(|name| is_name(name));
    let domain = domain.as_deref().unwrap_or(server.name());
    let username = format!("{}@{domain}", account.username);
    Ok(Identity {
        // Numbers are unique on one server only.
        platform_user_id: format!("{}@{}", account.id, server.name()),
        display_name: Some(account.display_name)
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(account.username),
        username: Some(username),
        avatar_url: account.avatar,
        premium: limits.characters > SPEC.rules.text.limit,
        service_url: Some(server.address().to_owned()),
    })
}

/// Old servers answer with an address where newer ones have a name.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}
