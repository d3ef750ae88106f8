//! Counts in this process's memory, for a server that is alone on its database.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::rate::Ring;
use domain::{ApiKeyId, Timestamp};

use super::{DAY, HOUR, Limited, Limits, MINUTE, Standing};

/// Buckets of a window.
const PARTS: u32 = 60;
const SHARDS: usize = 16;
/// Keys that were not used for a day are forgotten when a shard holds this many.
const SWEEP_ABOVE: usize = 1024;

/// Counts per key.
pub(super) struct LocalLimiter {
    limits: Limits,
    shards: Vec<Mutex<HashMap<ApiKeyId, Counts>>>,
}

struct Counts {
    requests_minute: Ring,
    requests_hour: Ring,
    posts_minute: Ring,
    posts_hour: Ring,
    posts_day: Ring,
    ai_hour: Ring,
    last_used: Timestamp,
}

impl Counts {
    fn new(now: Timestamp) -> Self {
        Self {
            requests_minute: Ring::new(MINUTE, PARTS),
            requests_hour: Ring::new(HOUR, PARTS),
            posts_minute: Ring::new(MINUTE, PARTS),
            posts_hour: Ring::new(HOUR, PARTS),
            posts_day: Ring::new(DAY, PARTS),
            ai_hour: Ring::new(HOUR, PARTS),
            last_used: now,
        }
    }
}

impl LocalLimiter {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Counts a request, or refuses it. A refused one is not counted.
    pub(super) fn take_request(
        &self,
        key: ApiKeyId,
        now: Timestamp,
    ) -> Result<Standing, (Standing, Limited)> {
        let limits = self.limits;
        self.with(key, now, |counts| {
            let windows = [
                (&mut counts.requests_minute, limits.requests_per_minute, "requests per minute"),
                (&mut counts.requests_hour, limits.requests_per_hour, "requests per hour"),
            ];
            let taken = take(windows, now);
            let limit = limits.requests_per_minute;
            let standing = Standing {
                limit,
                remaining: limit.saturating_sub(counts.requests_minute.count(now)),
                reset_at: counts.requests_minute.frees_at(now),
            };
            taken.map(|()| standing).map_err(|limited| (standing, limited))
        })
    }

    /// Counts a post, or refuses it. One for later does not count by the minute.
    pub(super) fn take_post(&self, key: ApiKeyId, is_for_later: bool, now: Timestamp) -> Result<(), Limited> {
        let limits = self.limits;
        self.with(key, now, |counts| {
            let minute = (&mut counts.posts_minute, limits.posts_per_minute, "posts per minute");
            let hour = (&mut counts.posts_hour, limits.posts_per_hour, "posts per hour");
            let day = (&mut counts.posts_day, limits.posts_per_day, "posts per day");
            if is_for_later { take([hour, day], now) } else { take([minute, hour, day], now) }
        })
    }

    /// Counts a caption or picture that is asked for, or refuses it.
    pub(super) fn take_ai(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Limited> {
        let limit = self.limits.ai_per_hour;
        self.with(key, now, |counts| take([(&mut counts.ai_hour, limit, "AI calls per hour")], now))
    }

    /// Takes back a post that was not made after all.
    pub(super) fn give_post_back(&self, key: ApiKeyId, is_for_later: bool, now: Timestamp) {
        self.with(key, now, |counts| {
            if !is_for_later {
                counts.posts_minute.take_newest_back(now);
            }
            counts.posts_hour.take_newest_back(now);
            counts.posts_day.take_newest_back(now);
        });
    }

    fn with<T>(&self, key: ApiKeyId, now: Timestamp, work: impl FnOnce(&mut Counts) -> T) -> T {
        // The end of a key's id is random; its beginning is the time it was made.
        let shard = usize::from(key.0.as_bytes()[15]) % SHARDS;
        let mut counts = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() > SWEEP_ABOVE && !counts.contains_key(&key) {
            counts.retain(|_, entry| entry.last_used + DAY > now);
        }
        let entry = counts.entry(key).or_insert_with(|| Counts::new(now));
        entry.last_used = now;
        work(entry)
    }
}

/// Counts in every window, or in none.
fn take<const N: usize>(
    mut windows: [(&mut Ring, u32, &'static str); N],
    now: Timestamp,
) -> Result<(), Limited> {
    for (window, limit, what) in &mut windows {
        if window.count(now) >= *limit {
            let seconds = window.frees_at(now).since(now).as_seconds_ceil().max(1);
            return Err(Limited { what, seconds });
        }
    }
    for (window, _, _) in &mut windows {
        window.add(now, 1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Span;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
    const LIMITS: Limits = Limits::of([3, 5], [1, 2, 3]);

    fn key(number: u128) -> ApiKeyId {
        ApiKeyId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn the_minute_is_a_rolling_one_and_keys_are_apart() {
        let limiter = LocalLimiter::new(LIMITS);
        for left in [2, 1, 0] {
            assert_eq!(limiter.take_request(key(1), NOW).unwrap().remaining, left);
        }
        let (standing, refused) = limiter.take_request(key(1), NOW).unwrap_err();
        assert_eq!((standing.limit, standing.remaining), (3, 0));
        assert_eq!(refused.what, "requests per minute");
        assert!((60..=61).contains(&refused.seconds), "{}", refused.seconds);
        assert!(limiter.take_request(key(2), NOW).is_ok());
        let almost = NOW + Span::from_seconds(59);
        assert!(limiter.take_request(key(1), almost).is_err(), "the minute has not passed");
        let after = NOW + Span::from_seconds(refused.seconds);
        assert!(limiter.take_request(key(1), after).is_ok());
    }

    #[test]
    fn the_hour_holds_when_the_minute_is_free() {
        let limiter = LocalLimiter::new(LIMITS);
        let mut now = NOW;
        for _ in 0..5 {
            limiter.take_request(key(1), now).unwrap();
            now = now + Span::from_minutes(2);
        }
        let (standing, refused) = limiter.take_request(key(1), now).unwrap_err();
        assert_eq!(refused.what, "requests per hour");
        assert_eq!(standing.remaining, 3, "the header shows the minute");
    }

    #[test]
    fn posts_for_later_do_not_count_by_the_minute_and_refused_ones_not_at_all() {
        let limiter = LocalLimiter::new(LIMITS);
        limiter.take_post(key(1), false, NOW).unwrap();
        assert_eq!(limiter.take_post(key(1), false, NOW).unwrap_err().what, "posts per minute");
        limiter.take_post(key(1), true, NOW).unwrap();
        assert_eq!(limiter.take_post(key(1), true, NOW).unwrap_err().what, "posts per hour");
        limiter.give_post_back(key(1), true, NOW);
        limiter.take_post(key(1), true, NOW).unwrap();
    }
}
