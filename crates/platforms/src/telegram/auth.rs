//! Connecting with a bot's token and a chat: the token, that the bot sees the chat, that it may post
//! there. A token has no end and is not renewed.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use connector::{
    Auth, Connectable, CredentialSignIn, Credentials, Cx, Failure, Hosts, Identity, Login, SignInCx,
    SigningIn,
};
use domain::{Class, Timestamp};

use super::api::call;
use super::wire::{Chat, Member, OfChat, User};

const TOKEN_SECRET_MIN: usize = 30;
const BOT_ID_MIN: usize = 6;

/// A bot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bot;

impl Auth for Bot {
    fn refresh<'a>(
        &'a self,
        _: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Credentials, Failure>> + Send + 'a>> {
        let public =
            "A bot's token cannot be renewed; connect the chat again with the token from @BotFather.";
        Box::pin(std::future::ready(Err(Failure::before_sending(Class::TokenExpired, public))))
    }

    fn identify<'a>(
        &'a self,
        cx: &'a Cx<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Identity, Failure>> + Send + 'a>> {
        Box::pin(async move {
            let asked = Asked {
                http: cx.http,
                hosts: cx.hosts,
                token: &cx.credentials.access_token,
                chat: &cx.account.platform_user_id,
                now: cx.now(),
            };
            asked.look().await.map(|(identity, _)| identity)
        })
    }

    fn credential(&self) -> Option<&dyn CredentialSignIn> {
        Some(self)
    }
}

impl CredentialSignIn for Bot {
    fn fields(&self) -> &'static [&'static str] {
        &["bot_token", "channel"]
    }

    fn sign_in<'a>(&'a self, cx: &'a SignInCx<'a>, fields: &'a BTreeMap<String, String>) -> SigningIn<'a> {
        Box::pin(async move {
            let field = |name: &str| fields.get(name).map_or("", String::as_str).trim();
            let token = field("bot_token");
            if !is_token(token) {
                return Err(Failure::before_sending(
                    Class::ContentRejected,
                    "That is no bot token (123456789:AA…); copy it from @BotFather.",
                ));
            }
            let chat = chat_of(field("channel"))?;
            let now = cx.clock.now();
            let asked = Asked { http: cx.http, hosts: cx.hosts, token, chat: &chat, now };
            let (identity, kind) = asked.look().await?;
            let found = vec![Connectable { identity, credentials: credentials(token), kind, obstacle: None }];
            Ok(Login { found, ..Login::default() })
        })
    }
}

/// What a look at a chat needs.
struct Asked<'a> {
    http: &'a net::Client,
    hosts: &'a Hosts,
    token: &'a str,
    chat: &'a str,
    now: Timestamp,
}

impl Asked<'_> {
    /// Whose chat it is and what kind of chat, if the bot may post there.
    async fn look(&self) -> Result<(Identity, &'static str), Failure> {
        let bot: User = self.ask("getMe", &serde_json::json!({})).await?;
        if !bot.is_bot {
            return Err(Failure::before_sending(Class::PermissionMissing, "The token is not a bot's."));
        }
        let chat: Chat = self.ask("getChat", &OfChat { chat_id: self.chat, user_id: None }).await?;
        let kind = match chat.kind.as_str() {
            "channel" => "channel",
            "group" | "supergroup" => "group",
            _ => {
                return Err(Failure::before_sending(
                    Class::ContentRejected,
                    "That is a person; connect a channel or a group.",
                ));
            }
        };
        let id = chat.id.to_string();
        let member: Member =
            self.ask("getChatMember", &OfChat { chat_id: &id, user_id: Some(bot.id) }).await?;
        check(kind, &member)?;
        let display_name = chat.title.filter(|title| !title.trim().is_empty());
        let identity = Identity {
            display_name: display_name.or_else(|| chat.username.clone()).unwrap_or_else(|| id.clone()),
            platform_user_id: id,
            username: chat.username,
            // The address of a chat's picture holds the token.
            avatar_url: None,
            premium: false,
            service_url: None,
        };
        Ok((identity, kind))
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, Failure> {
        call(self.http, self.hosts, self.token, method, body, self.now).await
    }
}

/// Refuses a bot that may not post.
fn check(kind: &str, member: &Member) -> Result<(), Failure> {
    let may_post = match (kind, member.status.as_str()) {
        (_, "creator") => true,
        ("channel", "administrator") => member.can_post_messages == Some(true),
        ("channel", _) | (_, "left" | "kicked") => false,
        (_, "restricted") => member.can_send_messages == Some(true),
        _ => true,
    };
    if may_post {
        return Ok(());
    }
    let public = if kind == "channel" {
        "The bot may not post in the channel; make it an administrator with the right to post messages."
    } else {
        "The bot may not write in the group; add it and let it send messages."
    };
    Err(Failure::before_sending(Class::PermissionMissing, public))
}

fn credentials(token: &str) -> Credentials {
    Credentials::lasting(token.to_owned())
}

fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, secret)| {
        id.len() >= BOT_ID_MIN
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && secret.len() >= TOKEN_SECRET_MIN
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    })
}

/// The chat as the Bot API names it: `@name` or a number. Takes a link as well.
pub(super) fn chat_of(entered: &str) -> Result<String, Failure> {
    let refused = |public: &str| Err(Failure::before_sending(Class::ContentRejected, public));
    let text = entered.trim();
    let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let linked = ["t.me/", "www.t.me/", "telegram.me/"].iter().find_map(|host| text.strip_prefix(host));
    let path = linked.unwrap_or(text);
    if linked.is_some() && (path.starts_with('+') || path.starts_with("joinchat/")) {
        return refused("An invite link does not name the chat; enter its number (-100…).");
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(private) = path.strip_prefix("c/").filter(|_| linked.is_some()) {
        let id = private.split(['/', '?']).next().unwrap_or_default();
        if is_number(id) {
            return Ok(format!("-100{id}"));
        }
    }
    let path = path.strip_prefix("s/").filter(|_| linked.is_some()).unwrap_or(path);
    let name = if linked.is_some() { path.split(['/', '?']).next().unwrap_or_default() } else { path };
    if is_number(name.strip_prefix('-').unwrap_or(name)) {
        return Ok(name.to_owned());
    }
    let name = name.trim_start_matches('@');
    let is_name = (4..=32).contains(&name.len())
        && name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name {
        return Ok(format!("@{name}"));
    }
    refused("That names no chat; enter @name, a t.me link, or the chat's number.")
}
