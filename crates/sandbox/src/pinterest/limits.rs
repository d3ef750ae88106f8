//! Rate limits: counted for each account and kind of call, enforced where an account is limited. The
//! size comes as a list in structured form, the reset as seconds from now.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method};

use super::errors::{PinterestError, too_many};
use super::request::Ask;
use super::state::Pinterest;
use crate::core::lock;

const WINDOW_S: i64 = 60;

/// The kind of a call and how many of it there may be in a minute.
fn kind_of(ask: &Ask) -> (&'static str, u32) {
    match ask.method {
        Method::GET if ask.path().last() == Some(&"analytics") => ("org_analytics", 60),
        Method::GET => ("org_read", 1_000),
        _ => ("org_write", 100),
    }
}

impl Pinterest {
    /// Counts the call, and refuses it when the account is limited and the minute is full.
    pub(super) fn count(&self, ask: &Ask) -> Result<(), PinterestError> {
        let (kind, size) = kind_of(ask);
        let Ok(user) = self.caller(ask, &[]) else { return Ok(()) };
        let number = self.world.now().as_seconds() / WINDOW_S;
        let mut windows = lock(&self.windows);
        let (known, count) = windows.entry((user.id, kind)).or_insert((number, 0));
        if *known != number {
            (*known, *count) = (number, 0);
        }
        if user.limited && *count >= size {
            return Err(too_many());
        }
        *count += 1;
        Ok(())
    }

    /// Adds the headers that every answer of the API carries.
    pub(super) fn with_headers(&self, response: Response, ask: &Ask) -> Response {
        let (kind, size) = kind_of(ask);
        let Ok(user) = self.caller(ask, &[]) else { return response };
        let count = lock(&self.windows).get(&(user.id, kind)).map_or(0, |(_, count)| *count);
        // Accounts that are not limited never look used up, or a careful client would stop by itself.
        let left = size.saturating_sub(count).max(u32::from(!user.limited));
        let reset = WINDOW_S - self.world.now().as_seconds().rem_euclid(WINDOW_S);
        write(response, kind, size, left, reset)
    }
}

/// The answer of a rate-limit fault.
pub(super) fn refused(retry_after_s: u64) -> Response {
    let reset = i64::try_from(retry_after_s).unwrap_or(i64::MAX);
    write(too_many().into_response(), "org_write", 100, 0, reset)
}

fn write(mut response: Response, kind: &str, size: u32, left: u32, reset: i64) -> Response {
    let limit = format!(
        "100, 100;w=1;name=\"safety_net_app_id_user_id\", {size};w={WINDOW_S};name=\"{kind}_app_id_user_id\""
    );
    let headers = response.headers_mut();
    if let Ok(limit) = HeaderValue::try_from(limit) {
        headers.insert("x-ratelimit-limit", limit);
    }
    headers.insert("x-ratelimit-remaining", HeaderValue::from(left));
    headers.insert("x-ratelimit-reset", HeaderValue::from(reset));
    response
}
