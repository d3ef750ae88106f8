use axum::http::StatusCode;
use domain::Span;
use fanfare_api::Limits;
use serde_json::json;

use crate::support::{DAY, LIMITS, START, Server, in_future};

#[tokio::test]
async fn the_sixty_first_request_of_a_minute_waits() {
    let server = Server::with_limits(LIMITS).await;
    for left in (0..60).rev() {
        let answer = server.get("/accounts").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("x-ratelimit-limit"), "60");
        assert_eq!(answer.header("x-ratelimit-remaining"), left.to_string());
    }
    let answer = server.get("/accounts").await;
    assert_eq!(answer.refusal(), (429, "rate_limit_exceeded", ""));
    assert_eq!(answer.body["error"]["retryable"], true);
    let wait: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&wait));
    assert_eq!(answer.body["error"]["details"]["retry_after"], wait);
    assert_eq!(answer.header("x-ratelimit-remaining"), "0");
    let reset: i64 = answer.header("x-ratelimit-reset").parse().unwrap();
    assert_eq!(reset, START.as_seconds() + wait);
    server.clock.advance(Span::from_seconds(wait));
    assert_eq!(server.get("/accounts").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refused_request_of_another_key_takes_nothing_away() {
    let server = Server::with_limits(Limits { requests_per_minute: 2, ..LIMITS }).await;
    let other = server.new_key(domain::api_key::Scope::USUAL.to_vec(), None).await;
    for _ in 0..3 {
        server.get("/me").await;
    }
    let answer = server.call_as(Some(&other), axum::http::Method::GET, "/me", None).await;
    assert_eq!(answer.header("x-ratelimit-remaining"), "1");
}

#[tokio::test]
async fn posts_for_now_are_counted_by_the_minute_and_posts_for_later_are_not() {
    let server = Server::with_limits(Limits { posts_per_minute: 1, posts_per_hour: 3, ..LIMITS }).await;
    let now = json!({ "content": "x", "account_ids": [server.accounts[0]] });
    let later = json!({
        "content": "x", "account_ids": [server.accounts[0]], "scheduled_for": in_future(DAY),
    });
    let refused = json!({ "content": "x", "account_ids": [999] });
    let draft = json!({ "content": "x", "draft": true });
    for (body, status) in [
        (&refused, 400),
        (&now, 201),
        (&now, 429),
        (&later, 201),
        (&draft, 201),
        (&draft, 201),
        (&later, 201),
        (&later, 429),
        (&draft, 201),
    ] {
        let answer = server.post("/posts", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body} {}", answer.body);
        if status == 429 {
            assert!(answer.header("retry-after").parse::<i64>().unwrap() >= 1);
        }
    }
}
