//! Threads, over the Threads API.
//!
//! Odd about it: media is never uploaded, Threads fetches it from an address; a post is a container
//! first, which is processed and then published once, and which tells afterwards whether it was;
//! each part of a thread is a container of its own. Tokens renew themselves.

mod auth;
mod container;
mod errors;
mod graph;
mod lookup;
mod metrics;
mod publish;
mod reconcile;
mod sign_in;
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

pub use state::{Stage, State};

const NAME: &str = "Threads";

/// The connector for Threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threads;

impl Platform for Threads {
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
