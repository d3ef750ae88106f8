//! Telegram, over the Bot API: a bot posts to a channel or a group that it was added to.
//!
//! Odd about it: the bot's token is part of every address; files travel with the request that
//! publishes them; a text over the caption limit is a message of its own before its media; nothing
//! that was published can be read back.

mod api;
mod auth;
mod errors;
mod media;
mod message;
mod publish;
pub(crate) mod spec;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Next, Platform, PlatformSpec, Publication, StartCx, Verdict,
};

pub use publish::{Progress, State};

const NAME: &str = "Telegram";

/// The connector for Telegram.
#[derive(Clone, Copy, Debug, Default)]
pub struct Telegram;

impl Platform for Telegram {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        &spec::SPEC
    }

    fn start(&self, _: StartCx<'_>, _: &Publication) -> State {
        State::V1(Progress::default())
    }

    fn step(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: State,
    ) -> impl Future<Output = Result<Next<State>, Failure>> + Send {
        publish::step(cx, to, at)
    }

    fn commit(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: State,
        permit: CommitPermit,
    ) -> impl Future<Output = Result<Next<State>, Failure>> + Send {
        publish::commit(cx, to, at, permit)
    }

    /// A bot cannot read a chat's messages, and Telegram takes the same text twice.
    async fn reconcile(
        &self,
        _: &Cx<'_>,
        _: &Publication,
        _: State,
        _: &Intent,
    ) -> Result<Verdict<State>, Failure> {
        Ok(Verdict::Unknowable)
    }

    fn auth(&self) -> &dyn Auth {
        &auth::Bot
    }
}
