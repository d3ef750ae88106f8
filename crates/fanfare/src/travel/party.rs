//! Who lives in the shared time and has to come to rest before it moves on.

use std::sync::Arc;

use domain::Timestamp;
use engine::Wake;
use net::{Clock as _, TravelClock};
use store::{Store, StoreError};

/// What somebody who lives in the shared time has to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Whether it has looked for what is due at this moment.
    pub(super) settled: bool,
    /// How many things it works on.
    pub(super) in_flight: usize,
    /// How many of them wait for a later moment by a clock that only it sees.
    pub(super) pausing: usize,
    /// When something is due next.
    pub(super) next: Option<Timestamp>,
}

impl Load {
    /// Nothing at all.
    pub(super) const NONE: Self = Self { settled: true, in_flight: 0, pausing: 0, next: None };

    /// Whether nothing of it is under way, not even what waits for a later moment.
    pub(super) fn rests(&self) -> bool {
        self.settled && self.in_flight == 0
    }
}

/// Which loop it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Publishes posts.
    Publishing,
    /// Delivers events to webhooks.
    Delivering,
    /// Reads how posts and accounts do.
    Reading,
}

/// A loop that works on what is due in the database.
#[derive(Clone)]
pub(crate) struct Loop {
    /// Which one.
    pub(crate) kind: Kind,
    /// What wakes it.
    pub(crate) wake: Wake,
    /// Where its work stands.
    pub(crate) store: Store,
}

/// A loop of this process.
#[derive(Clone)]
pub(crate) struct Party {
    kind: Kind,
    wake: Wake,
    store: Store,
    clock: Arc<TravelClock>,
}

impl Party {
    pub(super) fn new(works: Loop, clock: Arc<TravelClock>) -> Self {
        let Loop { kind, wake, store } = works;
        Self { kind, wake, store, clock }
    }

    /// The clock was moved: it is to look again.
    pub(super) fn look_again(&self) {
        self.wake.now();
    }

    /// What it has to do. Whoever has its clock knows what pauses by it.
    pub(super) async fn load(&self) -> Result<Load, StoreError> {
        let activity = self.wake.activity();
        let settled = activity.settled && !self.clock.is_waking();
        let next = match self.kind {
            _ if !settled => None,
            Kind::Publishing => self.store.next_due(self.clock.now()).await?,
            Kind::Delivering => self.store.next_lane_due(self.clock.now()).await?,
            Kind::Reading => self.store.next_metric_lane_due(self.clock.now()).await?,
        };
        Ok(Load { settled, in_flight: activity.in_flight, pausing: 0, next })
    }
}
