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
    /// How many destinations it works on.
    pub(super) in_flight: usize,
    /// When something is due next.
    pub(super) next: Option<Timestamp>,
}

/// The publish loop of this process.
#[derive(Clone)]
pub(crate) struct Party {
    wake: Wake,
    store: Store,
    clock: Arc<TravelClock>,
}

impl Party {
    pub(super) fn new(wake: Wake, store: Store, clock: Arc<TravelClock>) -> Self {
        Self { wake, store, clock }
    }

    /// The clock was moved: it is to look again.
    pub(super) fn look_again(&self) {
        self.wake.now();
    }

    /// What it has to do.
    pub(super) async fn load(&self) -> Result<Load, StoreError> {
        let activity = self.wake.activity();
        let settled = activity.settled && !self.clock.is_waking();
        let next = if settled { self.store.next_due(self.clock.now()).await? } else { None };
        Ok(Load { settled, in_flight: activity.in_flight, next })
    }
}
