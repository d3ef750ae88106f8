//! Rate-limit headers and the refusal that goes with them. The limit itself is generous: tests that
//! want to meet it set a fault.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use http::{HeaderValue, StatusCode};

use super::errors::plain;
use super::state::Bluesky;

const LIMIT: i64 = 3000;
const WINDOW_SECONDS: i64 = 300;

/// Adds the headers that every answer carries.
pub(super) async fn count(State(bluesky): State<Arc<Bluesky>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let reset = (bluesky.world.now().as_seconds() / WINDOW_SECONDS + 1) * WINDOW_SECONDS;
    write(&mut response, LIMIT - 1, reset);
    response
}

/// Too many requests.
pub(super) fn refused(retry_after_s: u64, reset_at: Timestamp) -> Response {
    let error = plain(StatusCode::TOO_MANY_REQUESTS, "RateLimitExceeded", "Rate Limit Exceeded");
    let mut response = error.into_response();
    write(&mut response, 0, reset_at.as_seconds());
    response.headers_mut().insert("retry-after", HeaderValue::from(retry_after_s));
    response
}

fn write(response: &mut Response, remaining: i64, reset: i64) {
    let headers = response.headers_mut();
    headers.insert("ratelimit-limit", HeaderValue::from(LIMIT));
    headers.insert("ratelimit-remaining", HeaderValue::from(remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(reset));
    headers.insert("ratelimit-policy", HeaderValue::from_static("3000;w=300"));
}
