//! Instagram, over its content publishing API, with Instagram Login or Facebook Login.
//!
//! Odd about it: a post is a container first, which is published once and tells its own state, so
//! that nothing has to be guessed after a lost answer; the platform fetches media by itself from
//! this server, films with Facebook Login excepted; one model is served on two hosts with tokens of
//! two kinds.

mod access;
mod auth;
mod containers;
mod errors;
mod fields;
mod graph;
mod lookup;
mod metrics;
mod publish;
mod reconcile;
mod sign_in;
mod sign_in_facebook;
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

pub use state::{Posted, Stage, State};

const NAME: &str = "Instagram";

/// The connector for Instagram.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instagram;

impl Platform for Instagram {
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
