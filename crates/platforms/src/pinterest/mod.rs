//! Pinterest, over its API v5.
//!
//! Odd about it: every pin needs media and a board; pictures travel inside the publishing request; there
//! is no key and no refusal of duplicates, so an answer that is lost is looked up on the board; films go
//! through a form of a storage service.

mod api;
mod auth;
mod boards;
mod errors;
mod metrics;
mod pin;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
mod state;
#[cfg(test)]
mod tests;
mod video;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use state::{Stage, State};

const NAME: &str = "Pinterest";

/// The connector for Pinterest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pinterest;

impl Platform for Pinterest {
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
