//! Every fault on every platform: each post exactly once.

use serde_json::{Value, json};

use crate::support::Demo;

const PLATFORMS: [&str; 3] = ["x", "linkedin", "bluesky"];

#[expect(clippy::unwrap_used, reason = "a test may panic")]
async fn check(name: &str, fault: Value) {
    let demo = Demo::start();
    let ids: Vec<i64> = PLATFORMS.iter().map(|platform| demo.account(platform)).collect();
    for platform in PLATFORMS {
        let mut fault = fault.clone();
        fault["platform"] = json!(platform);
        fault["operation"] = json!("create_post");
        demo.fault(fault).await;
    }
    let text = format!("through {name}");
    let post = demo.create_post(json!({ "content": text, "account_ids": ids })).await;
    for result in demo.ended(&post).await {
        let platform = result["platform"].as_str().unwrap();
        assert_eq!(result["status"], "published", "{name} on {platform}: {result}");
        assert_eq!(demo.live(platform, &text).await.len(), 1, "{name} on {platform}");
    }
}

#[tokio::test]
async fn an_answer_that_is_dropped_after_the_post_was_taken() {
    check("drop_after_accept", json!({ "kind": "drop_after_accept" })).await;
}

#[tokio::test]
async fn a_refusal_of_a_post_that_is_live_all_the_same() {
    check("refused_but_live", json!({ "kind": "refused_but_live" })).await;
}

#[tokio::test]
async fn a_client_error_on_a_post_that_is_live_all_the_same() {
    check("refused_but_live_400", json!({ "kind": "refused_but_live", "status": 400 })).await;
}

#[tokio::test]
async fn two_lost_answers_in_a_row() {
    check("drop_after_accept twice", json!({ "kind": "drop_after_accept", "times": 2 })).await;
}

#[tokio::test]
async fn a_connection_that_is_reset_before_the_post_is_read() {
    check("reset_before", json!({ "kind": "reset_before" })).await;
}

#[tokio::test]
async fn a_platform_that_is_unavailable() {
    check("error", json!({ "kind": "error", "status": 503 })).await;
}

#[tokio::test]
async fn a_rate_limit() {
    check("rate_limit", json!({ "kind": "rate_limit", "retry_after": 1 })).await;
}
