//! How many readings a platform is asked for, and until when it is asked for none. Known to this
//! process alone: another one keeps its own pace.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::{PlatformName, Span, Timestamp};

const HOUR: Span = Span::from_hours(1);

/// The paces of all platforms.
#[derive(Debug, Default)]
pub(super) struct Paces(Mutex<HashMap<PlatformName, Pace>>);

#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Since when readings are counted.
    since: Timestamp,
    taken: u32,
    /// Until when there are none.
    rests_until: Option<Timestamp>,
}

impl Paces {
    /// Takes one reading out of the `most` of an hour, or says when there is one again.
    pub(super) fn take(&self, platform: &PlatformName, most: u32, now: Timestamp) -> Result<(), Timestamp> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry(platform.clone()).or_insert(Pace { since: now, taken: 0, rests_until: None });
        if let Some(until) = pace.rests_until.filter(|until| *until > now) {
            return Err(until);
        }
        if pace.since + HOUR <= now {
            (pace.since, pace.taken) = (now, 0);
        }
        if pace.taken >= most {
            return Err(pace.since + HOUR);
        }
        pace.taken += 1;
        Ok(())
    }

    /// Asks the platform for nothing before then.
    pub(super) fn rest(&self, platform: &PlatformName, until: Timestamp, now: Timestamp) {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry(platform.clone()).or_insert(Pace { since: now, taken: 0, rests_until: None });
        pace.rests_until = pace.rests_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn an_hour_has_so_many_readings_and_no_more() {
        let (paces, x) = (Paces::default(), PlatformName::from_static("x"));
        assert_eq!(paces.take(&x, 2, NOW), Ok(()));
        assert_eq!(paces.take(&x, 2, NOW + Span::from_minutes(5)), Ok(()));
        assert_eq!(paces.take(&x, 2, NOW + Span::from_minutes(6)), Err(NOW + HOUR));
        assert_eq!(paces.take(&PlatformName::from_static("threads"), 2, NOW), Ok(()), "each has its own");
        assert_eq!(paces.take(&x, 2, NOW + HOUR), Ok(()));
    }

    #[test]
    fn a_platform_whose_quota_is_used_up_is_left_alone() {
        let (paces, x) = (Paces::default(), PlatformName::from_static("x"));
        let until = NOW + Span::from_hours(9);
        paces.rest(&x, until, NOW);
        paces.rest(&x, NOW + HOUR, NOW);
        assert_eq!(paces.take(&x, 2, NOW + HOUR), Err(until));
        assert_eq!(paces.take(&x, 2, until), Ok(()));
    }
}
