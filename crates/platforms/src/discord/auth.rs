//! Connecting with the address of a webhook. Only its id and its token are taken from it, so that
//! what was entered never decides where a request goes. It has no end and is not renewed.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use connector::{
    Auth, Connectable, CredentialSignIn, Credentials, Cx, Failure, Identity, Login, SignInCx, SigningIn,
};
use domain::Class;
use net::Request;
use url::{Host, Url};

use super::api::{address, named, read, without_token};
use super::errors::classify;
use super::publish::{look, usable};
use super::{NAME, wire};

const HOSTS: [&str; 6] = [
    "discord.com",
    "canary.discord.com",
    "ptb.discord.com",
    "discordapp.com",
    "canary.discordapp.com",
    "ptb.discordapp.com",
];
const TOKEN_MIN: usize = 60;

/// A webhook.
#[derive(Clone, Copy, Debug)]
pub(super) struct Webhook;

impl Auth for Webhook {
    fn refresh<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        let public = "A webhook's address cannot be renewed; connect the channel again with a new one.";
        Box::pin(std::future::ready(Err(Failure::before_sending(Class::TokenExpired, public))))
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async move { look(cx).await.map(identity) })
    }

    fn credential(&self) -> Option<&dyn CredentialSignIn> {
        Some(self)
    }
}

impl CredentialSignIn for Webhook {
    fn fields(&self) -> &'static [&'static str] {
        &["webhook_url"]
    }

    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a> {
        Box::pin(async move {
            let entered = fields.get("webhook_url").map_or("", String::as_str);
            let (id, token) = parts_of(entered)?;
            let url = address(cx.hosts, &id, &token)?;
            let sent = cx.send(named(Request::get(url))).await;
            let answer = without_token(sent.map_err(|error| Failure::unanswered(NAME, error))?, &token);
            if !answer.is_success() {
                return Err(classify(&answer, cx.clock.now()));
            }
            let webhook = usable(read(&answer)?)?;
            let found = Connectable {
                identity: identity(webhook),
                credentials: credentials(token),
                kind: "channel",
                obstacle: None,
            };
            Ok(Login { found: vec![found], ..Login::default() })
        })
    }
}

/// The id and the token in a webhook's address.
pub(super) fn parts_of(entered: &str) -> Result<(String, String), Failure> {
    read_parts(entered).ok_or_else(|| {
        Failure::before_sending(
            Class::ContentRejected,
            "That is no address of a Discord webhook (https://discord.com/api/webhooks/…); copy it under Integrations, Webhooks.",
        )
    })
}

fn read_parts(entered: &str) -> Option<(String, String)> {
    let url = Url::parse(entered.trim()).ok()?;
    let is_theirs = matches!(url.host(), Some(Host::Domain(host)) if HOSTS.contains(&host));
    let is_plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !is_theirs || !is_plain {
        return None;
    }
    let path = url.path().strip_prefix("/api/")?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<&str> = path.split('/').collect();
    let is_version = |text: &str| {
        text.strip_prefix('v')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let ("webhooks", id, token) = (match segments.as_slice() {
        [kind, id, token] => (*kind, *id, *token),
        [version, kind, id, token] if is_version(version) => (*kind, *id, *token),
        _ => return None,
    }) else {
        return None;
    };
    let is_id = (17..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_token = token.len() >= TOKEN_MIN
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    (is_id && is_token).then(|| (id.to_owned(), token.to_owned()))
}

fn identity(webhook: wire::Webhook) -> Identity {
    let wire::Webhook { id, name, avatar, channel_id, .. } = webhook;
    let avatar_url = avatar.map(|hash| format!("https://cdn.discordapp.com/avatars/{id}/{hash}.png"));
    // Names of channels and servers are not told to a webhook.
    let fallback = || channel_id.map_or_else(|| NAME.to_owned(), |channel| format!("Channel {channel}"));
    Identity {
        display_name: name.filter(|name| !name.trim().is_empty()).unwrap_or_else(fallback),
        platform_user_id: id,
        username: None,
        avatar_url,
        premium: false,
        service_url: None,
    }
}

fn credentials(token: String) -> Credentials {
    Credentials::lasting(token)
}
