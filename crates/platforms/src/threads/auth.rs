//! Tokens: renewal and identity (Threads API: long-lived tokens, profiles).

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span};
use net::Request;
use serde_json::Value;

use super::errors::classify_token;
use super::graph::{get, plain_address, read};
use super::wire::{LongToken, Profile};
use super::{NAME, Threads};

/// What is asked of a profile.
pub(super) const PROFILE_FIELDS: &str = "id,username,name,threads_profile_picture_url";

impl Auth for Threads {
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
        Box::pin(async move {
            let profile: Profile = get(cx, "/me", &[("fields", PROFILE_FIELDS)]).await?;
            Ok(identity_of(profile))
        })
    }

    fn oauth(&self) -> Option<&dyn OAuth> {
        Some(self)
    }
}

/// The token is exchanged for a fresh one. It has to be alive and at least a day old; whether it is,
/// the platform says.
async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let now = cx.now();
    let held = cx.credentials;
    if held.is_stale(now, Span::ZERO) {
        let public = format!("{NAME} access has ended and cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    }
    let mut url = plain_address(cx.hosts, "/refresh_access_token")?;
    url.query_pairs_mut()
        .append_pair("grant_type", "th_refresh_token")
        .append_pair("access_token", &held.access_token);
    let answer = cx.send(Request::get(url)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !answer.is_success() {
        return Err(classify_token(&answer, now));
    }
    let fresh: LongToken = read(&answer)?;
    Ok(Credentials {
        access_token: fresh.access_token,
        access_expires_at: fresh.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        renews_itself: true,
        ..held.clone()
    })
}

pub(super) fn identity_of(profile: Profile) -> Identity {
    let id = match profile.id {
        Value::String(id) => id,
        other => other.to_string(),
    };
    let shown = profile.name.filter(|name| !name.is_empty()).or_else(|| profile.username.clone());
    Identity {
        display_name: shown.unwrap_or_else(|| id.clone()),
        platform_user_id: id,
        username: profile.username,
        avatar_url: profile.threads_profile_picture_url,
        premium: false,
        service_url: None,
    }
}
