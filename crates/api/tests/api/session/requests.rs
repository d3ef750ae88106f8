//! The log of what keys asked.

use std::collections::BTreeSet;

use axum::http::Method;
use domain::Span;
use serde_json::{Value, json};

use super::with_owner;

#[tokio::test]
async fn what_keys_ask_is_listed_without_what_was_in_it() {
    let (server, mut owner) = with_owner().await;
    server.get("/posts?search=something-private").await;
    server.clock.advance(Span::from_seconds(1));
    let refused = server.post("/posts", json!({ "content": "a secret plan" })).await;
    server.clock.advance(Span::from_seconds(1));
    server.call_as(Some("pe_live_0000"), Method::GET, "/posts", None).await;
    owner.send(&server, Method::PATCH, "/session/user", json!({ "name": "Ana" })).await;
    owner.get(&server, "/v1/posts").await;
    let answer = owner.get(&server, "/session/requests").await;
    let requests = answer.data()["requests"].as_array().unwrap();
    let seen: Vec<(&str, &str, u64)> = requests
        .iter()
        .map(|one| {
            (one["method"].as_str().unwrap(), one["path"].as_str().unwrap(), one["status"].as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        seen,
        [("POST", "/api/v1/posts", 400), ("GET", "/api/v1/posts", 200)],
        "keys alone, the latest first"
    );
    assert_eq!(requests[0]["request_id"], refused.header("x-request-id"));
    assert_eq!(requests[0]["key_name"], "test");
    assert!(requests[0]["duration_ms"].is_number());
    let text = answer.body.to_string();
    for private in ["something-private", "a secret plan", server.key.as_str()] {
        assert!(!text.contains(private), "{private}");
    }
    let failed = owner.get(&server, "/session/requests?failed=true").await;
    assert_eq!(failed.data()["requests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_log_is_bounded_and_read_page_by_page() {
    let (server, owner) = with_owner().await;
    for _ in 0..1_030 {
        server.clock.advance(Span::from_millis(2));
        server.get("/me").await;
    }
    let mut seen: Vec<Value> = Vec::new();
    let mut path = "/session/requests?limit=100".to_owned();
    loop {
        let answer = owner.get(&server, &path).await;
        seen.extend(answer.data()["requests"].as_array().unwrap().clone());
        let Some(next) = answer.data()["pagination"]["next_cursor"].as_str() else { break };
        path = format!("/session/requests?limit=100&cursor={next}");
    }
    let ids: BTreeSet<&str> = seen.iter().map(|one| one["request_id"].as_str().unwrap()).collect();
    assert_eq!((seen.len(), ids.len()), (1_000, 1_000));
    assert!(seen.windows(2).all(|pair| pair[0]["created_at"].as_str() >= pair[1]["created_at"].as_str()));
    server.get("/me").await;
    let newest = owner.get(&server, "/session/requests?limit=1").await;
    assert_ne!(newest.data()["requests"][0]["request_id"], seen[0]["request_id"]);
    server.clock.advance(Span::from_days(8));
    app::requests::forget(&server.app).await.unwrap();
    assert_eq!(owner.get(&server, "/session/requests").await.data()["requests"], json!([]));
    for (query, field) in [("limit=0", "limit"), ("cursor=x", "cursor"), ("failed=x", "failed")] {
        let answer = owner.get(&server, &format!("/session/requests?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
}

#[tokio::test]
async fn a_manager_sees_what_the_server_is_set_up_for_and_no_secret() {
    let (server, owner) = with_owner().await;
    let answer = owner.get(&server, "/session/server").await;
    let platforms = answer.data()["platforms"].as_array().unwrap();
    let of = |name: &str| platforms.iter().find(|one| one["platform"] == name).unwrap();
    assert_eq!(of("x")["needs_app"], true);
    assert_eq!(of("x")["redirect_url"], "https://social.example.org/connect/callback/x");
    assert_eq!((&of("bluesky")["set_up"], &of("bluesky")["redirect_url"]), (&json!(true), &Value::Null));
    assert_eq!(answer.data()["ai"]["set_up"], true);
    assert!(
        !answer.body.to_string().contains(&server.app.ai.now().api_key)
            || server.app.ai.now().api_key.is_empty()
    );
}
