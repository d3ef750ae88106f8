//! How much a platform lets one account publish, and when there is room again. Pure: what was
//! published is an argument, counted by whoever keeps it.

use jiff::tz::TimeZone;

use crate::{Span, Timestamp};

/// So many publishes of one account in one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// The most that the window may hold.
    pub count: u32,
    /// The window.
    pub window: CapWindow,
    /// What is counted.
    pub counts: Counts,
}

/// Over which time a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapWindow {
    /// Any stretch of this length.
    Rolling(Span),
    /// A calendar day in this zone of the IANA database.
    Day(&'static str),
}

/// What a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    /// A thread is one.
    Posts,
    /// Each part of a thread is one.
    Parts,
}

/// What was published to an account at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// When.
    pub at: Timestamp,
    /// Of how many parts it was; 1 for a post that is no thread.
    pub parts: u32,
}

impl CapWindow {
    /// The moment after which a publish counts at `now`.
    pub fn since(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling(length) => now - length,
            Self::Day(zone) => midnight(zone, now, 0) - Span::from_micros(1),
        }
    }
}

impl Counts {
    /// How much a publish of `parts` parts is.
    pub const fn weigh(self, parts: u32) -> u32 {
        match self {
            Self::Posts => 1,
            Self::Parts => parts,
        }
    }
}

impl Cap {
    /// A cap on posts in any stretch of this length.
    pub const fn posts_in(count: u32, length: Span) -> Self {
        Self { count, window: CapWindow::Rolling(length), counts: Counts::Posts }
    }

    /// A cap on posts and parts of threads in any stretch of this length.
    pub const fn parts_in(count: u32, length: Span) -> Self {
        Self { count, window: CapWindow::Rolling(length), counts: Counts::Parts }
    }

    /// When something of `parts` parts may go out: `None` for at once. `published` is what the
    /// account published since [`CapWindow::since`], newest first; what is older is passed over. A
    /// thread that is larger than the cap may go out alone.
    pub fn opens_at(self, now: Timestamp, published: &[Published], parts: u32) -> Option<Timestamp> {
        let need = self.counts.weigh(parts).min(self.count);
        let since = self.window.since(now);
        let mut used = 0u32;
        for one in published.iter().filter(|one| one.at > since) {
            used = used.saturating_add(self.counts.weigh(one.parts));
            if used.saturating_add(need) > self.count {
                return Some(match self.window {
                    CapWindow::Rolling(length) => one.at + length,
                    CapWindow::Day(zone) => midnight(zone, now, 1),
                });
            }
        }
        None
    }

    /// The cap in words, such as `100 posts in 15 minutes`.
    pub fn in_words(self) -> String {
        let posts = if self.count == 1 { "post" } else { "posts" };
        match self.window {
            CapWindow::Rolling(length) => format!("{} {posts} in {}", self.count, span_in_words(length)),
            CapWindow::Day(_) => format!("{} {posts} a day", self.count),
        }
    }
}

/// The midnight that began the day of `now` in `zone`, or the one `days` later.
fn midnight(zone: &str, now: Timestamp, days: i64) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let begun = jiff::Timestamp::from_microsecond(now.as_micros())
        .and_then(|instant| instant.to_zoned(zone).start_of_day())
        .and_then(|midnight| midnight.checked_add(jiff::Span::new().try_days(days)?))
        .and_then(|midnight| midnight.start_of_day());
    match begun {
        Ok(midnight) => Timestamp::from_micros(midnight.timestamp().as_microsecond()),
        // Only moments beyond the calendar have no midnight.
        Err(_) => now + Span::from_days(days),
    }
}

fn span_in_words(span: Span) -> String {
    let minutes = span.as_micros() / 60_000_000;
    let (number, unit) = match minutes {
        ..1 => (span.as_seconds_ceil(), "second"),
        60.. if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn at(minutes_ago: i64, parts: u32) -> Published {
        Published { at: NOW - Span::from_minutes(minutes_ago), parts }
    }

    #[test]
    fn a_full_window_opens_when_enough_of_it_has_left() {
        let cap = Cap::posts_in(3, Span::from_minutes(15));
        let published = [at(1, 9), at(5, 9), at(14, 9)];
        assert_eq!(cap.opens_at(NOW, &published[..2], 9), None, "a thread is one post");
        assert_eq!(cap.opens_at(NOW, &published, 1), Some(NOW + Span::from_minutes(1)));
        let parts = Cap::parts_in(3, Span::from_minutes(15));
        let single = [at(1, 1), at(5, 1), at(14, 1)];
        assert_eq!(parts.opens_at(NOW, &single, 2), Some(NOW + Span::from_minutes(10)));
        assert_eq!(parts.opens_at(NOW, &single, 9), Some(NOW + Span::from_minutes(14)), "alone");
        assert_eq!(parts.opens_at(NOW, &[], 9), None);
        assert_eq!(parts.opens_at(NOW, &[at(15, 3)], 3), None, "it has just left");
    }

    #[test]
    fn a_calendar_day_ends_at_midnight_of_its_zone_and_knows_summer_time() {
        // 2027-01-15T08:00:00Z is midnight in Los Angeles.
        let cap = Cap { count: 1, window: CapWindow::Day("America/Los_Angeles"), counts: Counts::Posts };
        assert_eq!(cap.opens_at(NOW, &[at(1, 1)], 1), None, "that was yesterday");
        assert_eq!(cap.opens_at(NOW, &[at(0, 1)], 1), Some(NOW + Span::from_days(1)));
        // 2027-03-14: the day has 23 hours there.
        let spring = Timestamp::parse("2027-03-14T20:00:00Z").unwrap();
        let published = [Published { at: spring, parts: 1 }];
        let opens = Timestamp::parse("2027-03-15T07:00:00Z").unwrap();
        assert_eq!(cap.opens_at(spring, &published, 1), Some(opens));
    }

    #[test]
    fn caps_are_told_in_words() {
        assert_eq!(Cap::posts_in(100, Span::from_minutes(15)).in_words(), "100 posts in 15 minutes");
        assert_eq!(Cap::parts_in(250, Span::from_hours(24)).in_words(), "250 posts in 24 hours");
        let day = Cap { count: 1, window: CapWindow::Day("UTC"), counts: Counts::Posts };
        assert_eq!(day.in_words(), "1 post a day");
    }

    proptest::proptest! {
        /// Whatever arrives and however large, no stretch of the window's length holds more than
        /// the cap, as long as nothing is larger than the cap.
        #[test]
        fn no_window_ever_holds_more_than_the_cap(
            arrivals in proptest::collection::vec((0i64..4_000_000, 1u32..4), 1..60)
        ) {
            let length = Span::from_seconds(10);
            let cap = Cap::parts_in(5, length);
            let mut now = NOW;
            let mut out: Vec<Published> = Vec::new();
            for (gap, parts) in arrivals {
                now = now + Span::from_micros(gap);
                while let Some(opens) = cap.opens_at(now, &out, parts) {
                    proptest::prop_assert!(opens > now);
                    now = opens;
                }
                out.insert(0, Published { at: now, parts });
                let inside: u32 = out.iter().filter(|one| one.at + length > now).map(|one| one.parts).sum();
                proptest::prop_assert!(inside <= 5, "{inside}");
            }
        }
    }
}
