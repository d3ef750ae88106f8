//! The periods that numbers are asked for.

mod steps;

use crate::{Span, Timestamp};

pub use steps::{Step, StepLength, Steps, StepsError};

/// How far back from now, or between which moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// The last 24 hours.
    Today,
    /// The last seven days.
    Week,
    /// The last 30 days.
    #[default]
    Month,
    /// Everything until now.
    All,
    /// Between two moments, both included.
    Custom(Timestamp, Timestamp),
}

impl Period {
    /// The period's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::All => "all",
            Self::Custom(..) => "custom",
        }
    }

    /// From when, unless from the beginning, until when. Periods roll: a week ends now.
    pub fn range(self, now: Timestamp) -> (Option<Timestamp>, Timestamp) {
        match self {
            Self::Today => (Some(now - Span::from_days(1)), now),
            Self::Week => (Some(now - Span::from_days(7)), now),
            Self::Month => (Some(now - Span::from_days(30)), now),
            Self::All => (None, now),
            Self::Custom(from, to) => (Some(from), to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_roll_back_from_now() {
        let now = Timestamp::parse("2026-10-02T08:00:00Z").unwrap();
        let from = |period: Period| period.range(now).0.map(Timestamp::to_iso_millis);
        assert_eq!(from(Period::Today).unwrap(), "2026-10-01T08:00:00.000Z");
        assert_eq!(from(Period::Week).unwrap(), "2026-09-25T08:00:00.000Z");
        assert_eq!(from(Period::default()).unwrap(), "2026-09-02T08:00:00.000Z");
        assert_eq!(Period::All.range(now), (None, now));
        let (early, late) = (now - Span::from_days(90), now - Span::from_days(60));
        assert_eq!(Period::Custom(early, late).range(now), (Some(early), late));
    }
}
