//! Moments and lengths of time. Stored as microseconds; the API shows milliseconds.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time in microseconds; may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

/// A text that is not a moment.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an ISO 8601 date and time")]
pub struct NotATimestamp;

impl Timestamp {
    /// The moment `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment `millis` milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// The moment `seconds` seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the epoch, rounded down.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Reads ISO 8601. A value with an offset is converted, one without is read as UTC; a date
    /// alone is its midnight in UTC.
    ///
    /// # Errors
    /// When the text is no date and time, or lies outside the years 0000 to 9999.
    pub fn parse(text: &str) -> Result<Self, NotATimestamp> {
        let text = text.trim();
        let instant = text
            .parse::<jiff::Timestamp>()
            .or_else(|_| {
                text.parse::<jiff::civil::DateTime>()
                    .and_then(|civil| civil.to_zoned(jiff::tz::TimeZone::UTC))
                    .map(|zoned| zoned.timestamp())
            })
            .map_err(|_| NotATimestamp)?;
        let year = instant.to_zoned(jiff::tz::TimeZone::UTC).year();
        if !(0..=9999).contains(&year) {
            return Err(NotATimestamp);
        }
        Ok(Self(instant.as_microsecond()))
    }

    /// `2026-10-02T08:15:30.412Z`: ISO 8601 in UTC with milliseconds, as the API shows it.
    pub fn to_iso_millis(self) -> String {
        let millis = self.as_millis();
        match jiff::Timestamp::from_millisecond(millis) {
            Ok(instant) => instant.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            Err(_) => format!("{millis}ms"),
        }
    }

    /// How long from `earlier` to this moment.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_iso_millis())
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// A span of milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000))
    }

    /// A span of seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// A span of minutes.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_seconds(minutes.saturating_mul(60))
    }

    /// A span of hours.
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_minutes(hours.saturating_mul(60))
    }

    /// A span of days of 24 hours.
    pub const fn from_days(days: i64) -> Self {
        Self::from_hours(days.saturating_mul(24))
    }

    /// Microseconds.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds, rounded down.
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds, rounded up: what a `Retry-After` needs so that the caller is not early.
    pub const fn as_seconds_ceil(self) -> i64 {
        self.0.saturating_add(999_999).div_euclid(1_000_000)
    }

    /// The same span as a standard duration; a negative one is zero.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_micros(u64::try_from(self.0).unwrap_or(0))
    }

    /// This span times a whole number.
    #[must_use]
    pub const fn times(self, factor: i64) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

/// Whether `name` is a time zone of the IANA database (or `UTC`).
pub fn is_known_time_zone(name: &str) -> bool {
    !name.is_empty() && jiff::tz::TimeZone::get(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_an_offset_is_converted_and_one_without_is_utc() {
        let utc = Timestamp::parse("2026-10-01T14:30:00Z").unwrap();
        assert_eq!(Timestamp::parse("2026-10-01T16:30:00+02:00").unwrap(), utc);
        assert_eq!(Timestamp::parse("2026-10-01T14:30:00").unwrap(), utc);
        assert_eq!(Timestamp::parse("2026-10-01 14:30").unwrap(), utc);
        assert_eq!(utc.to_iso_millis(), "2026-10-01T14:30:00.000Z");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "tomorrow", "1764000000", "2026-13-01T00:00:00Z", "2026-10-01T25:00:00Z"] {
            assert_eq!(Timestamp::parse(text), Err(NotATimestamp), "{text}");
        }
    }

    #[test]
    fn zones_come_from_the_iana_database() {
        assert!(is_known_time_zone("Europe/Berlin"));
        assert!(is_known_time_zone("UTC"));
        assert!(!is_known_time_zone("Mars/Olympus"));
        assert!(!is_known_time_zone(""));
    }
}
