//! Mastodon, and servers that speak its API.
//!
//! Odd about it: every account lives on a server of its own choice, whose address its owner gives
//! and whose limits are its own; a status is sent with a key, and for an hour the same key answers
//! with the same status; tokens do not end.

mod auth;
mod errors;
mod fields;
mod html;
mod instance;
mod media;
mod metrics;
mod publish;
mod reconcile;
mod server;
pub(crate) mod spec;
mod state;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use instance::Limits;
pub use state::{Stage, State};

const NAME: &str = "Mastodon";

/// The connector for Mastodon.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mastodon;

impl Platform for Mastodon {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        &spec::SPEC
    }

    fn start(&self, _: StartCx<'_>, _: &Publication) -> State {
        State::default()
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

    fn reconcile(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: State,
        intent: &Intent,
    ) -> impl Future<Output = Result<Verdict<State>, Failure>> + Send {
        reconcile::reconcile(cx, to, at, intent)
    }

    fn looks_up_after_restore(&self) -> bool {
        true
    }

    fn auth(&self) -> &dyn Auth {
        self
    }

    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self)
    }
}
