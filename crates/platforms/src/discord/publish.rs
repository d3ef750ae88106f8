//! The states of a publish: where the webhook leads, then the message, then its address.

use connector::{CommitPermit, Cx, Failure, Next, Publication, Receipt};
use domain::Class;
use net::Request;
use serde::{Deserialize, Serialize};

use super::NAME;
use super::api::{address, named, read, without_token};
use super::errors::{classify, classify_commit};
use super::message;
use super::wire::{Message, Webhook};

/// Where a publish stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "version")]
pub enum State {
    /// The first form.
    #[serde(rename = "1")]
    V1(Progress),
}

/// What is known so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The server that the webhook belongs to: part of a message's address, and not in any answer to
    /// a message.
    #[serde(default)]
    guild_id: Option<String>,
    /// The message, once it is live.
    #[serde(default)]
    posted: Option<Posted>,
}

/// A live message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Posted {
    id: String,
    channel_id: String,
}

/// Asks where the webhook leads, which also finds out that it is gone before files are sent.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let State::V1(progress) = at;
    match (&progress.posted, &progress.guild_id) {
        (Some(posted), guild) => Ok(Next::Published(receipt(cx, posted, guild.as_deref()))),
        (None, Some(_)) => Ok(Next::Commit(State::V1(progress))),
        (None, None) => {
            message::check(to)?;
            let guild_id = Some(look(cx).await?.guild_id.unwrap_or_default());
            Ok(Next::Go(State::V1(Progress { guild_id, ..progress })))
        }
    }
}

/// Sends the message.
pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let State::V1(progress) = at;
    if progress.posted.is_some() {
        return Ok(Next::Go(State::V1(progress)));
    }
    let request = message::request(cx, to).await?;
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let answer = without_token(answer, &cx.credentials.access_token);
    if !answer.is_success() {
        return Err(classify_commit(&answer, cx.now()));
    }
    let Message { id, channel_id } = read(&answer)?;
    Ok(Next::Go(State::V1(Progress { posted: Some(Posted { id, channel_id }), ..progress })))
}

/// The account's webhook.
pub(super) async fn look(cx: &Cx<'_>) -> Result<Webhook, Failure> {
    let token = &cx.credentials.access_token;
    let url = address(cx.hosts, &cx.account.platform_user_id, token)?;
    let sent = cx.send(named(Request::get(url))).await;
    let answer = without_token(sent.map_err(|error| Failure::unanswered(NAME, error))?, token);
    if answer.is_success() { usable(read(&answer)?) } else { Err(classify(&answer, cx.now())) }
}

/// Refuses a webhook that takes no messages.
pub(super) fn usable(webhook: Webhook) -> Result<Webhook, Failure> {
    const INCOMING: u8 = 1;
    if webhook.kind == INCOMING {
        return Ok(webhook);
    }
    let public =
        "That webhook follows a channel or belongs to an app; make one under Integrations, Webhooks.";
    Err(Failure::before_sending(Class::PermissionMissing, public))
}

fn receipt(cx: &Cx<'_>, posted: &Posted, guild: Option<&str>) -> Receipt {
    let Posted { id, channel_id } = posted;
    let guild = guild.filter(|guild| !guild.is_empty()).unwrap_or("@me");
    Receipt {
        platform_post_id: id.clone(),
        platform_post_url: format!("{}/channels/{guild}/{channel_id}/{id}", cx.hosts.base("permalink")),
        warnings: Vec::new(),
    }
}
