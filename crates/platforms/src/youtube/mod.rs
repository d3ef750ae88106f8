//! YouTube, over the Data API v3.
//!
//! Odd about it: a post is one video, and it exists once the last byte of its upload has arrived. The
//! upload's address is the handle: asked about, it names the video or the next byte, and whatever is
//! sent to it again makes no second video. What comes after it (processing, thumbnail, first comment)
//! cannot fail the post, unless YouTube will not show the video.

mod api;
mod auth;
mod comment;
mod errors;
mod follow_up;
mod metrics;
mod publish;
mod reconcile;
mod sign_in;
pub(crate) mod spec;
mod state;
#[cfg(test)]
mod tests;
mod upload;
mod wire;

use std::future::Future;

use connector::{
    Auth, CommitPermit, Cx, Failure, Intent, Metrics, Next, Platform, PlatformSpec, Publication, StartCx,
    Verdict,
};

pub use state::{Session, Stage, State};

const NAME: &str = "YouTube";
/// Pieces of an upload are a multiple of this, but for the last one.
const GRAIN_BYTES: u64 = 262_144;

/// The connector for YouTube channels.
#[derive(Clone, Copy, Debug)]
pub struct YouTube {
    chunk_bytes: u64,
}

impl Default for YouTube {
    fn default() -> Self {
        Self::in_chunks_of(32 * GRAIN_BYTES)
    }
}

impl YouTube {
    /// Uploads in pieces of at most `chunk_bytes`, rounded down to what YouTube takes.
    pub const fn in_chunks_of(chunk_bytes: u64) -> Self {
        let grains = chunk_bytes / GRAIN_BYTES;
        Self { chunk_bytes: if grains == 0 { GRAIN_BYTES } else { grains * GRAIN_BYTES } }
    }
}

impl Platform for YouTube {
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
        publish::step(cx, to, at, self.chunk_bytes)
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
