//! LinkedIn, over its versioned REST API.
//!
//! Odd about it: text is a small markup in which unescaped characters silently cut it short; a
//! member's posts cannot be read back, but the platform refuses the same post twice and names the
//! first one; link cards are made by whoever posts.

mod auth;
mod errors;
mod media;
mod metrics;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
#[cfg(test)]
mod tests;
mod text;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use publish::{Article, Part, Stage, State};

const NAME: &str = "LinkedIn";

/// The connector for LinkedIn.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkedIn;

impl Platform for LinkedIn {
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
