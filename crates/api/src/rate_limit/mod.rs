//! Requests and posts per API key, in rolling windows: counted in memory where one process serves,
//! and with the other nodes where several do.

mod local;
mod shared;

use std::sync::Arc;

use app::AppError;
use app::counters::Counters;
pub(crate) use app::counters::Payer;
use domain::{Span, Timestamp};

use local::LocalLimiter;
use shared::SharedLimiter;

/// How much a key may do in each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Any request, in a minute.
    pub requests_per_minute: u32,
    /// Any request, in an hour.
    pub requests_per_hour: u32,
    /// Posts made to go out at once, in a minute.
    pub posts_per_minute: u32,
    /// Posts made, in an hour.
    pub posts_per_hour: u32,
    /// Posts made, in a day.
    pub posts_per_day: u32,
    /// Captions and pictures asked for, in an hour.
    pub ai_per_hour: u32,
}

#[cfg(test)]
impl Limits {
    /// Requests by minute and hour; posts by minute, hour and day.
    const fn of(requests: [u32; 2], posts: [u32; 3]) -> Self {
        let [requests_per_minute, requests_per_hour] = requests;
        let [posts_per_minute, posts_per_hour, posts_per_day] = posts;
        Self {
            requests_per_minute,
            requests_per_hour,
            posts_per_minute,
            posts_per_hour,
            posts_per_day,
            ai_per_hour: 2,
        }
    }
}

const MINUTE: Span = Span::from_minutes(1);
const HOUR: Span = Span::from_hours(1);
const DAY: Span = Span::from_days(1);

/// A key's standing in the window by the minute, for the headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset_at: Timestamp,
}

/// Which limit was reached, and how many whole seconds until it frees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limited {
    pub(crate) what: &'static str,
    pub(crate) seconds: i64,
}

/// A post that was counted, for taking it back.
#[derive(Debug)]
pub(crate) enum CountedPost {
    Local { is_for_later: bool },
    Shared(shared::Spent),
}

/// Counts requests and posts.
pub(crate) struct Limiter {
    limits: Limits,
    counts: Counts,
}

enum Counts {
    Local(LocalLimiter),
    Shared(SharedLimiter),
}

impl Limiter {
    /// Counts in this process alone.
    pub(crate) fn local(limits: Limits) -> Self {
        Self { limits, counts: Counts::Local(LocalLimiter::new(limits)) }
    }

    /// Counts together with every node that uses these counters.
    pub(crate) fn shared(limits: Limits, counters: Arc<dyn Counters>) -> Self {
        Self { limits, counts: Counts::Shared(SharedLimiter::new(limits, counters)) }
    }

    /// What a caller without a key is shown.
    pub(crate) fn anonymous(&self, now: Timestamp) -> Standing {
        let limit = self.limits.requests_per_minute;
        Standing { limit, remaining: limit, reset_at: now + MINUTE }
    }

    /// Counts a request, or refuses it. A refused one is not counted.
    pub(crate) async fn take_request(
        &self,
        payer: Payer,
        now: Timestamp,
    ) -> Result<(Standing, Option<Limited>), AppError> {
        match &self.counts {
            Counts::Local(local) => Ok(match local.take_request(payer.key, now) {
                Ok(standing) => (standing, None),
                Err((standing, limited)) => (standing, Some(limited)),
            }),
            Counts::Shared(shared) => shared.take_request(payer, now).await,
        }
    }

    /// Counts a post, or refuses it. One for later does not count by the minute.
    pub(crate) async fn take_post(
        &self,
        payer: Payer,
        is_for_later: bool,
        now: Timestamp,
    ) -> Result<Result<CountedPost, Limited>, AppError> {
        match &self.counts {
            Counts::Local(local) => {
                let taken = local.take_post(payer.key, is_for_later, now);
                Ok(taken.map(|()| CountedPost::Local { is_for_later }))
            }
            Counts::Shared(shared) => {
                let taken = shared.take_post(payer, is_for_later, now).await?;
                Ok(taken.map(CountedPost::Shared))
            }
        }
    }

    /// Counts a caption or picture that is asked for, or refuses it.
    pub(crate) async fn take_ai(
        &self,
        payer: Payer,
        now: Timestamp,
    ) -> Result<Result<(), Limited>, AppError> {
        match &self.counts {
            Counts::Local(local) => Ok(local.take_ai(payer.key, now)),
            Counts::Shared(shared) => shared.take_ai(payer, now).await,
        }
    }

    /// Takes back a post that was not made after all.
    pub(crate) fn give_post_back(&self, payer: Payer, post: CountedPost, now: Timestamp) {
        match (&self.counts, post) {
            (Counts::Local(local), CountedPost::Local { is_for_later }) => {
                local.give_post_back(payer.key, is_for_later, now);
            }
            (Counts::Shared(shared), CountedPost::Shared(spent)) => shared.give_back(payer, spent, now),
            // A counted post comes from the counts that it is given back to.
            (Counts::Local(_), CountedPost::Shared(_)) | (Counts::Shared(_), CountedPost::Local { .. }) => {}
        }
    }
}
