//! The run's own time: real, because the servers have no other.

use domain::{Span, Timestamp};
use net::{Clock as _, SystemClock};

/// The present moment.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// Lets real time pass.
pub(crate) async fn pause_ms(ms: u64) {
    SystemClock.sleep_until(now() + span_ms(ms)).await;
}

/// Milliseconds as a span.
pub(crate) fn span_ms(ms: u64) -> Span {
    Span::from_millis(i64::try_from(ms).unwrap_or(i64::MAX))
}
