//! Facebook Pages, over the Graph API.
//!
//! Odd about it: errors are told apart by code and not by status, throttling included; what is
//! uploaded before stays hidden until one small request shows it, so only that one is dangerous; a
//! video is live only when its processing ends well, long after that request.

mod auth;
mod errors;
pub(crate) mod graph;
mod lookup;
mod media;
pub(crate) mod metrics;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
mod state;
mod stories;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use state::{Posted, Stage, State};

const NAME: &str = "Facebook";

/// The connector for Facebook Pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facebook;

impl Platform for Facebook {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        &spec::SPEC
    }

    fn start(&self, _: StartCx<'_>, to: &Publication) -> State {
        State::new(to)
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
