//! The clock, as an argument.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

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
    /// The moments that are waited for, and by how many.
    waits: Mutex<BTreeMap<Timestamp, usize>>,
}

impl FrozenClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        let (moves, waits) = (Mutex::default(), Mutex::default());
        Self { now: watch::Sender::new(start), moves, waits }
    }

    /// The first moment that somebody waits for, which may be past while it is not woken yet. A test
    /// that moves the clock there lets no more time pass than its subjects ask for.
    pub fn first_wait(&self) -> Option<Timestamp> {
        let waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.keys().next().copied()
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
            let _wait = Wait::begin(self, moment);
            // The sender lives in `self`, so waiting cannot fail.
            let _ = seen.wait_for(|now| *now >= moment).await;
        })
    }
}

/// A moment that is waited for, as long as this lives.
struct Wait<'a> {
    clock: &'a FrozenClock,
    moment: Timestamp,
}

impl<'a> Wait<'a> {
    fn begin(clock: &'a FrozenClock, moment: Timestamp) -> Self {
        *clock.waits.lock().unwrap_or_else(PoisonError::into_inner).entry(moment).or_default() += 1;
        Self { clock, moment }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waits = self.clock.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = waits.get_mut(&self.moment) {
            *count -= 1;
            if *count == 0 {
                waits.remove(&self.moment);
            }
        }
    }
}
