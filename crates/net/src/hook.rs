//! A place for tests to watch requests and to make them fail.

use crate::client::Request;

/// What is to happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes its way.
    Pass,
    /// It never leaves: the connection is refused.
    NeverSent,
    /// It leaves and takes effect, but the answer is lost.
    AnswerLost,
    /// The process dies before it leaves.
    DieBefore,
    /// The process dies after it took effect.
    DieAfter,
}

/// Decides each request's fate.
pub trait Hook: Send + Sync + 'static {
    /// Called once per request, before it leaves.
    fn fate(&self, request: &Request) -> Fate;
}
