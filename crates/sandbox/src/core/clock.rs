//! The emulated platforms' time: the machine's time plus an offset that the control API moves, or
//! a time that is shared with a server and steered for both.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::{Span, Timestamp};

use super::error::SandboxError;
use super::journal::{Journal, Table};
use super::steering::{KeptClock, Steering};

/// The machine's time, as an argument of whoever opens the sandbox.
pub trait SandboxClock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
    /// Returns after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// What steers this time, if it is a shared one.
    fn steering(&self) -> Option<Arc<dyn Steering>> {
        None
    }
    /// A platform's call is being handled from now on.
    fn call_began(&self) {}
    /// A platform's call has been handled.
    fn call_ended(&self) {}
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSandboxClock;

impl SandboxClock for SystemSandboxClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the sandbox's one owner of the machine clock")]
        let now = std::time::SystemTime::now();
        let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        #[expect(clippy::disallowed_methods, reason = "this is the sandbox's one owner of the machine clock")]
        Box::pin(tokio::time::sleep(duration))
    }
}

const OFFSET: &str = "offset_micros";
const FROZEN_AT: &str = "frozen_at_micros";

/// The time the emulators live in.
pub(crate) struct Clock {
    machine: Arc<dyn SandboxClock>,
    steering: Option<Arc<dyn Steering>>,
    // Stored, so that a token which expired by moving the clock is still expired after a restart.
    kept: Table<i64>,
}

impl Clock {
    pub(crate) fn open(machine: Arc<dyn SandboxClock>, journal: &Arc<Journal>) -> Result<Self, SandboxError> {
        let kept: Table<i64> = journal.table("clock")?;
        let steering = machine.steering();
        if let Some(steering) = &steering {
            let earlier = kept.get(OFFSET).map(|offset| KeptClock {
                offset: Span::from_micros(offset),
                frozen_at: kept.get(FROZEN_AT).map(Timestamp::from_micros),
            });
            let (table, journal) = (kept.clone(), Arc::clone(journal));
            let keep = move |clock| {
                if let Err(error) = keep(&journal, &table, clock) {
                    tracing::error!(%error, "where the clock stands could not be kept");
                }
            };
            steering.restore(earlier, Box::new(keep));
        }
        Ok(Self { machine, steering, kept })
    }

    /// What steers this time, if it is a shared one.
    pub(crate) fn steering(&self) -> Option<&dyn Steering> {
        self.steering.as_deref()
    }

    /// The emulated moment.
    pub(crate) fn now(&self) -> Timestamp {
        match self.steering {
            Some(_) => self.machine.now(),
            None => self.machine.now() + Span::from_micros(self.kept.get(OFFSET).unwrap_or(0)),
        }
    }

    /// Waits by the machine's clock, whatever the offset; in a shared time, by that.
    pub(crate) async fn sleep(&self, duration: Duration) {
        self.machine.sleep(duration).await;
    }

    /// Notes that a platform's call is being handled for as long as the value lives.
    pub(crate) fn call(&self) -> Call {
        self.machine.call_began();
        Call { machine: Arc::clone(&self.machine) }
    }

    /// Moves the emulated time by `span`.
    pub(crate) fn advance(&self, span: Span) -> Result<(), SandboxError> {
        self.set(self.now() + span)
    }

    /// Sets the emulated time; it goes on from there.
    pub(crate) fn set(&self, moment: Timestamp) -> Result<(), SandboxError> {
        if self.steering.is_some() {
            return Err(SandboxError::invalid("this time is shared with a server; steer it for both"));
        }
        self.kept.put(OFFSET, &moment.since(self.machine.now()).as_micros())
    }
}

/// A platform's call that is being handled.
pub(crate) struct Call {
    machine: Arc<dyn SandboxClock>,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.machine.call_ended();
    }
}

fn keep(journal: &Journal, table: &Table<i64>, clock: KeptClock) -> Result<(), SandboxError> {
    let mut batch = journal.batch();
    batch.put(table, OFFSET, &clock.offset.as_micros())?;
    match clock.frozen_at {
        Some(moment) => batch.put(table, FROZEN_AT, &moment.as_micros())?,
        None => batch.delete(table, FROZEN_AT),
    }
    batch.commit()
}
