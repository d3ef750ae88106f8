//! WordPress, over the REST API of the account's own site.
//!
//! Odd about it: there is no platform but many sites, whose addresses people enter, so that every
//! call goes through the guarded client; a post is an article with a title; nothing keeps a site
//! from taking the same article twice, so that it is known by its slug.

mod article;
mod auth;
mod errors;
mod media;
mod publish;
mod reconcile;
mod rest;
mod site;
mod slug;
pub(crate) mod spec;
mod state;
mod terms;
#[cfg(test)]
mod tests;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Next, Platform, PlatformSpec, Publication, StartCx, Verdict,
};

pub use state::{Stage, State};

const NAME: &str = "WordPress";

/// The connector for WordPress.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordPress;

impl Platform for WordPress {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        &spec::SPEC
    }

    fn start(&self, _: StartCx<'_>, to: &Publication) -> State {
        State::start(to)
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
}
