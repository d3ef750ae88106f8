//! Times of the week that are worth posting at: those at which posts did well, or at which most went
//! live.

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
    /// Posts that were read, and what people did with them.
    read: BTreeMap<Slot, Read>,
    read_total: Read,
}

/// How posts did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Read {
    posts: u64,
    engagement: u64,
}

impl Read {
    fn add(&mut self, other: Self) {
        self.posts += other.posts;
        self.engagement += other.engagement;
    }
}

/// An hour with few posts is judged as if it had so many more that did as all posts do: one lucky post
/// makes no best hour.
const LIKE_ALL_OTHERS: u64 = 2;

impl Week {
    /// Adds `count` posts that went live within a quarter of an hour from `at` on.
    pub fn add(&mut self, table: &Timetable, at: Timestamp, count: u64) {
        let Some(hour) = hour(table, at) else { return };
        *self.hours.entry(hour).or_default() += count;
        self.total += count;
    }

    /// Adds what people did with `posts` posts that went live within a quarter of an hour from `at` on.
    pub fn add_read(&mut self, table: &Timetable, at: Timestamp, posts: u64, engagement: u64) {
        let Some(hour) = hour(table, at) else { return };
        let read = Read { posts, engagement };
        self.read.entry(hour).or_default().add(read);
        self.read_total.add(read);
    }

    /// Adds the posts of another week.
    pub fn join(&mut self, other: &Self) {
        for (hour, count) in &other.hours {
            *self.hours.entry(*hour).or_default() += count;
        }
        self.total += other.total;
        for (hour, read) in &other.read {
            self.read.entry(*hour).or_default().add(*read);
        }
        self.read_total.add(other.read_total);
    }

    /// How many posts there are.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// How many posts were read.
    pub const fn read(&self) -> u64 {
        self.read_total.posts
    }

    /// The hours whose posts people did most with, the best first; `None` when too few were read, or
    /// nobody did anything.
    pub fn liked(&self) -> Option<Vec<Slot>> {
        let all = self.read_total;
        if all.posts < ENOUGH || all.engagement == 0 {
            return None;
        }
        // Compared without fractions: (engagement + n * mean) / (posts + n), times the posts of all.
        let score = |read: &Read| {
            let sum = u128::from(read.engagement) * u128::from(all.posts)
                + u128::from(LIKE_ALL_OTHERS) * u128::from(all.engagement);
            (sum, u128::from(read.posts + LIKE_ALL_OTHERS))
        };
        let mut hours: Vec<(Slot, (u128, u128))> =
            self.read.iter().map(|(slot, read)| (*slot, score(read))).collect();
        hours.sort_by(|(slot, (sum, posts)), (other, (other_sum, other_posts))| {
            (other_sum * posts).cmp(&(sum * other_posts)).then(slot.cmp(other))
        });
        Some(hours.into_iter().take(NAMED).map(|(slot, _)| slot).collect())
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

/// The hour of the week that a moment is in.
fn hour(table: &Timetable, at: Timestamp) -> Option<Slot> {
    Slot::from_minute(table.local(at)?.slot.minute() / 60 * 60)
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
    fn hours_whose_posts_did_well_come_before_those_with_many() {
        let table = Timetable::new("UTC", Vec::new()).unwrap();
        let at = |text| Timestamp::parse(text).unwrap();
        let mut week = Week::default();
        week.add_read(&table, at("2027-01-12T08:15:00Z"), 8, 40);
        week.add_read(&table, at("2027-01-14T17:00:00Z"), 1, 30);
        assert_eq!(week.liked(), None, "nine posts are too few");
        week.add_read(&table, at("2027-01-13T12:30:00Z"), 4, 120);
        assert_eq!(labels(&week.liked().unwrap()), ["Wed 12:00", "Thu 17:00", "Tue 08:00"]);
        let mut unseen = Week::default();
        unseen.add_read(&table, at("2027-01-12T08:15:00Z"), 20, 0);
        assert_eq!((unseen.liked(), unseen.read()), (None, 20));
        unseen.join(&week);
        assert_eq!(unseen.read(), 33);
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
