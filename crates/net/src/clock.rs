//! The clock, as an argument.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

use domain::Timestamp;
use tokio::sync::watch;

/// Tells the time and waits for it.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
    /// Returns once `now()` is at or after `moment`.
    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// The same, for a caller that does nothing else meanwhile: a clock that is moved while it
    /// waits takes it for being at rest.
    fn pause_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.sleep_until(moment)
    }

    /// The same, for a caller that only looks now and then whether it missed something: a clock
    /// that is moved does not stop at its moment.
    fn poll_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.sleep_until(moment)
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the owner of the machine's clock")]
        let now = jiff::Timestamp::now();
        Timestamp::from_micros(now.as_microsecond())
    }

    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            loop {
                let left = moment.since(self.now()).to_std();
                if left.is_zero() {
                    return;
                }
                // In slices, so that a step of the machine's clock is noticed.
                let slice = left.min(std::time::Duration::from_secs(30));
                #[expect(clippy::disallowed_methods, reason = "this is the owner of the machine's clock")]
                tokio::time::sleep(slice).await;
            }
        })
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FrozenClock {
    now: watch::Sender<Timestamp>,
    moves: Mutex<()>,
}

impl FrozenClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self { now: watch::Sender::new(start), moves: Mutex::new(()) }
    }

    /// Moves the clock forward, waking everybody whose time has come.
    pub fn advance(&self, span: domain::Span) {
        let _one_mover = self.moves.lock();
        let now = *self.now.borrow();
        self.now.send_replace(now + span);
    }

    /// Sets the clock.
    pub fn set(&self, moment: Timestamp) {
        self.now.send_replace(moment);
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut seen = self.now.subscribe();
        Box::pin(async move {
            // The sender lives in `self`, so waiting cannot fail.
            let _ = seen.wait_for(|now| *now >= moment).await;
        })
    }
}
