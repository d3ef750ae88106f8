//! TikTok, over the Content Posting API.
//!
//! Odd about it: what the account may post is asked before every post; a video is uploaded in chunks
//! and goes out with the last one, photos are fetched from this server and go out with the request
//! that names them; what became of either is told by the id of the publish, which is no post's id.
//! Errors come with status 200 as well, and the error's code decides.

mod api;
mod auth;
mod check;
mod choices;
mod creator;
mod errors;
mod film;
mod lookup;
mod metrics;
mod post;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod upload;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use state::{Creator, Opened, Stage, State};

const NAME: &str = "TikTok";

/// The connector for TikTok.
#[derive(Clone, Copy, Debug, Default)]
pub struct TikTok;

impl Platform for TikTok {
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
