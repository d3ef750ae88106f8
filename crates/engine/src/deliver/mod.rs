//! The delivery loop: hands events from the outbox to the webhooks that asked for them.
//!
//! A webhook is a lane: its deliveries go out one at a time and in order, and a slow receiver holds up
//! nobody but itself. What is due stands in the database, where nodes take lanes under leases. Must not
//! know what events mean.

mod config;
mod decide;
mod job;

use std::future::Future;

use domain::causes::with_causes;
use domain::{Span, Timestamp};
use store::{DueLane, StoreError};

use crate::lanes::Lanes;
use crate::{Engine, Wake};

pub use config::DeliverConfig;

/// How many events are distributed in one transaction.
const FAN_OUT_BATCH: u32 = 500;
/// How long the loop leaves a failing database alone.
const AFTER_FAILURE: Span = Span::from_seconds(1);

/// The delivery loop of one node.
pub struct Deliverer {
    engine: Engine,
    wake: Wake,
    lanes: Lanes<DueLane>,
}

impl Engine {
    /// A delivery loop beside this publish loop, which is woken through `wake`.
    pub fn deliverer(&self, wake: Wake) -> Deliverer {
        Deliverer { engine: self.clone(), wake, lanes: Lanes::new("a delivery") }
    }
}

impl Deliverer {
    /// Delivers what is due until `stop` resolves, then finishes what is under way.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        loop {
            // Wake-ups from here on are kept, so that events written while looking are not missed.
            self.wake.awake();
            let until = match self.take_turn().await {
                Ok(until) => until,
                Err(error) => {
                    tracing::error!(error = %with_causes(&error), "cannot look for events to deliver");
                    self.wake.look_failed();
                    self.engine.parts.clock.now() + AFTER_FAILURE
                }
            };
            self.wake.sleeping_until(until, self.lanes.running());
            tokio::select! {
                () = &mut stop => break,
                () = self.wake.woken() => {}
                () = self.engine.sleep_until_look(until) => {}
                _ = self.lanes.next_ended(), if self.lanes.running() > 0 => {}
            }
        }
        let clock = self.engine.parts.clock.as_ref();
        self.lanes.end(clock, clock.now() + self.engine.config.grace).await;
    }

    /// Delivers everything that is due now; returns how many lanes something was sent in. For tests:
    /// [`Deliverer::run`] does the same with sleep and wake-ups around it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&mut self) -> Result<usize, StoreError> {
        let mut lanes = 0;
        loop {
            self.take_turn().await?;
            if self.lanes.running() == 0 {
                return Ok(lanes);
            }
            while self.lanes.next_ended().await {
                lanes += 1;
            }
        }
    }

    /// Distributes what waits and starts a job for each lane that is due; returns when to come around
    /// again.
    async fn take_turn(&mut self) -> Result<Timestamp, StoreError> {
        self.lanes.note_ended();
        let parts = &self.engine.parts;
        loop {
            let now = parts.clock.now();
            let new_id = || parts.entropy.uuid(now);
            let found = parts.store.fan_out(now, FAN_OUT_BATCH, new_id).await?;
            if found.events < FAN_OUT_BATCH as usize {
                break;
            }
        }
        let now = parts.clock.now();
        let capacity = self.engine.config.deliver.capacity;
        for lane in parts.store.list_due_lanes(now, self.lanes.to_list(capacity)).await? {
            if self.lanes.running() >= capacity {
                // Whichever job ends first makes the loop come around.
                break;
            }
            let engine = self.engine.clone();
            self.lanes.start(lane, |stop| async move { engine.deliver_lane(lane, stop).await });
        }
        let poll = now + self.engine.config.poll;
        Ok(parts.store.next_lane_due(now).await?.map_or(poll, |next| next.min(poll)))
    }
}
