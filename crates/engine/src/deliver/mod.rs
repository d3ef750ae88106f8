//! The delivery loop: hands events from the outbox to the webhooks that asked for them.
//!
//! A webhook is a lane: its deliveries go out one at a time and in order, and a slow receiver holds up
//! nobody but itself. What is due stands in the database, where nodes take lanes under leases. Must not
//! know what events mean.

mod config;
mod decide;
mod job;

use std::collections::HashSet;
use std::future::Future;

use domain::{Span, Timestamp};
use store::{DueLane, StoreError};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::publish::chain;
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
    running: JoinSet<DueLane>,
    /// Lanes that a job of this process is at.
    busy: HashSet<DueLane>,
    stop_jobs: watch::Sender<bool>,
}

impl Engine {
    /// A delivery loop beside this publish loop, which is woken through `wake`.
    pub fn deliverer(&self, wake: Wake) -> Deliverer {
        let (stop_jobs, _) = watch::channel(false);
        Deliverer { engine: self.clone(), wake, running: JoinSet::new(), busy: HashSet::new(), stop_jobs }
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
                    tracing::error!(error = %chain(&error), "cannot look for events to deliver");
                    self.wake.look_failed();
                    self.engine.parts.clock.now() + AFTER_FAILURE
                }
            };
            self.wake.sleeping_until(until, self.running.len());
            tokio::select! {
                () = &mut stop => break,
                () = self.wake.woken() => {}
                () = self.engine.sleep_until_look(until) => {}
                Some(ended) = self.running.join_next(), if !self.running.is_empty() => self.note_end(ended),
            }
        }
        self.stop_jobs.send_replace(true);
        self.wait_for_the_last().await;
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
            if self.running.is_empty() {
                return Ok(lanes);
            }
            while let Some(ended) = self.running.join_next().await {
                lanes += 1;
                self.note_end(ended);
            }
        }
    }

    /// Distributes what waits and starts a job for each lane that is due; returns when to come around
    /// again.
    async fn take_turn(&mut self) -> Result<Timestamp, StoreError> {
        while let Some(ended) = self.running.try_join_next() {
            self.note_end(ended);
        }
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
        // Lanes of this process's jobs may be listed as well: such a job is about to take its lane.
        let limit = u32::try_from(capacity + self.busy.len()).unwrap_or(u32::MAX);
        for lane in parts.store.list_due_lanes(now, limit).await? {
            if self.running.len() >= capacity {
                // Whichever job ends first makes the loop come around.
                break;
            }
            if self.busy.insert(lane) {
                let (engine, stopping) = (self.engine.clone(), self.stop_jobs.subscribe());
                self.running.spawn(async move {
                    engine.deliver_lane(lane, stopping).await;
                    lane
                });
            }
        }
        let poll = now + self.engine.config.poll;
        Ok(parts.store.next_lane_due(now).await?.map_or(poll, |next| next.min(poll)))
    }

    fn note_end(&mut self, ended: Result<DueLane, JoinError>) {
        match ended {
            Ok(lane) => drop(self.busy.remove(&lane)),
            Err(error) => {
                // Whose it was is not known any more; the leases tell.
                self.busy.clear();
                if error.is_panic() {
                    tracing::error!("a delivery panicked; it is tried again when its lease ends");
                }
            }
        }
    }

    async fn wait_for_the_last(mut self) {
        let clock = &self.engine.parts.clock;
        let deadline = clock.now() + self.engine.config.grace;
        loop {
            tokio::select! {
                ended = self.running.join_next() => if ended.is_none() { return },
                () = clock.sleep_until(deadline) => break,
            }
        }
        tracing::warn!(
            webhooks = self.running.len(),
            "stopped before these had answered; they are sent to again"
        );
        self.running.shutdown().await;
    }
}
