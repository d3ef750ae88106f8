//! A time that is shared with others and steered from outside: the control API hands its orders on
//! and keeps what it is told to. Must not know who else lives in that time.

use std::future::Future;
use std::pin::Pin;

use domain::{Span, Timestamp};
use serde_json::Value;

/// What steers the time that the emulators share with a server.
pub trait Steering: Send + Sync + 'static {
    /// Goes on with what an earlier run kept. `keep` is to be called before each moment that is
    /// further ahead of the machine's time is shown.
    fn restore(&self, kept: Option<KeptClock>, keep: Keep);
    /// What the clock shows.
    fn view(&self) -> ClockView;
    /// Carries out an order; ends when everything that became due has come to rest.
    ///
    /// # Errors
    /// When the order cannot be followed, in words for whoever gave it.
    fn steer(&self, order: ClockOrder) -> Steered<'_, ClockView>;
    /// What a server in another process, named `follower`, reports; answers with what it is to do.
    ///
    /// # Errors
    /// When the report cannot be read.
    fn follow(&self, follower: String, report: Value) -> Steered<'_, Value>;
}

/// What an order comes to.
pub type Steered<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;

/// Stores where the clock stands.
pub type Keep = Box<dyn Fn(KeptClock) + Send + Sync>;

/// Where a clock stands, as it is kept from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptClock {
    /// How far ahead of the machine's time it is.
    pub offset: Span,
    /// The moment at which it stands still, if it does.
    pub frozen_at: Option<Timestamp>,
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockView {
    /// The present moment.
    pub now: Timestamp,
    /// Whether it stands still until it is moved.
    pub frozen: bool,
    /// How far the order moved it.
    pub moved: Span,
    /// At how many moments it stopped on the way, since somebody had something to do.
    pub stops: u64,
}

/// What a clock is told to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOrder {
    /// Where to go.
    pub to: Option<Target>,
    /// Whether it stands still afterwards; as before if not given.
    pub freeze: Option<bool>,
}

/// Where a clock is told to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// So much further.
    By(Span),
    /// To this moment.
    At(Timestamp),
}
