//! Rate limits: counted for every account, enforced where an account is limited. The reset is a date
//! and time, not a number.

use axum::response::{IntoResponse, Response};
use domain::{Span, Timestamp};
use http::{HeaderName, HeaderValue, StatusCode};

use super::errors::{MastodonError, plain};
use super::request::Ask;
use super::state::Mastodon;
use crate::core::lock;
use crate::core::origin::Origin;

/// A bucket of calls: its name, its size, its window.
struct Bucket(&'static str, u32, Span);

fn bucket_of(ask: &Ask) -> Bucket {
    match (ask.method.as_str(), ask.path().as_slice()) {
        ("POST", ["api", _, "media"]) => Bucket("media", 30, Span::from_minutes(30)),
        ("POST", ["api", _, "statuses"]) => Bucket("statuses", 300, Span::from_hours(3)),
        ("DELETE", ["api", _, "statuses", _]) => Bucket("delete", 30, Span::from_minutes(30)),
        _ => Bucket("api", 300, Span::from_minutes(5)),
    }
}

impl Mastodon {
    /// Counts the call, and refuses it when the account is limited and its bucket is empty.
    pub(super) fn count(&self, ask: &Ask, origin: &Origin) -> Result<(), MastodonError> {
        let Bucket(name, size, window) = bucket_of(ask);
        let (owner, is_limited) = self.counted(ask, origin);
        let mut windows = lock(&self.windows);
        let number = self.world.now().as_micros() / window.as_micros();
        let (known, count) = windows.entry((owner, name)).or_insert((number, 0));
        if *known != number {
            (*known, *count) = (number, 0);
        }
        if is_limited && *count >= size {
            return Err(too_many());
        }
        *count += 1;
        Ok(())
    }

    /// Adds the headers that every answer of the API carries.
    pub(super) fn with_headers(&self, response: Response, ask: &Ask, origin: &Origin) -> Response {
        let Bucket(name, size, window) = bucket_of(ask);
        let (owner, is_limited) = self.counted(ask, origin);
        let number = self.world.now().as_micros() / window.as_micros();
        let count = lock(&self.windows).get(&(owner, name)).map_or(0, |(_, count)| *count);
        // Accounts that are not limited never look used up, or a careful client would stop by itself.
        let left = size.saturating_sub(count).max(u32::from(!is_limited));
        write(response, size, left, Timestamp::from_micros((number + 1) * window.as_micros()))
    }

    /// Whose bucket a call draws on, and whether it can be empty.
    fn counted(&self, ask: &Ask, origin: &Origin) -> (String, bool) {
        match self.caller(ask, origin, &[]) {
            Ok(caller) => (caller.user.key(), caller.user.limited),
            Err(_) => (String::new(), false),
        }
    }
}

fn too_many() -> MastodonError {
    plain(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
}

/// The answer of a rate-limit fault.
pub(super) fn refused(reset_at: Timestamp) -> Response {
    write(too_many().into_response(), 300, 0, reset_at)
}

fn write(mut response: Response, limit: u32, left: u32, reset_at: Timestamp) -> Response {
    let reset = reset_at.to_iso_millis().replace('Z', "000Z");
    for (name, value) in [("limit", limit.to_string()), ("remaining", left.to_string()), ("reset", reset)] {
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(format!("x-ratelimit-{name}")), HeaderValue::try_from(value))
        {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
