//! Discord, over an incoming webhook: one address, one channel.
//!
//! Odd about it: the address is the whole credential, and only its two parts are ever used; mentions
//! ring unless they are told not to; nothing that was published can be listed, and the same message
//! is taken twice.

mod api;
mod auth;
mod errors;
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

const NAME: &str = "Discord";

/// The connector for Discord.
#[derive(Clone, Copy, Debug, Default)]
pub struct Discord;

impl Platform for Discord {
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

    /// A webhook reads only messages whose ids it knows, and has no key against repeats.
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
        &auth::Webhook
    }
}
