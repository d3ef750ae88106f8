//! Tokens: renewal and identity (docs.x.com: OAuth 2.0 authorization code with PKCE).

use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span};
use net::Request;

use super::errors::{classify, classify_token};
use super::publish::{address, read};
use super::wire::{Data, Tokens, User};
use super::{NAME, X};

impl Auth for X {
    fn refresh<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        Box::pin(refresh(cx))
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(identify(cx))
    }

    fn oauth(&self) -> Option<&dyn OAuth> {
        Some(self)
    }
}

/// The refresh token works once; the answer brings the next one.
async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let Some(refresh_token) = &cx.credentials.refresh_token else {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    };
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let request = Request::post(address(cx, "/2/oauth2/token")?);
    // A confidential client names itself by Basic, a public one in the body.
    let request = if cx.app.client_secret.is_empty() {
        fields.push(("client_id", &cx.app.client_id));
        request
    } else {
        let pair = format!("{}:{}", cx.app.client_id, cx.app.client_secret);
        request.header("authorization", &format!("Basic {}", STANDARD.encode(pair)))
    };
    let answer = cx.send(request.form(&fields)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_token(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let now = cx.now();
    Ok(Credentials {
        access_token: tokens.access_token,
        // An answer without a new token leaves the old one as the only one there is.
        refresh_token: tokens.refresh_token.or_else(|| cx.credentials.refresh_token.clone()),
        access_expires_at: tokens.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        refresh_expires_at: cx.credentials.refresh_expires_at,
        scopes: tokens.scope.map_or_else(
            || cx.credentials.scopes.clone(),
            |scope| scope.split_whitespace().map(ToOwned::to_owned).collect(),
        ),
        secret: None,
        renews_itself: false,
    })
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let mut url = address(cx, "/2/users/me")?;
    url.query_pairs_mut().append_pair("user.fields", "profile_image_url,subscription_type");
    let request = Request::get(url).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let Data { data: user } = read::<Data<User>>(&answer)?;
    Ok(user.into_identity())
}
