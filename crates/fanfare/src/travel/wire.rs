//! What the two sides of a shared clock tell each other, when the sandbox and the server are two
//! processes.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// What a follower tells: where its clock stands and what it has to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Report {
    /// The leader's state that the follower has taken over; none at first.
    pub(super) seen: Option<Epoch>,
    /// What its clock shows; none as long as nobody has read it, at the first contact.
    pub(super) at: Option<Timestamp>,
    /// Whether it has looked for what is due since its clock was moved, and sleeps.
    pub(super) settled: bool,
    /// How many destinations it works on.
    pub(super) in_flight: usize,
    /// How many of them wait for a later moment by its clock.
    pub(super) pausing: usize,
    /// When something of it is due next.
    pub(super) next: Option<Timestamp>,
    /// How long the answer may wait for news.
    pub(super) wait_ms: u64,
    /// It follows no longer.
    #[serde(default)]
    pub(super) leaves: bool,
}

/// Names a state of the leader's clock, over restarts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Epoch {
    pub(super) run: u64,
    pub(super) number: u64,
}

/// What a follower is to show.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Shown {
    pub(super) epoch: Epoch,
    pub(super) now: Timestamp,
    /// Whether time stands still.
    pub(super) still: bool,
    /// Whether the clock is being moved, so that the leader waits for the follower to rest.
    pub(super) moving: bool,
}
