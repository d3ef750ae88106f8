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

/// A local time that was found on a zone's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    /// The moment.
    pub at: Timestamp,
    /// Whether the zone's clocks show it once.
    pub kind: WallKind,
}

/// How often a zone's clocks show a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallKind {
    /// Once, as nearly always.
    Once,
    /// Never: the clocks go forward over it. The moment is later by what they skip.
    Skipped,
    /// Twice: the clocks go back over it. The moment is the first one.
    Twice,
}

/// Why a local time is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallError {
    /// The date is not written as `2027-01-31`, or there is no such day.
    Date,
    /// The time is not written as `09:30`.
    Time,
    /// The zone is none of the IANA database.
    Zone,
}

impl Wall {
    /// The moment at which the clocks of a zone show a date (`2027-01-31`) and a time (`9:30`, `09:30` or
    /// `09:30:15`).
    ///
    /// # Errors
    /// When one of the three cannot be read.
    pub fn read(zone: &str, date: &str, time: &str) -> Result<Self, WallError> {
        let date = read_date(date.trim()).ok_or(WallError::Date)?;
        let time = read_time(time.trim()).ok_or(WallError::Time)?;
        if !is_known_time_zone(zone) {
            return Err(WallError::Zone);
        }
        let zone = jiff::tz::TimeZone::get(zone).map_err(|_| WallError::Zone)?;
        let found = zone.to_ambiguous_timestamp(date.to_datetime(time));
        let kind = match found.offset() {
            jiff::tz::AmbiguousOffset::Unambiguous { .. } => WallKind::Once,
            jiff::tz::AmbiguousOffset::Gap { .. } => WallKind::Skipped,
            jiff::tz::AmbiguousOffset::Fold { .. } => WallKind::Twice,
        };
        let at = found.compatible().map_err(|_| WallError::Date)?;
        Ok(Self { at: Timestamp(at.as_microsecond()), kind })
    }
}

fn read_date(text: &str) -> Option<jiff::civil::Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    jiff::civil::Date::new(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?).ok()
}

fn read_time(text: &str) -> Option<jiff::civil::Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?, parts.next()?);
    let second = parts.next().unwrap_or("00");
    if parts.next().is_some() || minute.len() != 2 || second.len() != 2 {
        return None;
    }
    jiff::civil::Time::new(digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?, 0).ok()
}

/// Up to so many digits and nothing else.
fn digits<N: std::str::FromStr>(text: &str, most: usize) -> Option<N> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A moment as the clocks of a zone show it: `2027-01-31` and `09:30`. `None` for an unknown zone.
pub fn on_the_wall(zone: &str, at: Timestamp) -> Option<(String, String)> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let zoned = jiff::Timestamp::from_microsecond(at.0).ok()?.to_zoned(zone);
    let time = if at.0.rem_euclid(60_000_000) < 1_000_000 { "%H:%M" } else { "%H:%M:%S" };
    Some((zoned.strftime("%Y-%m-%d").to_string(), zoned.strftime(time).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(zone: &str, date: &str, time: &str) -> Result<(String, WallKind), WallError> {
        Wall::read(zone, date, time).map(|wall| (wall.at.to_iso_millis(), wall.kind))
    }

    #[test]
    fn a_local_time_follows_the_clocks_of_its_zone() {
        let at = |text: &str, kind| Ok((text.to_owned(), kind));
        let berlin = |date, time| wall("Europe/Berlin", date, time);
        assert_eq!(berlin("2027-01-31", "09:30"), at("2027-01-31T08:30:00.000Z", WallKind::Once));
        assert_eq!(berlin("2027-07-31", "9:30:15"), at("2027-07-31T07:30:15.000Z", WallKind::Once));
        // On 28 March the clocks go from 02:00 to 03:00, on 31 October from 03:00 to 02:00.
        assert_eq!(berlin("2027-03-28", "02:30"), at("2027-03-28T01:30:00.000Z", WallKind::Skipped));
        assert_eq!(berlin("2027-10-31", "02:30"), at("2027-10-31T00:30:00.000Z", WallKind::Twice));
        assert_eq!(wall("UTC", "2028-02-29", "00:00"), at("2028-02-29T00:00:00.000Z", WallKind::Once));
    }

    #[test]
    fn what_is_no_local_time_is_told_apart() {
        for date in ["", "31.01.2027", "01/31/2027", "2027-02-29", "27-01-31", "2027-1-2-3", "2027-01-31T09"]
        {
            assert_eq!(wall("UTC", date, "09:00"), Err(WallError::Date), "{date}");
        }
        for time in ["", "9", "24:00", "9:5", "09:60", "09:30 PM", "-9:00", "09:30:00:00"] {
            assert_eq!(wall("UTC", "2027-01-31", time), Err(WallError::Time), "{time}");
        }
        assert_eq!(wall("Mars/Olympus", "2027-01-31", "09:00"), Err(WallError::Zone));
    }

    #[test]
    fn a_moment_is_shown_as_its_zone_shows_it() {
        let at = Timestamp::parse("2027-01-31T08:30:00Z").unwrap();
        let shown = |zone, at| on_the_wall(zone, at).map(|(date, time)| format!("{date} {time}"));
        assert_eq!(shown("Europe/Berlin", at).as_deref(), Some("2027-01-31 09:30"));
        let later = at + Span::from_seconds(7);
        assert_eq!(shown("Asia/Tokyo", later).as_deref(), Some("2027-01-31 17:30:07"));
        assert_eq!(shown("Mars/Olympus", at), None);
    }

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
