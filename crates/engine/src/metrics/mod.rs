//! The metrics loop: reads how posts do, at times that come further and further apart, and counts
//! accounts' followers once a day.
//!
//! An account is a lane: it is read by one node at a time, and a platform that limits it holds up
//! nobody else. What is due stands in the database. Publishing goes first: nothing of this stands in
//! its way, and what a platform refuses here does not hold back a post. Must not know what the numbers
//! are for.

mod config;
mod decide;
mod job;
mod pace;

use std::future::Future;
use std::sync::Arc;

use domain::causes::with_causes;
use domain::metrics::LATEST;
use domain::{Span, Timestamp};
use store::{DueMetricLane, LivePlace, StoreError};

use crate::lanes::Lanes;
use crate::{Engine, Wake};

pub use config::MetricsConfig;
use pace::Paces;

/// How many destinations are planned at a time.
const PLANNED_AT_ONCE: u32 = 500;
/// What goes live is written a moment after the time that it bears, by clocks that differ: so much is
/// looked at again.
const OVERLAP: Span = Span::from_minutes(10);
/// How long the loop leaves a failing database alone.
const AFTER_FAILURE: Span = Span::from_seconds(10);

/// The metrics loop of one node.
pub struct Reader {
    engine: Engine,
    wake: Wake,
    paces: Arc<Paces>,
    lanes: Lanes<DueMetricLane>,
    /// When what went live is looked for next.
    plan_at: Option<Timestamp>,
}

impl Engine {
    /// A metrics loop beside this publish loop, over the same accounts, which is woken through `wake`.
    pub fn reader(&self, wake: Wake) -> Reader {
        Reader {
            engine: self.clone(),
            wake,
            paces: Arc::default(),
            lanes: Lanes::new("a reading"),
            plan_at: None,
        }
    }
}

impl Reader {
    /// Reads what is due until `stop` resolves, then finishes what is under way.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        if !self.engine.config.metrics.enabled {
            loop {
                // Whoever moves the clock waits for it all the same.
                self.wake.awake();
                self.wake.sleeping_until(Timestamp::from_micros(i64::MAX), 0);
                tokio::select! {
                    () = &mut stop => return,
                    () = self.wake.woken() => {}
                }
            }
        }
        loop {
            self.wake.awake();
            let until = match self.take_turn().await {
                Ok(until) => until,
                Err(error) => {
                    tracing::warn!(error = %with_causes(&error), "what is to be read of posts cannot be found; it is looked for again");
                    self.wake.look_failed();
                    self.engine.parts.clock.now() + AFTER_FAILURE
                }
            };
            self.wake.sleeping_until(until, self.lanes.running());
            tokio::select! {
                () = &mut stop => break,
                // Whoever wakes it has moved the clock: what went live meanwhile is looked for as well.
                () = self.wake.woken() => self.plan_at = None,
                () = self.engine.sleep_until_look(until) => {}
                _ = self.lanes.next_ended(), if self.lanes.running() > 0 => {}
            }
        }
        let clock = self.engine.parts.clock.as_ref();
        self.lanes.end(clock, clock.now() + self.engine.config.grace).await;
    }

    /// Reads everything that is due now; returns how many accounts were looked at. For tests:
    /// [`Reader::run`] does the same with sleep around it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&mut self) -> Result<usize, StoreError> {
        self.plan_at = None;
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

    /// Plans what went live and starts a job for each lane that is due; returns when to come around
    /// again.
    async fn take_turn(&mut self) -> Result<Timestamp, StoreError> {
        self.lanes.note_ended();
        let now = self.engine.parts.clock.now();
        if self.plan_at.is_none_or(|at| at <= now) {
            self.engine.plan_readings(now).await?;
            self.plan_at = Some(now + self.engine.config.metrics.plan_every);
        }
        let capacity = self.engine.config.metrics.capacity;
        for lane in self.engine.parts.store.list_due_metric_lanes(now, self.lanes.to_list(capacity)).await? {
            if self.lanes.running() >= capacity {
                // Whichever job ends first makes the loop come around.
                break;
            }
            let (engine, paces) = (self.engine.clone(), Arc::clone(&self.paces));
            self.lanes.start(lane, |stop| async move { engine.read_lane(lane, &paces, stop).await });
        }
        let plan_at = self.plan_at.unwrap_or(now);
        let next = self.engine.parts.store.next_metric_lane_due(now).await?;
        Ok(next.map_or(plan_at, |next| next.min(plan_at)))
    }
}

impl Engine {
    /// Plans the readings of what went live since the last look.
    async fn plan_readings(&self, now: Timestamp) -> Result<(), StoreError> {
        let store = &self.parts.store;
        let planned = store.find_metric_progress().await?;
        // What is older than the last reading has none.
        let from = planned.map_or(now - LATEST, |at| at.max(now - LATEST) - OVERLAP);
        let mut place = LivePlace::from(from);
        loop {
            let mut live = store.list_live(place, now, PLANNED_AT_ONCE).await?;
            let is_last = live.len() < PLANNED_AT_ONCE as usize;
            if let Some(last) = live.last() {
                place = LivePlace { at: last.published_at, after: last.destination_id };
            }
            live.retain(|one| self.offers_metrics(&one.platform));
            // Others of the same moment may follow.
            let done = if is_last { now } else { place.at - Span::from_micros(1) };
            if !live.is_empty() || is_last {
                store.plan_readings(live, done).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn offers_metrics(&self, platform: &domain::PlatformName) -> bool {
        self.parts.registry.connector(platform).is_some_and(|connector| connector.metrics().is_some())
    }
}
