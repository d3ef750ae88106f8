//! Who calls, with which scopes, and how often: bearer tokens and the rate-limit headers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{Span, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::errors::{XError, plain, unauthorized};
use super::state::{User, X};
use crate::core::lock;

const WINDOW_S: i64 = 15 * 60;

/// Calls by user and operation in the current window of 15 minutes.
pub(super) type Windows = Mutex<HashMap<(String, &'static str), (i64, u32)>>;

/// The bearer token of a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl X {
    /// The user whose valid token the request carries, if the token has all of `scopes`.
    pub(super) fn caller(&self, headers: &HeaderMap, scopes: &[&str]) -> Result<User, XError> {
        let token = bearer(headers).and_then(|token| self.access.get(token)).ok_or_else(unauthorized)?;
        let grant = self.grants.get(&token.grant).ok_or_else(unauthorized)?;
        if grant.revoked || token.expires_at <= self.world.now() {
            return Err(unauthorized());
        }
        let granted: Vec<&str> = grant.scope.split(' ').collect();
        if let Some(missing) = scopes.iter().find(|scope| !granted.contains(scope)) {
            let detail = format!("The access token does not have the scope {missing}.");
            return Err(plain(StatusCode::FORBIDDEN, &detail));
        }
        self.users.get(&grant.user).ok_or_else(unauthorized)
    }
}

/// Calls allowed in 15 minutes, per user. Page "Rate limits" of the X API documentation.
fn limit_of(operation: &str) -> u32 {
    match operation {
        "create_post" => 100,
        "delete_post" => 50,
        "me" => 75,
        "user_posts" => 900,
        "get_posts" => 5_000,
        "media_initialize" | "media_append" | "media_finalize" => 1_875,
        "media_status" => 1_000,
        _ => 500,
    }
}

/// Counts the call, refuses it when the user's account is limited and the window is used up, and
/// adds the rate-limit headers to every answer of the API.
pub(super) async fn count(State(x): State<Arc<X>>, request: Request, next: Next) -> Response {
    let operation = super::operation_of(request.method(), request.uri().path());
    if !request.uri().path().starts_with("/2/") || operation == "token" {
        return next.run(request).await;
    }
    let caller = x.caller(request.headers(), &[]).ok();
    let limit = limit_of(operation);
    let now = x.world.now().as_seconds();
    let window = now - now.rem_euclid(WINDOW_S);
    let count = {
        let key = (caller.as_ref().map(|caller| caller.id.clone()).unwrap_or_default(), operation);
        let mut windows = lock(&x.windows);
        let (start, count) = windows.entry(key).or_insert((window, 0));
        if *start != window {
            (*start, *count) = (window, 0);
        }
        *count += 1;
        *count
    };
    let is_limited = caller.is_some_and(|caller| caller.limited);
    let reset_at = Timestamp::from_seconds(window + WINDOW_S);
    if is_limited && count > limit {
        return with_headers(too_many(), operation, limit, 0, reset_at);
    }
    // Accounts that are not limited never look used up, or a careful client would stop by itself.
    let remaining = limit.saturating_sub(count).max(u32::from(!is_limited));
    with_headers(next.run(request).await, operation, limit, remaining, reset_at)
}

fn too_many() -> Response {
    plain(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests").into_response()
}

fn with_headers(
    mut response: Response,
    operation: &str,
    limit: u32,
    remaining: u32,
    reset_at: Timestamp,
) -> Response {
    let reset = u32::try_from(reset_at.as_seconds()).unwrap_or(u32::MAX);
    set(&mut response, "x-rate-limit", limit, remaining, reset);
    if operation == "create_post" {
        let tomorrow = reset_at + Span::from_days(1);
        let tomorrow = u32::try_from(tomorrow.as_seconds()).unwrap_or(u32::MAX);
        set(&mut response, "x-app-limit-24hour", 10_000, 9_999, tomorrow);
        set(&mut response, "x-user-limit-24hour", 2_400, 2_399, tomorrow);
    }
    response
}

fn set(response: &mut Response, family: &str, limit: u32, remaining: u32, reset: u32) {
    for (part, value) in [("limit", limit), ("remaining", remaining), ("reset", reset)] {
        if let Ok(name) = HeaderName::try_from(format!("{family}-{part}")) {
            response.headers_mut().insert(name, HeaderValue::from(value));
        }
    }
}

/// The answer of a rate-limit fault.
pub(super) fn rate_limited(reset_at: Timestamp, operation: &'static str) -> Response {
    // Rounded up: the header has whole seconds and must not promise too early a moment.
    let reset_at = Timestamp::from_seconds(reset_at.since(Timestamp::from_seconds(0)).as_seconds_ceil());
    with_headers(too_many(), operation, limit_of(operation), 0, reset_at)
}
