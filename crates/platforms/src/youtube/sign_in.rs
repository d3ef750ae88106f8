//! Connecting: the code is exchanged for tokens. The owner chose the channel on Google's page, so one
//! grant opens one channel, or none where the Google account has none (Google identity: OAuth 2.0 for
//! web server applications).

use connector::{Connectable, Credentials, Failure, Grant, Identity, Login, OAuth, OAuthLogin};
use connector::{SignInCx, SigningIn};
use domain::Span;
use net::Request;

use super::api::{address, read};
use super::auth::identity_of;
use super::errors::{classify, classify_code};
use super::wire::{Channel, List, Tokens};
use super::{NAME, YouTube};

/// Without `access_type` there is no refresh token, and without `prompt` none the second time.
pub(super) const LOGINS: &[OAuthLogin] = &[OAuthLogin {
    name: "youtube",
    host: "authorize",
    path: "/o/oauth2/v2/auth",
    scopes: &[
        "https://www.googleapis.com/auth/youtube.upload",
        "https://www.googleapis.com/auth/youtube.readonly",
    ],
    // For the first comment, and for figures.
    optional_scopes: &[
        "https://www.googleapis.com/auth/youtube.force-ssl",
        "https://www.googleapis.com/auth/yt-analytics.readonly",
    ],
    scope_separator: " ",
    pkce: true,
    client_id_key: "client_id",
    extra: &[("access_type", "offline"), ("prompt", "consent"), ("include_granted_scopes", "true")],
}];

impl OAuth for YouTube {
    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, grant: Grant<'a>) -> SigningIn<'a> {
        Box::pin(sign_in(cx, grant))
    }
}

async fn sign_in(cx: &SignInCx<'_>, grant: Grant<'_>) -> Result<Login, Failure> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", grant.code),
        ("redirect_uri", grant.redirect_uri),
        ("client_id", &cx.app.client_id),
        ("client_secret", &cx.app.client_secret),
    ];
    if !grant.verifier.is_empty() {
        fields.push(("code_verifier", grant.verifier));
    }
    let request = Request::post(address(cx.hosts, "oauth", "/token")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_code(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let asked = [grant.login.scopes, grant.login.optional_scopes].concat();
    let scopes: Vec<String> = match &tokens.scope {
        Some(scope) => scope.split_whitespace().map(ToOwned::to_owned).collect(),
        None => asked.iter().map(|scope| (*scope).to_owned()).collect(),
    };
    let is_granted = |scope: &&'static str| scopes.iter().any(|granted| granted == scope);
    let declined_scopes: Vec<String> =
        asked.iter().filter(|scope| !is_granted(scope)).map(|scope| (*scope).to_owned()).collect();
    if !grant.login.scopes.iter().all(is_granted) {
        return Ok(Login { declined_scopes, ..Login::default() });
    }
    let now = cx.clock.now();
    let credentials = Credentials {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        access_expires_at: tokens.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        refresh_expires_at: tokens.refresh_token_expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        scopes,
        secret: None,
        renews_itself: false,
    };
    let found = channels(cx, &credentials).await?;
    Ok(Login { found, declined_scopes, ..Login::default() })
}

async fn channels(cx: &SignInCx<'_>, credentials: &Credentials) -> Result<Vec<Connectable>, Failure> {
    let mut url = address(cx.hosts, "api", "/youtube/v3/channels")?;
    url.query_pairs_mut().extend_pairs([("part", "snippet"), ("mine", "true")]);
    let answer = cx.send(Request::get(url).bearer(&credentials.access_token)).await;
    let answer = answer.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.clock.now()));
    }
    let list: List<Channel> = read(&answer)?;
    let channel = |identity: Identity, obstacle: Option<String>| Connectable {
        identity,
        credentials: credentials.clone(),
        kind: "channel",
        obstacle,
    };
    if list.items.is_empty() {
        let nobody = Identity {
            platform_user_id: "without-channel".to_owned(),
            username: None,
            display_name: "Google account without a channel".to_owned(),
            avatar_url: None,
            premium: false,
            service_url: None,
        };
        let obstacle = format!(
            "This Google account has no {NAME} channel; create one on {NAME}, then connect it again."
        );
        return Ok(vec![channel(nobody, Some(obstacle))]);
    }
    // Without a refresh token the access would end after an hour.
    let obstacle = credentials.refresh_token.is_none().then(|| {
        "Google gave no lasting access; remove this app at myaccount.google.com/connections, then connect again."
            .to_owned()
    });
    Ok(list.items.into_iter().map(|one| channel(identity_of(one), obstacle.clone())).collect())
}
