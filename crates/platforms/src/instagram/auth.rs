//! Tokens and identity. A long-lived token of Instagram Login is exchanged for a fresh one while it
//! is alive; a Page's token, which stands for the account with Facebook Login, has no end.

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::{Class, Span};
use net::Request;

use super::access::Access;
use super::errors::{classify_login, is_good};
use super::graph::{get, read, send, unusable};
use super::wire::{Account, Page, Tokens};
use super::{Instagram, NAME};

pub(super) const ACCOUNT_FIELDS: &str = "id,user_id,username,name,account_type,profile_picture_url";
/// The same behind a Page.
pub(super) const LINKED_FIELDS: &str = "instagram_business_account{id,username,name,profile_picture_url}";

impl Auth for Instagram {
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

/// A token that is younger than a day is refused, and stays good.
async fn refresh(cx: &Cx<'_>) -> Result<Credentials, Failure> {
    let held = cx.credentials;
    if Access::of(held) == Access::Facebook {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        return Err(Failure::before_sending(Class::TokenExpired, public));
    }
    let mut url = cx.hosts.url("login", "/refresh_access_token").map_err(|error| unusable("login", error))?;
    url.query_pairs_mut()
        .append_pair("grant_type", "ig_refresh_token")
        .append_pair("access_token", &held.access_token);
    let answer = cx.send(Request::get(url)).await.map_err(|error| Failure::unanswered(NAME, error))?;
    if !is_good(&answer) {
        let failure = classify_login(&answer, cx.now());
        return Err(match failure.class {
            Class::TokenExpired | Class::PermissionMissing => Failure {
                class: Class::TokenExpired,
                public: format!("{NAME} has ended the access; connect the account again."),
                ..failure
            },
            _ => failure,
        });
    }
    let tokens: Tokens = read_secret(&answer.body)?;
    Ok(long_lived(tokens, cx.now(), || held.scopes.clone()))
}

/// An answer with a token in it: nothing of it goes into a log.
pub(super) fn read_secret<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|_| {
        let public = format!("{NAME} answered in a form that could not be read.");
        Failure::before_sending(Class::Transient, public)
    })
}

/// The credentials that a long-lived token makes.
pub(super) fn long_lived(
    tokens: Tokens,
    now: domain::Timestamp,
    scopes: impl FnOnce() -> Vec<String>,
) -> Credentials {
    Credentials {
        scopes: tokens.scopes().filter(|scopes| !scopes.is_empty()).unwrap_or_else(scopes),
        access_expires_at: tokens.expires_in.map(|seconds| now + Span::from_seconds(seconds)),
        access_token: tokens.access_token,
        refresh_token: None,
        refresh_expires_at: None,
        secret: None,
        renews_itself: true,
    }
}

async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    if Access::of(cx.credentials) == Access::Instagram {
        let answer = send(cx, get(cx, "/me", &[("fields", ACCOUNT_FIELDS)])?).await?;
        return Ok(identity_of(read(&answer)?));
    }
    // With a Page's token `me` is the Page.
    let answer = send(cx, get(cx, "/me", &[("fields", LINKED_FIELDS)])?).await?;
    if let Some(account) = read::<Page>(&answer)?.instagram_business_account {
        return Ok(identity_of(account));
    }
    let public = format!(
        "The {NAME} account is no longer linked to the Facebook Page; link it there and connect it again."
    );
    Err(Failure::answered(Class::TokenExpired, public, &answer))
}

/// An account as it is kept. `user_id` is the number that both logins agree on.
pub(super) fn identity_of(account: Account) -> Identity {
    let username = account.username.filter(|name| !name.is_empty());
    let name = account.name.filter(|name| !name.is_empty());
    let id = account.user_id.unwrap_or(account.id);
    Identity {
        display_name: name.or_else(|| username.clone()).unwrap_or_else(|| id.clone()),
        platform_user_id: id,
        username,
        avatar_url: account.profile_picture_url,
        premium: false,
        service_url: None,
    }
}
