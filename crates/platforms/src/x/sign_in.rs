//! Connecting: the code is exchanged for tokens, and one token opens one account (docs.x.com: OAuth
//! 2.0 authorization code with PKCE).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{
    AppCredentials, Connectable, Credentials, Failure, Grant, Hosts, Identity, Internal, Login, OAuth,
    OAuthLogin, SignInCx, SigningIn,
};
use domain::{Class, Span, Timestamp};
use net::Request;
use serde::de::DeserializeOwned;
use url::Url;

use super::errors::{classify, classify_code};
use super::wire::{Data, Tokens, User};
use super::{NAME, X};

/// Without `offline.access` there is no refresh token, and access ends after two hours.
pub(super) const LOGINS: &[OAuthLogin] = &[OAuthLogin {
    name: "x",
    host: "authorize",
    path: "/i/oauth2/authorize",
    scopes: &["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"],
    optional_scopes: &[],
    scope_separator: " ",
    pkce: true,
    client_id_key: "client_id",
    extra: &[],
}];

impl OAuth for X {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", grant.code),
        ("redirect_uri", grant.redirect_uri),
        ("code_verifier", grant.verifier),
    ];
    let request = Request::post(address(cx.hosts, "/2/oauth2/token")?);
    let request = as_client(request, cx.app, &mut fields);
    let answer = cx.send(request.form(&fields)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_code(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let now = cx.clock.now();
    let requested = grant.login.scopes;
    let scopes: Vec<String> = match &tokens.scope {
        Some(scope) => scope.split_whitespace().map(ToOwned::to_owned).collect(),
        // OAuth leaves the scope out when it is what was asked for.
        None => requested.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let declined: Vec<String> = requested
        .iter()
        .filter(|scope| !scopes.iter().any(|granted| granted == *scope))
        .map(|scope| (*scope).to_owned())
        .collect();
    if !declined.is_empty() {
        // The account cannot even be named without some of them.
        return Ok(Login { declined_scopes: declined, ..Login::default() });
    }
    let identity = identify(cx, &tokens.access_token, now).await?;
    let credentials = Credentials {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        access_expires_at: tokens.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        refresh_expires_at: None,
        scopes,
        secret: None,
        renews_itself: false,
    };
    let found = vec![Connectable { identity, credentials, kind: "profile", obstacle: None }];
    Ok(Login { found, ..Login::default() })
}

/// A confidential client names itself by Basic, a public one in the body.
fn as_client<'a>(
    request: Request,
    app: &'a AppCredentials,
    fields: &mut Vec<(&'static str, &'a str)>,
) -> Request {
    if app.client_secret.is_empty() {
        fields.push(("client_id", &app.client_id));
        return request;
    }
    let pair = format!("{}:{}", app.client_id, app.client_secret);
    request.header("authorization", &format!("Basic {}", STANDARD.encode(pair)))
}

async fn identify(cx: &SignInCx<'_>, token: &str, now: Timestamp) -> Result<Identity, Failure> {
    let mut url = address(cx.hosts, "/2/users/me")?;
    url.query_pairs_mut().append_pair("user.fields", "profile_image_url,subscription_type");
    let answer = cx.send(Request::get(url).bearer(token)).await;
    let answer = answer.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, now));
    }
    let Data { data: user } = read::<Data<User>>(&answer)?;
    Ok(user.into_identity())
}

fn address(hosts: &Hosts, path: &str) -> Result<Url, Failure> {
    hosts.url("api", path).map_err(|error| Failure {
        internal: Internal::new(format!("host \"api\": {error}")),
        ..Failure::before_sending(Class::Transient, "This server's address for X is not usable.")
    })
}

fn read<T: DeserializeOwned>(answer: &net::Answer) -> Result<T, Failure> {
    serde_json::from_slice(&answer.body).map_err(|error| Failure::unreadable(NAME, error, answer))
}
