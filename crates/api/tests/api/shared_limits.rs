use axum::http::{Method, StatusCode};
use domain::Span;
use fanfare_api::Limits;
use serde_json::{Value, json};

use crate::support::{DAY, LIMITS, Server, in_future};

#[tokio::test]
async fn three_nodes_let_through_what_one_would_and_a_restart_forgets_nothing() {
    let server = Server::start().await;
    let mut nodes = [server.node(LIMITS), server.node(LIMITS), server.node(LIMITS)];
    let mut passed = 0;
    for turn in 0..90 {
        if turn % 20 == 19 {
            // A node that dies takes what it held with it.
            nodes[turn % 3] = server.node(LIMITS);
        }
        let answer = server.ask(&nodes[turn % 3], Method::GET, "/accounts", Value::Null).await;
        assert_eq!(answer.header("x-ratelimit-limit"), "60");
        if answer.status == StatusCode::OK {
            passed += 1;
        } else {
            assert_eq!(answer.refusal(), (429, "rate_limit_exceeded", ""));
            assert_eq!(answer.header("x-ratelimit-remaining"), "0");
        }
    }
    assert!((45..=60).contains(&passed), "{passed}");
    let restarted = server.node(LIMITS);
    let answer = server.ask(&restarted, Method::GET, "/accounts", Value::Null).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: i64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=65).contains(&wait), "{wait}");
    server.clock.advance(Span::from_seconds(wait));
    let answer = server.ask(&restarted, Method::GET, "/accounts", Value::Null).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn two_nodes_that_live_let_through_exactly_the_limit() {
    let server = Server::start().await;
    let nodes = [server.node(LIMITS), server.node(LIMITS)];
    let mut passed = 0;
    for turn in 0..80 {
        let answer = server.ask(&nodes[turn % 2], Method::GET, "/me", Value::Null).await;
        passed += usize::from(answer.status == StatusCode::OK);
    }
    assert_eq!(passed, 60);
}

#[tokio::test]
async fn posts_are_counted_over_all_nodes_and_refused_ones_are_not() {
    let limits = Limits { posts_per_hour: 3, ..LIMITS };
    let server = Server::start().await;
    let nodes = [server.node(limits), server.node(limits)];
    let later = json!({
        "content": "x", "account_ids": [server.accounts[0]], "scheduled_for": in_future(DAY),
    });
    let refused = json!({ "content": "x", "account_ids": [999], "scheduled_for": in_future(DAY) });
    for (node, body, status) in [
        (0, &refused, 400),
        (0, &later, 201),
        (1, &later, 201),
        (0, &refused, 400),
        (0, &later, 201),
        (0, &later, 429),
        (1, &later, 429),
    ] {
        let answer = server.ask(&nodes[node], Method::POST, "/posts", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "node {node} {body} {}", answer.body);
    }
}
