use axum::http::Method;
use serde_json::json;

use crate::support::{EXPIRED, HEALTHY, HOUR, Server};

#[tokio::test]
async fn what_is_used_of_each_cap_is_told_and_comes_back() {
    let server = Server::start().await;
    let path = format!("/accounts/{HEALTHY}/limits");
    for text in ["one", "two"] {
        server.make_post(json!({ "content": text, "account_ids": [HEALTHY] })).await;
        server.tick().await;
    }
    let thread = json!({ "content": "three", "thread_posts": ["four", "five"], "account_ids": [HEALTHY] });
    server.make_post(thread).await;
    server.tick().await;
    let answer = server.get(&path).await;
    insta::assert_json_snapshot!("account_limits", answer.shape());
    let used = |answer: &crate::support::Answer| {
        let caps = answer.data()["caps"].as_array().unwrap().clone();
        caps.iter().map(|cap| cap["used"].as_u64().unwrap()).collect::<Vec<u64>>()
    };
    assert_eq!(used(&answer), [5, 5], "each part of a thread is one on X");
    server.clock.advance(HOUR);
    assert_eq!(used(&server.get(&path).await), [0, 5], "a quarter of an hour is over");
}

#[tokio::test]
async fn each_account_has_its_own_and_strangers_see_none() {
    let server = Server::start().await;
    server.make_post(json!({ "content": "one", "account_ids": [HEALTHY] })).await;
    server.tick().await;
    let other = server.get(&format!("/accounts/{EXPIRED}/limits")).await;
    assert!(other.data()["caps"].as_array().unwrap().iter().all(|cap| cap["used"] == 0));
    let (stranger, _) = server.stranger().await;
    for path in [format!("/accounts/{HEALTHY}/limits"), "/accounts/x/limits".to_owned()] {
        let answer = server.call_as(Some(&stranger), Method::GET, &path, None).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
    }
}
