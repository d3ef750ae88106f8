//! Times of the week that are worth posting at, from the times at which posts went live.

use std::collections::BTreeMap;

use crate::queue::{Slot, Timetable};
use crate::{Span, Timestamp};

/// How far back posts count.
pub const LOOK_BACK: Span = Span::from_days(90);
/// Fewer posts than this say nothing about a week.
pub const ENOUGH: u64 = 10;
/// How many times are named at most.
pub const NAMED: usize = 5;
/// Posts are counted by quarters of an hour, the smallest step between two zones.
pub const QUARTER: Span = Span::from_minutes(15);

/// What is named where too little is known: mid-morning, noon and the end of a working day. A habit,
/// measured by nobody here.
const USUAL: [(u64, &str); NAMED] = [(2, "09:00"), (3, "12:00"), (4, "09:00"), (4, "17:00"), (5, "12:00")];

/// How many posts went live in each hour of the week, as a zone counts hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    hours: BTreeMap<Slot, u64>,
    total: u64,
}

impl Week {
    /// Adds `count` posts that went live within a quarter of an hour from `at` on.
    pub fn add(&mut self, table: &Timetable, at: Timestamp, count: u64) {
        let Some(local) = table.local(at) else { return };
        let Some(hour) = Slot::from_minute(local.slot.minute() / 60 * 60) else { return };
        *self.hours.entry(hour).or_default() += count;
        self.total += count;
    }

    /// Adds the posts of another week.
    pub fn join(&mut self, other: &Self) {
        for (hour, count) in &other.hours {
            *self.hours.entry(*hour).or_default() += count;
        }
        self.total += other.total;
    }

    /// How many posts there are.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The hours at which most went live, the fullest first; `None` when there are too few posts.
    pub fn best(&self) -> Option<Vec<Slot>> {
        if self.total < ENOUGH {
            return None;
        }
        let mut hours: Vec<(Slot, u64)> = self.hours.iter().map(|(slot, count)| (*slot, *count)).collect();
        hours.sort_by_key(|(slot, count)| (std::cmp::Reverse(*count), *slot));
        Some(hours.into_iter().take(NAMED).map(|(slot, _)| slot).collect())
    }
}

/// The times that are named where too little is known.
pub fn usual() -> Vec<Slot> {
    USUAL.iter().filter_map(|(day, time)| Slot::parse(*day, time)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(zone: &str, posts: &[(&str, u64)]) -> Week {
        let table = Timetable::new(zone, Vec::new()).unwrap();
        let mut week = Week::default();
        for (at, count) in posts {
            week.add(&table, Timestamp::parse(at).unwrap(), *count);
        }
        week
    }

    fn labels(slots: &[Slot]) -> Vec<String> {
        slots.iter().map(|slot| slot.label()).collect()
    }

    #[test]
    fn the_fullest_hours_come_first_in_the_zone_s_own_hours() {
        let posts = [("2027-01-12T08:15:00Z", 3), ("2027-01-19T08:45:00Z", 3), ("2027-01-15T17:00:00Z", 5)];
        let best = week("Europe/Berlin", &posts).best().unwrap();
        assert_eq!(labels(&best), ["Tue 09:00", "Fri 18:00"]);
        let best = week("Asia/Kathmandu", &posts).best().unwrap();
        assert_eq!(labels(&best), ["Tue 14:00", "Fri 22:00"], "at five hours and three quarters");
    }

    #[test]
    fn a_few_posts_say_nothing() {
        let few = week("UTC", &[("2027-01-12T08:00:00Z", ENOUGH - 1)]);
        assert_eq!(few.best(), None);
        let mut both = few.clone();
        both.join(&week("UTC", &[("2027-01-12T08:30:00Z", 1)]));
        assert_eq!((both.total(), labels(&both.best().unwrap())), (ENOUGH, vec!["Tue 08:00".to_owned()]));
        assert_eq!(usual().len(), NAMED);
    }
}
