//! The states of a publish: one commit for each message, then the pin if it is asked for.

use connector::{CommitPermit, Cx, Failure, Next, Publication, Receipt};
use domain::{Class, Span};
use serde::{Deserialize, Serialize};

use super::NAME;
use super::api::{call, read, without_token};
use super::errors::{classify_commit, moved_to};
use super::message::{self, Piece, pieces};
use super::wire::{Message, Pin};

/// Telegram asks for no more than one message a second in a chat.
const BETWEEN_MESSAGES: Span = Span::from_seconds(1);
const PIN_AGAIN: Span = Span::from_seconds(4);
const PIN_MISSES_MAX: u32 = 2;
/// What the ids of channels and supergroups begin with.
const CHANNEL_PREFIX: &str = "-100";

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
    /// The ids of the messages that are live: of each request all that it made.
    #[serde(default)]
    posted: Vec<Vec<i64>>,
    /// The chat's id since it became a supergroup.
    #[serde(default)]
    moved_to: Option<i64>,
    /// Whether pinning is over, one way or the other.
    #[serde(default)]
    pinned: bool,
    /// How often pinning failed.
    #[serde(default)]
    misses: u32,
    /// Remarks for the receipt.
    #[serde(default)]
    warnings: Vec<String>,
}

/// Says which message is due; after the last one, pins.
pub(super) async fn step(cx: &Cx<'_>, to: &Publication, at: State) -> Result<Next<State>, Failure> {
    let State::V1(progress) = at;
    if progress.posted.len() < pieces(to).len() {
        message::check(to)?;
        return Ok(Next::Commit(State::V1(progress)));
    }
    if to.settings.flag("pin").unwrap_or(false) && !progress.pinned {
        return pin(cx, to, progress).await;
    }
    Ok(Next::Published(progress.receipt(cx)))
}

/// Sends the next message.
pub(super) async fn commit(
    cx: &Cx<'_>,
    to: &Publication,
    at: State,
    permit: CommitPermit,
) -> Result<Next<State>, Failure> {
    let State::V1(mut progress) = at;
    let pieces = pieces(to);
    let Some(piece) = pieces.get(progress.posted.len()).copied() else {
        return Ok(Next::Go(State::V1(progress)));
    };
    let sent = send(cx, to, piece, &mut progress, permit).await;
    let Some(ids) = sent.map_err(|failure| after_text(failure, &progress))? else {
        return Ok(Next::Go(State::V1(progress)));
    };
    progress.posted.push(ids);
    let is_whole = progress.posted.len() == pieces.len();
    let state = State::V1(progress);
    Ok(if is_whole { Next::Go(state) } else { Next::Wait(state, cx.now() + BETWEEN_MESSAGES) })
}

/// The ids of what went live; `None` when the chat has moved and nothing was sent.
async fn send(
    cx: &Cx<'_>,
    to: &Publication,
    piece: Piece<'_>,
    progress: &mut Progress,
    permit: CommitPermit,
) -> Result<Option<Vec<i64>>, Failure> {
    let request = message::request(cx, to, piece, &progress.chat(cx)).await?;
    let answer = cx.send_commit(request, permit).await.map_err(|error| Failure::unanswered(NAME, error))?;
    let answer = without_token(answer, &cx.credentials.access_token);
    if answer.is_success() {
        let is_album = matches!(piece, Piece::Files([_, _, ..], _));
        let messages: Vec<Message> = if is_album { read(&answer)? } else { vec![read::<Message>(&answer)?] };
        return Ok(Some(messages.into_iter().map(|message| message.message_id).collect()));
    }
    match moved_to(&answer) {
        // Once: a chat does not move twice.
        Some(new) if progress.moved_to.is_none() => {
            progress.moved_to = Some(new);
            Ok(None)
        }
        _ => Err(classify_commit(&answer, cx.now())),
    }
}

/// The same failure; where the text is out already, its author has to know.
fn after_text(mut failure: Failure, progress: &Progress) -> Failure {
    if !progress.posted.is_empty() {
        failure.public =
            format!("The text is out as a message of its own, the media are not: {}", failure.public);
    }
    failure
}

/// Pins the first message. Doing it twice is doing it once; failing does not fail what is live.
async fn pin(cx: &Cx<'_>, to: &Publication, mut progress: Progress) -> Result<Next<State>, Failure> {
    let body = Pin {
        chat_id: &progress.chat(cx),
        message_id: progress.first_id(),
        disable_notification: to.settings.flag("disable_notification").unwrap_or(false),
    };
    let token = &cx.credentials.access_token;
    let pinned = call::<bool>(cx.http, cx.hosts, token, "pinChatMessage", &body, cx.now()).await;
    match pinned {
        Err(failure) if failure.died => return Err(failure),
        Err(failure) if failure.class == Class::Transient && progress.misses < PIN_MISSES_MAX => {
            progress.misses += 1;
            return Ok(Next::Wait(State::V1(progress), cx.now() + PIN_AGAIN));
        }
        Err(failure) => progress.warnings.push(format!("The message is not pinned: {}", failure.public)),
        Ok(_) => {}
    }
    progress.pinned = true;
    Ok(Next::Go(State::V1(progress)))
}

impl Progress {
    fn chat(&self, cx: &Cx<'_>) -> String {
        self.moved_to.map_or_else(|| cx.account.platform_user_id.clone(), |id| id.to_string())
    }

    fn first_id(&self) -> i64 {
        self.posted.iter().flatten().next().copied().unwrap_or_default()
    }

    /// Proof of the first message.
    fn receipt(mut self, cx: &Cx<'_>) -> Receipt {
        let (chat, id) = (self.chat(cx), self.first_id());
        let base = cx.hosts.base("permalink");
        let platform_post_url = match (&cx.account.username, chat.strip_prefix(CHANNEL_PREFIX)) {
            (Some(username), _) if !username.is_empty() => format!("{base}/{username}/{id}"),
            (_, Some(channel)) => format!("{base}/c/{channel}/{id}"),
            (_, None) => {
                self.warnings.push(format!("Messages of such a group have no address on {NAME}."));
                base.to_owned()
            }
        };
        if self.moved_to.is_some() {
            self.warnings
                .push("The group has become a supergroup with a new id; connect it again.".to_owned());
        }
        Receipt { platform_post_id: id.to_string(), platform_post_url, warnings: self.warnings }
    }
}
