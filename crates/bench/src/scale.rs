//! How much is done, in full and to show that everything runs.

use std::time::Duration;

use crate::burst::Burst;
use crate::growth::Growth;
use crate::steady::Steady;
use crate::webhooks::Deliveries;

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Rounds of baseline and server in turn.
    pub(crate) rounds: usize,
    /// Of each round, not counted.
    pub(crate) warm_up: Duration,
    /// Of each round, counted.
    pub(crate) window: Duration,
    /// Posts in the database that the server starts on.
    pub(crate) stored_posts: u32,
    /// How often the server is started on it.
    pub(crate) starts: usize,
    /// How long the server idles before its memory is read.
    pub(crate) idle: Duration,
    /// What is due at one moment.
    pub(crate) burst: Burst,
    /// What comes evenly.
    pub(crate) steady: Steady,
    /// What is there already.
    pub(crate) growth: Growth,
    /// What webhooks are told.
    pub(crate) webhooks: Deliveries,
    /// The size of the video that goes through.
    pub(crate) video_bytes: u64,
}

/// What the figures are taken with.
pub(crate) const FULL: Scale = Scale {
    rounds: 5,
    warm_up: Duration::from_secs(1),
    window: Duration::from_secs(4),
    stored_posts: 100_000,
    starts: 7,
    idle: Duration::from_secs(5),
    burst: Burst { organizations: 100, accounts: 10_000, posts_per_account: 10, capacity: 8_192 },
    steady: Steady {
        organizations: 50,
        accounts_each: 20,
        alone: 300,
        per_second: 500,
        warm_up: 2_500,
        counted: 15_000,
    },
    growth: Growth { sizes: &[10_000, 1_000_000, 5_000_000], waiting: 2_000, due: 400, repeat: 300 },
    webhooks: Deliveries { webhooks: 100, events: 400, rounds: 3 },
    video_bytes: 2 * 1024 * 1024 * 1024,
};

/// Shows that everything runs; the figures mean little.
pub(crate) const SMOKE: Scale = Scale {
    rounds: 1,
    warm_up: Duration::from_millis(100),
    window: Duration::from_millis(400),
    stored_posts: 1_000,
    starts: 2,
    idle: Duration::from_millis(500),
    burst: Burst { organizations: 4, accounts: 40, posts_per_account: 5, capacity: 128 },
    steady: Steady {
        organizations: 5,
        accounts_each: 4,
        alone: 20,
        per_second: 100,
        warm_up: 20,
        counted: 100,
    },
    growth: Growth { sizes: &[1_000, 10_000], waiting: 200, due: 200, repeat: 10 },
    webhooks: Deliveries { webhooks: 5, events: 20, rounds: 1 },
    video_bytes: 40 * 1024 * 1024,
};
