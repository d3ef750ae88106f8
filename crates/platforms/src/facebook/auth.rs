//! Tokens and identity. A Page's token has no end and nothing renews it.

use std::future::Future;
use std::pin::Pin;

use connector::{Auth, Credentials, Cx, Failure, Identity, OAuth};
use domain::Class;

use super::graph::{get, read, send};
use super::wire::Page;
use super::{Facebook, NAME};

impl Auth for Facebook {
    fn refresh<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        let public = format!("{NAME} access cannot be renewed; connect the account again.");
        Box::pin(std::future::ready(Err(Failure::before_sending(Class::TokenExpired, public))))
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

/// With a Page's token `me` is the Page.
async fn identify(cx: &Cx<'_>) -> Result<Identity, Failure> {
    let answer = send(cx, get(cx, "/me", &[("fields", "id,name,username,picture{url}")])?).await?;
    Ok(identity_of(read(&answer)?))
}

/// A Page as an account.
pub(super) fn identity_of(page: Page) -> Identity {
    Identity {
        platform_user_id: page.id,
        username: page.username.filter(|name| !name.is_empty()),
        display_name: page.name,
        avatar_url: page.picture.and_then(|picture| picture.data.url),
        premium: false,
        service_url: None,
    }
}
