//! The section `engine` of the configuration: the publish loop.

use anyhow::{Result, bail};
use serde::Deserialize;

/// What a dead worker held lies for so long.
const LONGEST_LEASE_MS: u64 = 600_000;
const SHORTEST_PROBE_MS: u64 = 60_000;

/// The publish loop's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Engine {
    /// How many destinations are worked on at a time.
    pub(crate) capacity: u32,
    /// Pauses between automatic attempts; their number plus one is the number of attempts.
    pub(crate) retry_pauses_ms: Vec<i64>,
    /// Replaces the platforms' settle times; for the sandbox.
    pub(crate) settle_ms: Option<i64>,
    /// How long a stop waits for what is in flight.
    pub(crate) grace_ms: i64,
    /// Whether the platforms' caps and publishes at a time are counted here; by default they are,
    /// but not in the sandbox.
    pub(crate) platform_limits: Option<bool>,
    /// How long a request to a platform may take.
    pub(crate) request_timeout_ms: u64,
    /// A destination that is due for longer raises an alarm.
    pub(crate) overdue_after_ms: i64,
    /// How long a worker holds a destination without saying so again.
    pub(crate) lease_ms: u64,
    /// How often each account's platform is asked whether it still takes the token; 0 for never.
    pub(crate) probe_every_ms: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            capacity: 128,
            retry_pauses_ms: vec![60_000, 300_000],
            settle_ms: None,
            platform_limits: None,
            grace_ms: 10_000,
            request_timeout_ms: 30_000,
            overdue_after_ms: 60_000,
            lease_ms: 90_000,
            probe_every_ms: 6 * 60 * 60 * 1_000,
        }
    }
}

impl Engine {
    pub(super) fn check(&self) -> Result<()> {
        if self.request_timeout_ms == 0 || self.request_timeout_ms > 60_000 {
            bail!(
                "engine.request_timeout_ms must be between 1 and 60000, so that a lease outlives a request"
            );
        }
        if self.overdue_after_ms < 1_000 {
            bail!("engine.overdue_after_ms must be at least 1000; publishing takes a moment");
        }
        let shortest_lease_ms = self.request_timeout_ms * 3 / 2;
        if self.lease_ms < shortest_lease_ms || self.lease_ms > LONGEST_LEASE_MS {
            bail!(
                "engine.lease_ms must be between {shortest_lease_ms} (one and a half times \
                 request_timeout_ms, so that a lease outlives a request) and {LONGEST_LEASE_MS}"
            );
        }
        if (1..SHORTEST_PROBE_MS).contains(&self.probe_every_ms) {
            bail!(
                "engine.probe_every_ms must be 0 (never) or at least {SHORTEST_PROBE_MS}; platforms count calls"
            );
        }
        if self.capacity == 0 {
            bail!("engine.capacity must be at least 1");
        }
        Ok(())
    }
}
