//! What is left in the buckets of platform apps, fed by the platforms' answers.
//!
//! An answer tells what was left when it was written; requests that are on their way at that moment
//! are not in it. So each commit is counted as under way until it is answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use connector::Budget;
use domain::{Span, Timestamp};
use store::AppBudget;

use super::{AppKey, lock};

/// Buckets with less than this share of their size left are low.
const LOW_SHARE: u32 = 10;
/// How soon to look again when all that is left is under way.
const LOOK_AGAIN: Span = Span::from_seconds(1);
/// Resets that are told in seconds from now differ by the answer's way.
const SAME_WINDOW: Span = Span::from_seconds(2);

type Buckets = HashMap<(AppKey, String), Bucket>;

/// The buckets of every app.
#[derive(Default)]
pub(super) struct Budgets(Arc<Mutex<Buckets>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    each: u32,
    limit: u32,
    remaining: u32,
    reset_at: Timestamp,
    under_way: u32,
    /// What the other nodes were told in this window.
    noted: Option<Level>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Low,
    Empty,
}

/// A commit that draws on an app's buckets and is not answered yet.
pub(crate) struct UnderWay {
    buckets: Arc<Mutex<Buckets>>,
    app: AppKey,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut buckets = lock(&self.buckets);
        for (_, bucket) in buckets.iter_mut().filter(|((app, _), _)| *app == self.app) {
            bucket.under_way = bucket.under_way.saturating_sub(1);
        }
    }
}

impl Budgets {
    /// Takes in what an answer says; returns what the other nodes have to know.
    pub(super) fn observe(&self, app: &AppKey, told: Budget) -> Option<AppBudget> {
        let mut buckets = lock(&self.0);
        let fresh = Bucket {
            each: told.each,
            limit: told.limit,
            remaining: told.remaining,
            reset_at: told.reset_at,
            under_way: 0,
            noted: None,
        };
        let bucket = buckets.entry((app.clone(), told.name.to_owned())).or_insert(fresh);
        if told.reset_at + SAME_WINDOW < bucket.reset_at {
            return None;
        }
        let is_new_window = bucket.reset_at + SAME_WINDOW < told.reset_at;
        *bucket = Bucket {
            under_way: bucket.under_way,
            noted: if is_new_window { None } else { bucket.noted },
            ..fresh
        };
        let level = bucket.level()?;
        if bucket.noted == Some(level) || bucket.noted == Some(Level::Empty) {
            return None;
        }
        bucket.noted = Some(level);
        Some(AppBudget {
            platform: app.platform.clone(),
            app_key: app.app.clone(),
            scope: told.name.to_owned(),
            limit: told.limit,
            remaining: told.remaining,
            reset_at: told.reset_at,
        })
    }

    /// Takes in what another node noted.
    pub(super) fn merge(&self, noted: AppBudget) {
        let mut buckets = lock(&self.0);
        let app = AppKey { platform: noted.platform, app: noted.app_key };
        let fresh = Bucket {
            each: 1,
            limit: noted.limit,
            remaining: noted.remaining,
            reset_at: noted.reset_at,
            under_way: 0,
            noted: None,
        };
        let bucket = buckets.entry((app, noted.scope)).or_insert(fresh);
        let is_newer = bucket.reset_at + SAME_WINDOW < noted.reset_at;
        let is_same = noted.reset_at + SAME_WINDOW >= bucket.reset_at;
        if is_newer || (is_same && noted.remaining < bucket.remaining) {
            *bucket = Bucket { each: bucket.each, under_way: bucket.under_way, ..fresh };
        }
        bucket.noted = bucket.level();
    }

    /// When a commit through this app may be sent; `None` for now.
    pub(super) fn opens_at(&self, app: &AppKey, now: Timestamp) -> Option<Timestamp> {
        let buckets = lock(&self.0);
        let of_app = buckets.iter().filter(|((key, _), _)| key == app);
        of_app.filter_map(|(_, bucket)| bucket.opens_at(now)).max()
    }

    /// Counts a commit as under way until what is returned is dropped.
    pub(super) fn begin(&self, app: &AppKey) -> UnderWay {
        for (_, bucket) in lock(&self.0).iter_mut().filter(|((key, _), _)| key == app) {
            bucket.under_way = bucket.under_way.saturating_add(1);
        }
        UnderWay { buckets: Arc::clone(&self.0), app: app.clone() }
    }
}

impl Bucket {
    fn level(&self) -> Option<Level> {
        if self.remaining < self.each {
            Some(Level::Empty)
        } else if self.remaining <= self.limit / LOW_SHARE {
            Some(Level::Low)
        } else {
            None
        }
    }

    fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.reset_at <= now {
            return None;
        }
        if self.remaining < self.each {
            return Some(self.reset_at);
        }
        let under_way = self.under_way.saturating_mul(self.each);
        let is_spoken_for = self.remaining.saturating_sub(under_way) < self.each;
        is_spoken_for.then(|| self.reset_at.min(now + LOOK_AGAIN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector::Holder;
    use domain::PlatformName;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn app() -> AppKey {
        AppKey { platform: PlatformName::from_static("x"), app: "a".into() }
    }

    fn told(remaining: u32, minutes: i64) -> Budget {
        let reset_at = NOW + Span::from_minutes(minutes);
        Budget { name: "day", holder: Holder::App, each: 1, limit: 100, remaining, reset_at }
    }

    #[test]
    fn others_are_told_once_when_little_is_left_and_once_when_nothing_is() {
        let budgets = Budgets::default();
        let mut notes = Vec::new();
        for (remaining, minutes) in
            [(50, 15), (10, 15), (9, 15), (0, 15), (0, 15), (99, 30), (5, 30), (50, 15)]
        {
            notes.extend(budgets.observe(&app(), told(remaining, minutes)).map(|note| note.remaining));
        }
        assert_eq!(notes, [10, 0, 5]);
        assert_eq!(budgets.opens_at(&app(), NOW), None, "an answer of the old window came late");
    }

    #[test]
    fn what_is_under_way_is_spoken_for() {
        let budgets = Budgets::default();
        budgets.observe(&app(), told(2, 15));
        let first = budgets.begin(&app());
        assert_eq!(budgets.opens_at(&app(), NOW), None);
        let _second = budgets.begin(&app());
        assert_eq!(budgets.opens_at(&app(), NOW), Some(NOW + LOOK_AGAIN));
        budgets.observe(&app(), told(1, 15));
        drop(first);
        assert_eq!(budgets.opens_at(&app(), NOW), Some(NOW + LOOK_AGAIN));
        budgets.observe(&app(), told(0, 15));
        let reset_at = NOW + Span::from_minutes(15);
        assert_eq!(budgets.opens_at(&app(), NOW), Some(reset_at));
        assert_eq!(budgets.opens_at(&app(), reset_at), None);
    }

    #[test]
    fn what_another_node_notes_counts_when_it_is_less_or_newer() {
        let budgets = Budgets::default();
        budgets.observe(&app(), told(40, 15));
        let noted = |remaining, minutes| AppBudget {
            platform: app().platform,
            app_key: app().app,
            scope: "day".into(),
            limit: 100,
            remaining,
            reset_at: NOW + Span::from_minutes(minutes),
        };
        budgets.merge(noted(0, 5));
        assert_eq!(budgets.opens_at(&app(), NOW), None, "of an older window");
        budgets.merge(noted(0, 15));
        assert_eq!(budgets.opens_at(&app(), NOW), Some(NOW + Span::from_minutes(15)));
        assert_eq!(budgets.observe(&app(), told(0, 15)), None, "they know it already");
    }
}
