//! X, over its API v2.
//!
//! Odd about it: there is no idempotency key, so an answer that is lost is looked up in the author's
//! own posts by text; refresh tokens work once, and using one twice ends them all; links come back
//! wrapped in `t.co`.

mod auth;
mod delete;
mod errors;
mod media;
mod metrics;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Deletion, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication,
    StartCx, Verdict,
};

pub use publish::{Stage, State};

const NAME: &str = "X";

/// The connector for X.
#[derive(Clone, Copy, Debug, Default)]
pub struct X;

impl Platform for X {
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

    fn deletion(&self) -> Option<&dyn Deletion> {
        Some(self)
    }

    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self)
    }
}
