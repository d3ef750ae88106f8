//! Tokens: renewal and identity (page "Manage user access tokens").

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span, Timestamp};
use net::{Answer, Request};

use super::api::{address, read, without_body};
use super::errors::{classify, classify_token, is_ok};
use super::wire::{Tokens, User, UserInfo};
use super::{NAME, TikTok};

/// How long an access token opens where its answer does not say.
const ACCESS_LIFE: Span = Span::from_hours(24);

impl Auth for TikTok {
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
            let request = user_info(cx.hosts, &cx.credentials.scopes)?;
            let request = request.bearer(&cx.credentials.access_token);
            let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
            identity(&answer, cx.now())
        })
    }

    fn oauth(&self) -> Option<&dyn OAuth> {
        Some(self)
    }
}

async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let held = cx.credentials;
    let Some(refresh_token) = held.refresh_token.as_deref() else {
        let public = format!("{NAME} access has ended and cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    };
    let fields = [
        ("client_key", cx.app.client_id.as_str()),
        ("client_secret", cx.app.client_secret.as_str()),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    let request = Request::post(address(cx.hosts, "/v2/oauth/token/")?).form(&fields);
    let answer = cx.send(request).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let fresh = tokens(&answer, cx.now(), classify_token)?;
    let renewed = credentials(fresh, cx.now());
    // A refresh token that is not told anew stays as it was, and so does its end.
    let ends = renewed.refresh_expires_at.or(held.refresh_expires_at);
    Ok(Credentials {
        refresh_token: renewed.refresh_token.or_else(|| held.refresh_token.clone()),
        refresh_expires_at: ends,
        scopes: if renewed.scopes.is_empty() { held.scopes.clone() } else { renewed.scopes },
        access_token: renewed.access_token,
        access_expires_at: renewed.access_expires_at,
        ..held.clone()
    })
}

/// The tokens in an answer. An error may come with status 200, so it is looked for first.
pub(super) fn tokens(
    answer: &Answer,
    now: Timestamp,
    classify: fn(&Answer, Timestamp) -> Failure,
) -> Result<Tokens, Failure> {
    match serde_json::from_slice::<Tokens>(&answer.body) {
        Ok(tokens) if answer.is_success() => Ok(tokens),
        Err(error) if answer.is_success() && !says_error(answer) => {
            Err(Failure::unreadable(NAME, error, &without_body(answer)))
        }
        _ => Err(classify(answer, now)),
    }
}

fn says_error(answer: &Answer) -> bool {
    #[derive(serde::Deserialize)]
    struct Flat {
        error: Option<String>,
    }
    serde_json::from_slice::<Flat>(&answer.body).is_ok_and(|flat| flat.error.is_some())
}

/// The tokens as they are kept.
pub(super) fn credentials(fresh: Tokens, now: Timestamp) -> Credentials {
    let after = |seconds: i64| now + Span::from_seconds(seconds);
    Credentials {
        access_token: fresh.access_token,
        refresh_token: fresh.refresh_token.filter(|token| !token.is_empty()),
        access_expires_at: Some(fresh.expires_in.map_or(now + ACCESS_LIFE, after)),
        refresh_expires_at: fresh.refresh_expires_in.map(after),
        scopes: fresh
            .scope
            .split([',', ' '])
            .filter(|scope| !scope.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        secret: None,
        renews_itself: false,
    }
}

/// Asks whose account it is. Fields that were not allowed would refuse the whole call.
pub(super) fn user_info(hosts: &connector::Hosts, scopes: &[String]) -> Result<Request, Failure> {
    let mut fields = "open_id,union_id,avatar_url,display_name".to_owned();
    if scopes.iter().any(|scope| scope == "user.info.profile") {
        fields.push_str(",username");
    }
    let mut url = address(hosts, "/v2/user/info/")?;
    url.query_pairs_mut().append_pair("fields", &fields);
    Ok(Request::get(url))
}

/// Whose account the answer names.
pub(super) fn identity(answer: &Answer, now: Timestamp) -> Result<Identity, Failure> {
    if !is_ok(answer) {
        return Err(classify(answer, now));
    }
    let User { open_id, display_name, avatar_url, username } = read::<UserInfo>(answer)?.user;
    let named = |text: Option<String>| text.filter(|text| !text.is_empty());
    let username = named(username);
    let shown = named(display_name).or_else(|| username.clone());
    Ok(Identity {
        display_name: shown.unwrap_or_else(|| open_id.clone()),
        platform_user_id: open_id,
        username,
        avatar_url: named(avatar_url),
        premium: false,
        service_url: None,
    })
}
