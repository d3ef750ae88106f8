//! A posting queue: the moments of the week at which a workspace's posts go out.
//!
//! Slots are local times. Where the clocks go forward over a slot, it is later by what they skip;
//! where they go back, it is at the first of its two moments.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

use crate::{Span, Timestamp};

/// The name of a queue that was given none.
pub const DEFAULT_NAME: &str = "Posting queue";
/// The most characters of a queue's name.
pub const NAME_MAX: usize = 100;
/// The most slots of a week: one for each hour.
pub const SLOTS_MAX: usize = 168;
/// How far ahead a free slot is looked for.
pub const HORIZON: Span = Span::from_days(365);
/// A post that goes out within this of a slot's moment holds the slot.
pub const SLOT_LENGTH: Span = Span::from_minutes(1);

const MINUTES_A_DAY: u16 = 24 * 60;

/// A local time of the week, to the minute. Ordered from Monday 00:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u16);

impl Slot {
    /// A slot on a day (1 is Monday, 7 is Sunday) at a time of 24 hours, such as `09:30`.
    pub fn parse(day: u64, time: &str) -> Option<Self> {
        let day = u16::try_from(day).ok().filter(|day| (1..=7).contains(day))?;
        let (hour, minute) = time.split_once(':')?;
        let number = |text: &str, below: u16| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| digits && *number < below)
        };
        Some(Self((day - 1) * MINUTES_A_DAY + number(hour, 24)? * 60 + number(minute, 60)?))
    }

    /// The slot so many minutes after Monday 00:00.
    pub const fn from_minute(minute: u16) -> Option<Self> {
        if minute < 7 * MINUTES_A_DAY { Some(Self(minute)) } else { None }
    }

    /// Minutes since Monday 00:00.
    pub const fn minute(self) -> u16 {
        self.0
    }

    /// The day: 1 is Monday, 7 is Sunday.
    pub const fn day(self) -> u16 {
        self.0 / MINUTES_A_DAY + 1
    }

    /// The time, such as `09:30`.
    pub fn time(self) -> String {
        let minute = self.0 % MINUTES_A_DAY;
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }

    /// Day and time in words, such as `Tue 09:30`.
    pub fn label(self) -> String {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        format!("{} {}", DAYS[usize::from(self.day() - 1)], self.time())
    }
}

/// A moment as a clock on the wall shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// `2026-10-03`.
    pub date: String,
    /// `09:00`.
    pub time: String,
    /// The time of the week.
    pub slot: Slot,
}

/// Slots in a time zone.
#[derive(Clone, Debug)]
pub struct Timetable {
    zone: TimeZone,
    slots: Vec<Slot>,
}

impl Timetable {
    /// Slots in a zone of the IANA database; `None` when it is none.
    pub fn new(zone: &str, slots: Vec<Slot>) -> Option<Self> {
        if !crate::time::is_known_time_zone(zone) {
            return None;
        }
        Some(Self { zone: TimeZone::get(zone).ok()?, slots })
    }

    /// The moments of the slots after one moment and until another, in order, each once.
    pub fn openings(&self, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let (Some(first), Some(last)) = (self.zoned(after), self.zoned(until)) else { return Vec::new() };
        // What clocks skip may carry a slot into the next day.
        let (Ok(mut date), Ok(last)) = (first.date().checked_sub(1.day()), last.date().checked_add(1.day()))
        else {
            return Vec::new();
        };
        let mut openings = BTreeSet::new();
        while date <= last {
            openings.extend(self.slots.iter().filter_map(|slot| self.moment(date, *slot)));
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        openings.into_iter().filter(|at| *at > after && *at <= until).collect()
    }

    /// A moment on the zone's clocks.
    pub fn local(&self, at: Timestamp) -> Option<LocalTime> {
        let zoned = self.zoned(at)?;
        let day = u16::try_from(zoned.weekday().to_monday_zero_offset()).ok()?;
        let (hour, minute) = (u16::try_from(zoned.hour()).ok()?, u16::try_from(zoned.minute()).ok()?);
        Some(LocalTime {
            date: zoned.strftime("%Y-%m-%d").to_string(),
            time: zoned.strftime("%H:%M").to_string(),
            slot: Slot(day * MINUTES_A_DAY + hour * 60 + minute),
        })
    }

    fn zoned(&self, at: Timestamp) -> Option<Zoned> {
        let instant = jiff::Timestamp::from_microsecond(at.as_micros()).ok()?;
        Some(instant.to_zoned(self.zone.clone()))
    }

    /// When a slot is on a date; `None` on another day of the week.
    fn moment(&self, date: Date, slot: Slot) -> Option<Timestamp> {
        if i64::from(date.weekday().to_monday_one_offset()) != i64::from(slot.day()) {
            return None;
        }
        let minute = slot.0 % MINUTES_A_DAY;
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let instant = self.zone.to_ambiguous_timestamp(date.at(hour, minute, 0, 0)).compatible().ok()?;
        Some(Timestamp::from_micros(instant.as_microsecond()))
    }
}

#[cfg(test)]
mod tests;
