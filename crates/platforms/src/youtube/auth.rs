//! Tokens: renewal and identity. A refresh token works until it is taken back.

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span};
use net::Request;

use super::api::{address, get, read};
use super::errors::classify_token;
use super::wire::{Channel, List, Tokens};
use super::{NAME, YouTube};

impl Auth for YouTube {
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

async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let Some(refresh_token) = &cx.credentials.refresh_token else {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    };
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", &cx.app.client_id),
        ("client_secret", &cx.app.client_secret),
    ];
    let request = Request::post(address(cx.hosts, "oauth", "/token")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_token(&answer));
    }
    let tokens: Tokens = read(&answer)?;
    let now = cx.now();
    let old = cx.credentials;
    Ok(Credentials {
        access_token: tokens.access_token,
        // The answer usually names none: the old one goes on.
        refresh_token: tokens.refresh_token.or_else(|| old.refresh_token.clone()),
        access_expires_at: tokens.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        refresh_expires_at: tokens
            .refresh_token_expires_in
            .map(|seconds| now + Span::from_seconds(seconds))
            .or(old.refresh_expires_at),
        scopes: tokens.scope.map_or_else(
            || old.scopes.clone(),
            |scope| scope.split_whitespace().map(ToOwned::to_owned).collect(),
        ),
        secret: None,
        renews_itself: false,
    })
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let list: List<Channel> =
        get(cx, "/youtube/v3/channels", &[("part", "snippet"), ("mine", "true")]).await?;
    list.items.into_iter().next().map(identity_of).ok_or_else(|| {
        let public =
            format!("This Google account has no {NAME} channel; create one, then connect the account again.");
        Failure::before_sending(Class::TokenExpired, public)
    })
}

/// A channel as an account.
pub(super) fn identity_of(channel: Channel) -> Identity {
    let thumbnails = channel.snippet.thumbnails;
    Identity {
        platform_user_id: channel.id,
        username: channel
            .snippet
            .custom_url
            .map(|handle| handle.trim_start_matches('@').to_owned())
            .filter(|handle| !handle.is_empty()),
        display_name: channel.snippet.title,
        avatar_url: thumbnails.high.or(thumbnails.default).map(|picture| picture.url),
        premium: false,
        service_url: None,
    }
}
