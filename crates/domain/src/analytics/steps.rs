//! A period cut into the days, weeks or months of a time zone, of which no clock change takes or
//! doubles a moment.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::{Span, Timestamp};

/// The most days between the ends of a period that is cut into days.
const MOST_DAYS: i64 = 100;
/// The same of weeks: two years.
const MOST_DAYS_OF_WEEKS: i64 = 731;
/// The same of months: twenty years.
const MOST_DAYS_OF_MONTHS: i64 = 7_310;
const MICROSECOND: Span = Span::from_micros(1);

/// How long the steps are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepLength {
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
}

/// A day, week or month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its first day in the zone (`2027-01-31`), also where the period begins later.
    pub date: String,
    /// Its first moment in the period.
    pub begins: Timestamp,
    /// The first moment after it.
    pub ends: Timestamp,
}

/// All steps of a period, in order and without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// How long each is.
    pub length: StepLength,
    /// At least one.
    pub steps: Vec<Step>,
}

/// Why a period cannot be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepsError {
    /// The zone is none of the IANA database.
    Zone,
    /// It is longer than twenty years.
    Long,
}

impl StepLength {
    /// The step's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    const fn of(days: i64) -> Option<Self> {
        if days <= MOST_DAYS {
            Some(Self::Day)
        } else if days <= MOST_DAYS_OF_WEEKS {
            Some(Self::Week)
        } else if days <= MOST_DAYS_OF_MONTHS {
            Some(Self::Month)
        } else {
            None
        }
    }

    fn first(self, day: Date) -> Option<Date> {
        match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok(),
            Self::Month => Some(day.first_of_month()),
        }
    }

    fn next(self, day: Date) -> Option<Date> {
        let span = match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        };
        day.checked_add(span).ok()
    }
}

impl Steps {
    /// The earliest moment from which a period that ends at `to` can be cut.
    pub fn earliest(to: Timestamp) -> Timestamp {
        to - Span::from_days(MOST_DAYS_OF_MONTHS - 1)
    }

    /// Cuts the period between two moments, both included.
    ///
    /// # Errors
    /// For a zone that is none, and a period of more than twenty years.
    pub fn cut(zone: &str, from: Timestamp, to: Timestamp) -> Result<Self, StepsError> {
        if !crate::time::is_known_time_zone(zone) {
            return Err(StepsError::Zone);
        }
        let zone = TimeZone::get(zone).map_err(|_| StepsError::Zone)?;
        let day_of = |at: Timestamp| {
            jiff::Timestamp::from_microsecond(at.as_micros()).ok().map(|at| zone.to_datetime(at).date())
        };
        let (first, last) = (day_of(from).ok_or(StepsError::Long)?, day_of(to).ok_or(StepsError::Long)?);
        let days = first.duration_until(last).as_hours() / 24;
        let length = StepLength::of(days).ok_or(StepsError::Long)?;
        let mut steps = Vec::new();
        let mut day = length.first(first).ok_or(StepsError::Long)?;
        let mut begins = from;
        while day <= last {
            let next = length.next(day).ok_or(StepsError::Long)?;
            // Where midnight is skipped, the day begins later; a day that is skipped has no moment. Of the
            // last day that there is, the end is the period's.
            let ends = next.to_zoned(zone.clone()).map_or(to + MICROSECOND, |midnight| {
                Timestamp::from_micros(midnight.timestamp().as_microsecond()).min(to + MICROSECOND)
            });
            if begins < ends {
                steps.push(Step { date: day.to_string(), begins, ends });
                begins = ends;
            }
            day = next;
        }
        Ok(Self { length, steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn cut(zone: &str, from: &str, to: &str) -> Steps {
        Steps::cut(zone, at(from), at(to)).unwrap()
    }

    #[test]
    fn days_follow_the_clocks_of_their_zone() {
        for (zone, from, to, expected) in [
            (
                "Europe/Berlin",
                "2027-03-27T12:00:00Z",
                "2027-03-29T12:00:00Z",
                // The 28th has 23 hours.
                [("2027-03-27", 11), ("2027-03-28", 23), ("2027-03-29", 14)],
            ),
            (
                "Europe/Berlin",
                "2027-10-30T12:00:00Z",
                "2027-11-01T12:00:00Z",
                // The 31st has 25.
                [("2027-10-30", 10), ("2027-10-31", 25), ("2027-11-01", 13)],
            ),
            (
                "America/New_York",
                "2027-03-13T12:00:00Z",
                "2027-03-15T12:00:00Z",
                [("2027-03-13", 17), ("2027-03-14", 23), ("2027-03-15", 8)],
            ),
            (
                "America/Sao_Paulo",
                "2018-11-03T12:00:00Z",
                "2018-11-05T12:00:00Z",
                // Midnight is skipped, so that the 4th begins at one.
                [("2018-11-03", 15), ("2018-11-04", 23), ("2018-11-05", 10)],
            ),
            (
                "Pacific/Apia",
                "2011-12-29T12:00:00Z",
                "2012-01-01T09:00:00Z",
                // The whole 30th is skipped.
                [("2011-12-29", 22), ("2011-12-31", 24), ("2012-01-01", 23)],
            ),
            (
                "Asia/Kathmandu",
                "2027-01-01T18:15:00Z",
                "2027-01-04T18:14:00Z",
                [("2027-01-02", 24), ("2027-01-03", 24), ("2027-01-04", 23)],
            ),
        ] {
            let Steps { length, steps } = cut(zone, from, to);
            let found: Vec<(&str, i64)> = steps
                .iter()
                .map(|step| (step.date.as_str(), step.ends.since(step.begins).as_micros() / 3_600_000_000))
                .collect();
            assert_eq!((length, &found[..]), (StepLength::Day, &expected[..]), "{zone} from {from}");
            assert_eq!(steps[0].begins, at(from));
            assert_eq!(steps[2].ends, at(to) + MICROSECOND, "the end is included");
            assert!(steps.is_sorted_by(|one, next| one.ends == next.begins), "no gap and no overlap");
        }
    }

    #[test]
    fn steps_grow_with_the_period() {
        for (to, length, count, first, last) in [
            ("2027-01-01T00:00:00Z", StepLength::Day, 1, "2027-01-01", "2027-01-01"),
            ("2027-04-11T00:00:00Z", StepLength::Day, 101, "2027-01-01", "2027-04-11"),
            ("2027-04-12T00:00:00Z", StepLength::Week, 16, "2026-12-28", "2027-04-12"),
            ("2029-01-01T00:00:00Z", StepLength::Week, 106, "2026-12-28", "2029-01-01"),
            ("2029-01-02T00:00:00Z", StepLength::Month, 25, "2027-01-01", "2029-01-01"),
            ("2047-01-05T00:00:00Z", StepLength::Month, 241, "2027-01-01", "2047-01-01"),
        ] {
            let found = cut("UTC", "2027-01-01T00:00:00Z", to);
            let ends = (found.steps[0].date.as_str(), found.steps[found.steps.len() - 1].date.as_str());
            assert_eq!((found.length, found.steps.len(), ends), (length, count, (first, last)), "{to}");
        }
    }

    #[test]
    fn what_cannot_be_cut_is_refused() {
        let (from, to) = (at("0000-01-01T00:00:00Z"), at("9999-12-30T00:00:00Z"));
        assert_eq!(Steps::cut("UTC", from, to), Err(StepsError::Long));
        assert_eq!(Steps::cut("Mars/Base", from, to), Err(StepsError::Zone));
        assert_eq!(Steps::cut("", to, to), Err(StepsError::Zone));
        for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            for end in [to, from] {
                assert_eq!(Steps::cut(zone, end, end).map(|found| found.steps.len()), Ok(1), "{zone} {end}");
            }
            let now = at("2027-01-05T09:00:00Z");
            assert_eq!(Steps::cut(zone, Steps::earliest(now), now).unwrap().length, StepLength::Month);
        }
    }
}
