//! Looks for destinations that are overdue, and raises one alarm for each: an event, a figure and a
//! line in the log. Works on any node, whether or not it publishes, and beside others.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use domain::causes::with_causes;
use domain::{EventId, Span, Timestamp};
use net::{Clock, Entropy};
use store::{Late, Lease, Store, StoreError};

/// How many are marked in one transaction.
const BATCH: u32 = 200;
/// How many destinations in workers' hands are looked at.
const IN_HAND: u32 = 5_000;

/// When to raise an alarm.
#[derive(Clone, Copy, Debug)]
pub struct WatchConfig {
    /// A destination that is due for longer and neither taken nor at rest is overdue.
    pub overdue_after: Span,
    /// How often to look.
    pub every: Span,
    /// The shortest time between two lines in the log about new alarms.
    pub line_every: Span,
    /// How long until a lasting state is mentioned again.
    pub remind_every: Span,
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self {
            overdue_after: Span::from_minutes(1),
            every: Span::from_seconds(15),
            line_every: Span::from_minutes(1),
            remind_every: Span::from_minutes(10),
        }
    }
}

/// What one look found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WatchReport {
    /// Alarms that this look raised.
    pub raised: usize,
    /// Destinations that are overdue.
    pub overdue: u64,
    /// Whether it wrote a line into the log.
    pub logged: bool,
}

/// The watch over overdue destinations.
pub struct Watch {
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    config: WatchConfig,
    /// Since when each hold that is looked at has been seen.
    seen: HashMap<Lease, Timestamp>,
    /// Alarms that no line has mentioned yet.
    unlogged: usize,
    example: Option<Late>,
    last_line: Option<Timestamp>,
}

impl Watch {
    /// A watch over everything in `store`.
    pub fn new(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, config: WatchConfig) -> Self {
        let (seen, unlogged, example, last_line) = (HashMap::new(), 0, None, None);
        Self { store, clock, entropy, config, seen, unlogged, example, last_line }
    }

    /// Looks now and then until `stop` resolves.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        loop {
            // The first look comes after a pause, in which a loop that just started catches up.
            let next = self.clock.now() + self.config.every;
            tokio::select! {
                () = &mut stop => return,
                () = self.clock.poll_until(next) => {}
            }
            if let Err(error) = self.run_once().await {
                tracing::error!(error = %with_causes(&error), "cannot look for overdue destinations");
            }
        }
    }

    /// Looks once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&mut self) -> Result<WatchReport, StoreError> {
        let now = self.clock.now();
        let before = now - self.config.overdue_after;
        let mut raised = self.raise_waiting(before, now).await?;
        raised += self.raise_in_hand(before, now).await?;
        let overdue = match (raised, self.last_line) {
            // Nothing is new, and nothing was said that could have changed.
            (0, None) => 0,
            _ => self.store.count_overdue(before).await?.iter().map(|(_, count)| *count).sum::<i64>(),
        };
        let overdue = u64::try_from(overdue).unwrap_or(0);
        let logged = self.log(overdue, now);
        Ok(WatchReport { raised, overdue, logged })
    }

    async fn raise_waiting(&mut self, before: Timestamp, now: Timestamp) -> Result<usize, StoreError> {
        let mut sum = 0;
        loop {
            let late = self.store.find_late(before, BATCH).await?;
            let is_last = late.len() < BATCH as usize;
            let late = late.into_iter().map(|late| (late.run_at, late)).collect();
            let raised = self.raise(late, now).await?;
            sum += raised;
            // Another watcher may be raising the same ones.
            if is_last || raised == 0 {
                return Ok(sum);
            }
        }
    }

    async fn raise_in_hand(&mut self, before: Timestamp, now: Timestamp) -> Result<usize, StoreError> {
        let held = self.store.find_in_hand(now, before, IN_HAND).await?;
        let seen: HashMap<Lease, Timestamp> = held
            .iter()
            .map(|late| {
                let first = late.lease.token == 1;
                // Of a later hold only what this watch saw is known: it may have waited on purpose.
                let since = if first { late.scheduled_for } else { now };
                (late.lease.clone(), self.seen.get(&late.lease).copied().unwrap_or(since))
            })
            .collect();
        let mut overdue: Vec<(Timestamp, Late)> = held
            .into_iter()
            .filter_map(|late| seen.get(&late.lease).map(|since| (*since, late)))
            .filter(|(since, _)| *since <= before)
            .collect();
        self.seen = seen;
        let mut sum = 0;
        while !overdue.is_empty() {
            let rest = overdue.split_off(overdue.len().min(BATCH as usize));
            sum += self.raise(std::mem::replace(&mut overdue, rest), now).await?;
        }
        Ok(sum)
    }

    async fn raise(&mut self, late: Vec<(Timestamp, Late)>, now: Timestamp) -> Result<usize, StoreError> {
        if late.is_empty() {
            return Ok(0);
        }
        let late =
            late.into_iter().map(|(since, late)| (late, since, EventId(self.entropy.uuid(now)))).collect();
        let raised = self.store.raise_overdue(late, now).await?;
        for late in &raised {
            telemetry::overdue_alarm(late.lease.platform.as_str());
        }
        let count = raised.len();
        self.unlogged += count;
        self.example = self.example.take().or_else(|| raised.into_iter().next());
        Ok(count)
    }

    /// One line for all that is new, and now and then one for what lasts.
    fn log(&mut self, overdue: u64, now: Timestamp) -> bool {
        let passed = |span: Span| self.last_line.is_none_or(|line| line + span <= now);
        if self.unlogged > 0 && passed(self.config.line_every) {
            let example = self.example.take();
            tracing::warn!(
                destinations = self.unlogged,
                overdue,
                example.destination.id = example.as_ref().map(|late| late.lease.destination_id.to_string()),
                example.platform = example.as_ref().map(|late| late.lease.platform.to_string()),
                "destinations are overdue"
            );
            self.unlogged = 0;
        } else if overdue > 0 && self.last_line.is_some() && passed(self.config.remind_every) {
            tracing::warn!(overdue, "destinations are still overdue");
        } else if overdue == 0 && self.unlogged == 0 && self.last_line.is_some() {
            tracing::info!("nothing is overdue any more");
            self.last_line = None;
            return true;
        } else {
            return false;
        }
        self.last_line = Some(now);
        true
    }
}
