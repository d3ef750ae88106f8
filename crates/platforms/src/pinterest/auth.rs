//! Tokens: renewal and identity (Pinterest: authentication). Each renewal brings a new refresh token
//! with a new sixty days.

use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector::{AppCredentials, Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span, Timestamp};
use net::Request;

use super::api::{address, get, read};
use super::errors::classify_token;
use super::wire::{Account, Tokens};
use super::{NAME, Pinterest};

impl Auth for Pinterest {
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
        Box::pin(async move { Ok(identity_of(get::<Account>(cx, "/user_account", &[]).await?)) })
    }

    fn oauth(&self) -> Option<&dyn OAuth> {
        Some(self)
    }
}

async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let held = cx.credentials;
    let Some(refresh_token) = &held.refresh_token else {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    };
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    let request = Request::post(address(cx.hosts, "/oauth/token", &[])?);
    let request = as_client(request, cx.app).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_token(&answer, cx.now()));
    }
    let tokens: Tokens = read(&answer)?;
    let renewed = credentials(tokens, cx.now());
    Ok(Credentials {
        // An answer without a new token leaves the old one as the only one there is.
        refresh_token: renewed.refresh_token.or_else(|| held.refresh_token.clone()),
        refresh_expires_at: renewed.refresh_expires_at.or(held.refresh_expires_at),
        scopes: if renewed.scopes.is_empty() { held.scopes.clone() } else { renewed.scopes },
        ..renewed
    })
}

/// Pinterest takes the app's id and secret in this header only.
pub(super) fn as_client(request: Request, app: &AppCredentials) -> Request {
    let pair = format!("{}:{}", app.client_id, app.client_secret);
    request.header("authorization", &format!("Basic {}", STANDARD.encode(pair)))
}

/// What an answer of the token endpoint opens.
pub(super) fn credentials(tokens: Tokens, now: Timestamp) -> Credentials {
    let end = |seconds: Option<i64>| seconds.map(|seconds| now + Span::from_seconds(seconds));
    Credentials {
        access_expires_at: end(tokens.expires_in),
        refresh_expires_at: end(tokens.refresh_token_expires_in),
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        scopes: tokens.scope.as_deref().map(split_scopes).unwrap_or_default(),
        secret: None,
        renews_itself: false,
    }
}

/// They are asked for with commas between and answered with spaces.
fn split_scopes(text: &str) -> Vec<String> {
    text.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

pub(super) fn identity_of(account: Account) -> Identity {
    let shown = account.business_name.filter(|name| !name.trim().is_empty());
    Identity {
        platform_user_id: account.id.unwrap_or_else(|| account.username.clone()),
        display_name: shown.unwrap_or_else(|| account.username.clone()),
        username: Some(account.username),
        avatar_url: account.profile_image,
        premium: false,
        service_url: None,
    }
}
