//! Buckets of calls: one for each webhook, and one for everybody behind an address. And the ban of
//! callers who keep asking for what they may not have.

use std::collections::HashMap;

use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::{Span, Timestamp};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::errors::page;

/// Calls of one webhook in one window.
const LIMIT: u32 = 5;
const WINDOW: Span = Span::from_seconds(2);
/// Calls of everybody in one second.
const GLOBAL_LIMIT: u32 = 50;
const GLOBAL_WINDOW: Span = Span::from_seconds(1);
/// Answers of 401, 403 and 429 in one window before nothing is answered any more.
const INVALID_LIMIT: u32 = 10_000;
const INVALID_WINDOW: Span = Span::from_minutes(10);
/// From this version on times are told in seconds.
const SECONDS_SINCE: u8 = 8;

/// A count that begins anew after a window.
#[derive(Clone, Copy, Debug)]
struct Count {
    ends: Timestamp,
    calls: u32,
}

impl Count {
    /// Adds a call; the window begins with its first.
    fn add(entry: &mut Option<Self>, window: Span, now: Timestamp) -> Self {
        let running = entry.filter(|count| now < count.ends);
        let count = running.unwrap_or(Self { ends: now + window, calls: 0 });
        let count = Self { calls: count.calls.saturating_add(1), ..count };
        *entry = Some(count);
        count
    }
}

/// All counts. They live as long as the process.
#[derive(Default)]
pub(super) struct Buckets {
    webhooks: HashMap<String, Option<Count>>,
    global: Option<Count>,
    invalid: Option<Count>,
}

/// What a call took from its webhook's bucket.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    remaining: u32,
    ends: Timestamp,
    now: Timestamp,
    bucket: String,
}

/// A call that is one too many.
#[derive(Clone, Debug)]
pub(super) struct Excess {
    pub(super) wait: Span,
    pub(super) is_global: bool,
}

impl Buckets {
    /// Takes a call.
    pub(super) fn take(&mut self, webhook: &str, limited: bool, now: Timestamp) -> (Taken, Option<Excess>) {
        let global = Count::add(&mut self.global, GLOBAL_WINDOW, now);
        let own = Count::add(self.webhooks.entry(webhook.to_owned()).or_default(), WINDOW, now);
        let taken = Taken {
            remaining: LIMIT.saturating_sub(own.calls),
            ends: own.ends,
            now,
            bucket: crate::core::blobs::sha256_hex(webhook.as_bytes())[..16].to_owned(),
        };
        let excess = if !limited {
            None
        } else if global.calls > GLOBAL_LIMIT {
            Some(Excess { wait: global.ends.since(now), is_global: true })
        } else if own.calls > LIMIT {
            Some(Excess { wait: own.ends.since(now), is_global: false })
        } else {
            None
        };
        // Where nothing is refused, nothing looks used up, or a careful client would stop by itself.
        let taken = if limited { taken } else { Taken { remaining: taken.remaining.max(1), ..taken } };
        (taken, excess)
    }

    /// Counts an answer that tells a caller to stop.
    pub(super) fn count_invalid(&mut self, now: Timestamp) {
        Count::add(&mut self.invalid, INVALID_WINDOW, now);
    }

    /// Whether callers are banned.
    pub(super) fn is_banned(&self, now: Timestamp) -> bool {
        self.invalid.is_some_and(|count| now < count.ends && count.calls >= INVALID_LIMIT)
    }
}

impl Taken {
    /// Tells what is left in the headers that every answer has.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        let left = self.ends.since(self.now);
        let values = [
            ("x-ratelimit-limit", LIMIT.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", seconds(Span::from_millis(self.ends.as_millis()))),
            ("x-ratelimit-reset-after", seconds(left)),
            ("x-ratelimit-bucket", self.bucket.clone()),
        ];
        for (name, value) in values {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// The refusal of a call that is one too many.
pub(super) fn refused(excess: &Excess, version: u8) -> Response {
    let millis = excess.wait.as_millis().max(1);
    // Exact in a double: it is far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a wait")]
    let told = if version >= SECONDS_SINCE { json!(millis as f64 / 1_000.0) } else { json!(millis) };
    let body =
        json!({"message": "You are being rate limited.", "retry_after": told, "global": excess.is_global});
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    through_proxy(headers);
    let whole = u64::try_from(millis).unwrap_or(0).div_ceil(1_000);
    headers.insert("retry-after", HeaderValue::from(whole));
    let scope = if excess.is_global { "global" } else { "user" };
    headers.insert("x-ratelimit-scope", HeaderValue::from_static(scope));
    if excess.is_global {
        headers.insert("x-ratelimit-global", HeaderValue::from_static("true"));
    }
    response
}

/// Marks an answer as the API's own: clients tell by it whether the server in front answered.
pub(super) fn through_proxy(headers: &mut HeaderMap) {
    headers.insert("via", HeaderValue::from_static("1.1 google"));
}

/// What a banned caller gets: a page of the server in front, without any of the headers.
pub(super) fn banned() -> Response {
    page(StatusCode::TOO_MANY_REQUESTS)
}

fn seconds(span: Span) -> String {
    let millis = span.as_millis();
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_in_vain_too_often_is_banned_for_a_while() {
        let now = Timestamp::from_seconds(1_795_000_000);
        let mut buckets = Buckets::default();
        for _ in 1..INVALID_LIMIT {
            buckets.count_invalid(now);
        }
        assert!(!buckets.is_banned(now));
        buckets.count_invalid(now);
        assert!(buckets.is_banned(now + Span::from_minutes(9)));
        assert!(!buckets.is_banned(now + INVALID_WINDOW));
        assert!(banned().headers().get("x-ratelimit-bucket").is_none());
    }

    #[test]
    fn a_window_begins_with_its_first_call() {
        let now = Timestamp::from_seconds(1_795_000_000);
        let mut buckets = Buckets::default();
        for _ in 0..LIMIT {
            assert!(buckets.take("1", true, now).1.is_none());
        }
        assert!(buckets.take("2", true, now).1.is_none(), "each webhook has its own");
        let (taken, excess) = buckets.take("1", true, now + Span::from_millis(500));
        assert_eq!((taken.remaining, excess.map(|excess| excess.wait)), (0, Some(Span::from_millis(1_500))));
        assert!(buckets.take("1", true, now + WINDOW).1.is_none());
        for _ in 0..20 {
            let (taken, excess) = buckets.take("3", false, now);
            assert!(excess.is_none() && taken.remaining > 0);
        }
    }
}
