//! Bluesky, over the AT Protocol.
//!
//! Odd about it: accounts live on different hosts; a post is a record that its author writes under
//! a key of the author's choice, so that writing it twice is writing it once; links and mentions
//! are marked by byte offsets; link cards are made by whoever posts.

pub mod auth;
mod card;
mod errors;
mod facets;
mod media;
mod metrics;
mod publish;
mod reconcile;
pub(crate) mod spec;
mod tid;
mod video;
mod wire;
mod xrpc;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use publish::{Progress, State};

const NAME: &str = "Bluesky";

/// The connector for Bluesky.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bluesky;

impl Platform for Bluesky {
    type State = State;

    fn spec(&self) -> &'static PlatformSpec {
        &spec::SPEC
    }

    fn start(&self, cx: StartCx<'_>, to: &Publication) -> State {
        publish::start(cx, to)
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
        &auth::Sessions
    }

    fn metrics(&self) -> Option<&dyn Metrics> {
        Some(self)
    }
}
