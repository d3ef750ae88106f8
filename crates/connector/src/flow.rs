//! Publishing as a resumable state machine.

use std::future::Future;

use domain::Timestamp;
use net::Entropy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Auth, CommitPermit, Cx, Deletion, Failure, Metrics, PlatformSpec, Publication};

/// What [`Platform::start`] may use: no network, so that it cannot fail.
#[derive(Clone, Copy)]
pub struct StartCx<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// Randomness, for keys that are chosen before the first try.
    pub entropy: &'a dyn Entropy,
}

/// A social platform.
pub trait Platform: Send + Sync + 'static {
    /// Where a publish stands. Stored between steps; old forms must stay readable.
    type State: Serialize + DeserializeOwned + Send + Sync;

    /// The platform's facts.
    fn spec(&self) -> &'static PlatformSpec;

    /// The state before the first step. Chooses and freezes whatever must not change on a retry.
    fn start(&self, cx: StartCx<'_>, to: &Publication) -> Self::State;

    /// Does the next thing that may be repeated: upload a part, create a container, poll.
    fn step(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: Self::State,
    ) -> impl Future<Output = Result<Next<Self::State>, Failure>> + Send;

    /// Sends the request that makes something public. An intent for it is durable already.
    fn commit(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: Self::State,
        permit: CommitPermit,
    ) -> impl Future<Output = Result<Next<Self::State>, Failure>> + Send;

    /// Finds out what became of a commit whose answer was lost. Publishes nothing.
    fn reconcile(
        &self,
        cx: &Cx<'_>,
        to: &Publication,
        at: Self::State,
        intent: &Intent,
    ) -> impl Future<Output = Result<Verdict<Self::State>, Failure>> + Send;

    /// Whether [`Platform::reconcile`] keeps its word for a [`Intent::restored`] intent: finds what
    /// went out by facts that are not in the state, and never says `Absent` where it cannot. Where
    /// this is `false`, a person decides.
    fn looks_up_after_restore(&self) -> bool {
        false
    }

    /// What the platform does about tokens.
    fn auth(&self) -> &dyn Auth;

    /// How live copies are taken down, where that can be done.
    fn deletion(&self) -> Option<&dyn Deletion> {
        None
    }

    /// How posts and accounts do, where the platform tells.
    fn metrics(&self) -> Option<&dyn Metrics> {
        None
    }
}

/// What comes after a step or a commit.
#[derive(Clone, Debug, PartialEq)]
pub enum Next<S> {
    /// Another step, now.
    Go(S),
    /// Another step, not before this moment (the platform is processing).
    Wait(S, Timestamp),
    /// A commit is due.
    Commit(S),
    /// Everything is live.
    Published(Receipt),
}

/// What became of a commit whose answer was lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict<S> {
    /// It happened; this is what comes after it.
    Found(Next<S>),
    /// It cannot be seen. Counts only after the platform's settle time and a second look.
    Absent(S),
    /// It cannot be looked up, and the platform itself refuses to publish the same twice and then
    /// names the first one: send the same again.
    Repeat(S),
    /// Nobody can tell.
    Unknowable,
}

/// Proof that a post is live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The platform's id of the post (of the first part of a thread).
    pub platform_post_id: String,
    /// The post's public address.
    pub platform_post_url: String,
    /// Remarks for the author about what was published otherwise than asked, if any.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// The record that a commit was about to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which attempt of the destination.
    pub attempt: u32,
    /// When a request of this commit was first about to be sent: nothing of it can be older.
    pub at: Timestamp,
    /// Hash of what was to be sent.
    pub fingerprint: String,
    /// The database was restored from a backup since: this commit and those after it may have been
    /// sent from progress that is lost. Ids that such progress held are not in the state.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restored: bool,
}
