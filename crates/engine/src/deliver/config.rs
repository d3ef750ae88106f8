//! What an operator may set of deliveries.

use std::time::Duration;

use domain::Span;
use domain::webhook::DeliveryPolicy;

/// How deliveries are made.
#[derive(Clone, Debug)]
pub struct DeliverConfig {
    /// Tries, pauses, and when a webhook is given up.
    pub policy: DeliveryPolicy,
    /// How long a receiver may take.
    pub timeout: Duration,
    /// How many webhooks are sent to at a time.
    pub capacity: usize,
    /// How many events one webhook gets before others have their turn.
    pub at_once: u32,
}

impl Default for DeliverConfig {
    fn default() -> Self {
        Self {
            policy: DeliveryPolicy::default(),
            timeout: Duration::from_secs(10),
            capacity: 256,
            at_once: 100,
        }
    }
}

impl DeliverConfig {
    /// How long a worker holds a lane: longer than a receiver may take, and than the write after it.
    pub(crate) fn lease(&self) -> Span {
        let timeout = Span::from_micros(i64::try_from(self.timeout.as_micros()).unwrap_or(i64::MAX / 4));
        Span::from_micros(timeout.as_micros() + Span::from_seconds(20).as_micros())
    }
}
