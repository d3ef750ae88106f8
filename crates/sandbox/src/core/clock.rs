//! The emulated platforms' time: the machine's time plus an offset that the control API moves.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::{Span, Timestamp};

use super::error::SandboxError;
use super::journal::{Journal, Table};

/// The machine's time, as an argument of whoever opens the sandbox.
pub trait SandboxClock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
    /// Returns after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
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

/// The time the emulators live in.
pub(crate) struct Clock {
    machine: Arc<dyn SandboxClock>,
    // Stored, so that a token which expired by moving the clock is still expired after a restart.
    offset: Table<i64>,
}

impl Clock {
    pub(crate) fn open(machine: Arc<dyn SandboxClock>, journal: &Arc<Journal>) -> Result<Self, SandboxError> {
        Ok(Self { machine, offset: journal.table("clock")? })
    }

    /// The emulated moment.
    pub(crate) fn now(&self) -> Timestamp {
        self.machine.now() + Span::from_micros(self.offset.get(OFFSET).unwrap_or(0))
    }

    /// Waits by the machine's clock, whatever the offset.
    pub(crate) async fn sleep(&self, duration: Duration) {
        self.machine.sleep(duration).await;
    }

    /// Moves the emulated time by `span`.
    pub(crate) fn advance(&self, span: Span) -> Result<(), SandboxError> {
        let offset = self.offset.get(OFFSET).unwrap_or(0).saturating_add(span.as_micros());
        self.offset.put(OFFSET, &offset)
    }

    /// Sets the emulated time; it goes on from there.
    pub(crate) fn set(&self, moment: Timestamp) -> Result<(), SandboxError> {
        self.offset.put(OFFSET, &moment.since(self.machine.now()).as_micros())
    }
}
