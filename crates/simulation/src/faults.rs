//! How much of what goes wrong in a run. A seed leaves many kinds out altogether, so that the others
//! are seen on their own.

use crate::chance::Chance;

/// Rates, in [`crate::chance::WHOLE`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// A worker dies, at each point where it could.
    pub(crate) crash: u64,
    /// A worker is told to stop, and dies after its grace.
    pub(crate) stop: u64,
    /// A worker stands still for longer than its lease.
    pub(crate) pause: u64,
    /// A step of a worker takes seconds.
    pub(crate) slow: u64,
    /// The connection is refused.
    pub(crate) unreachable: u64,
    /// The request never arrives.
    pub(crate) lost_request: u64,
    /// It arrives, and the answer does not.
    pub(crate) lost_answer: u64,
    /// The request or the answer takes up to the limit.
    pub(crate) late: u64,
    /// A 5xx, whether it took effect or not.
    pub(crate) server_error: u64,
    /// A 4xx that proves nothing, whether it took effect or not.
    pub(crate) unproven: u64,
    /// Too many calls.
    pub(crate) limited: u64,
    /// The token is refused.
    pub(crate) expired: u64,
    /// The content is refused.
    pub(crate) rejected: u64,
    /// The grant ends when it is to be renewed.
    pub(crate) revoked: u64,
    /// A read fails.
    pub(crate) failed_read: u64,
    /// A write fails.
    pub(crate) failed_write: u64,
    /// A write is done and reported as failed.
    pub(crate) denied_write: u64,
    /// The database fails for a while.
    pub(crate) outage: u64,
    /// A clock is set.
    pub(crate) jump: u64,
}

impl Faults {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let mut rate = |most: u64| if chance.happens(5_000) { chance.between(1, most) } else { 0 };
        Self {
            crash: rate(300),
            stop: rate(60),
            pause: rate(300),
            slow: rate(400),
            unreachable: rate(1_000),
            lost_request: rate(1_500),
            lost_answer: rate(2_500),
            late: rate(2_500),
            server_error: rate(2_000),
            unproven: rate(2_000),
            limited: rate(1_500),
            expired: rate(600),
            rejected: rate(500),
            revoked: rate(300),
            failed_read: rate(200),
            failed_write: rate(500),
            denied_write: rate(500),
            outage: rate(60),
            jump: rate(200),
        }
    }
}
