//! Tokens: renewal and identity (LinkedIn: programmatic refresh tokens, Sign In with LinkedIn).

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span};
use net::Request;

use super::errors::{classify, classify_token};
use super::publish::{address, read};
use super::wire::{Tokens, UserInfo};
use super::{LinkedIn, NAME};

impl Auth for LinkedIn {
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

/// Only approved partners get refresh tokens; theirs last a year from the first authorization,
/// and renewing does not extend that.
async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let Some(refresh_token) = &cx.credentials.refresh_token else {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    };
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
    ];
    let request = Request::post(address(cx, "oauth", "/oauth/v2/accessToken")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_token(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let end = |seconds: Option<i64>| seconds.map(|seconds| cx.now() + Span::from_seconds(seconds));
    Ok(Credentials {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token.or_else(|| cx.credentials.refresh_token.clone()),
        access_expires_at: end(tokens.expires_in),
        refresh_expires_at: end(tokens.refresh_token_expires_in).or(cx.credentials.refresh_expires_at),
        scopes: tokens.scope.map_or_else(|| cx.credentials.scopes.clone(), |scope| split_scopes(&scope)),
        secret: None,
        renews_itself: false,
    })
}

/// Scopes come back separated by commas or by spaces.
pub(super) fn split_scopes(text: &str) -> Vec<String> {
    text.split([',', ' ']).filter(|scope| !scope.is_empty()).map(ToOwned::to_owned).collect()
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let request = Request::get(address(cx, "api", "/v2/userinfo")?).bearer(&cx.credentials.access_token);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify(&answer, cx.now()));
    }
    let user: UserInfo = read(&answer)?;
    Ok(user.into_identity())
}
