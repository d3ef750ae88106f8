//! The same post that fails for good again and again.

use axum::http::{Method, StatusCode};
use domain::Span;
use serde_json::{Value, json};

use crate::support::{EXPIRED, HEALTHY, HOUR, START, Server};

/// A post that fails: the account's access has ended.
fn failing(text: &str) -> Value {
    json!({ "content": text, "account_ids": [EXPIRED] })
}

async fn fail(server: &Server, body: Value) -> String {
    let post = server.make_post(body).await;
    server.tick().await;
    let results = server.get(&format!("/posts/{post}/results")).await;
    assert_eq!(results.data()["post_status"], "failed");
    post
}

#[tokio::test]
async fn the_sixth_of_what_failed_for_good_is_refused_with_the_facts() {
    let server = Server::start().await;
    let mut last = String::new();
    for _ in 0..5 {
        last = fail(&server, failing("soup")).await;
        server.clock.advance(HOUR);
    }
    let refused = server.post("/posts", failing(" soup\n")).await;
    assert_eq!(refused.refusal(), (422, "permanent_failure_circuit_breaker", ""), "{}", refused.body);
    assert_eq!(refused.body["error"]["retryable"], false);
    let details = &refused.body["error"]["details"];
    assert_eq!((&details["failures"], &details["window_hours"]), (&json!(5), &json!(24)));
    assert_eq!(details["last_post_id"], json!(last));
    assert_eq!(details["last_failed_at"], json!((START + Span::from_hours(4)).to_iso_millis()));
    assert_eq!(details["until"], json!((START + Span::from_hours(24)).to_iso_millis()));
    assert_eq!(server.get("/posts").await.data()["total"], 5, "nothing was left behind");

    // Each of many is looked at by itself.
    let many = json!({ "posts": [failing("soup"), failing("bread")] });
    let made = server.post("/posts/bulk", many).await;
    assert_eq!(made.status, StatusCode::MULTI_STATUS, "{}", made.body);
    let error = &made.data()["results"][0]["error"];
    assert_eq!(error["code"], "permanent_failure_circuit_breaker", "{}", made.body);

    // Another post is another matter, whatever of it is other.
    for other in [
        json!({ "content": "soup, hot", "account_ids": [EXPIRED] }),
        json!({ "content": "soup", "account_ids": [HEALTHY] }),
        json!({ "content": "soup", "account_ids": [EXPIRED, HEALTHY] }),
        json!({ "content": "soup", "account_ids": [EXPIRED], "draft": true }),
        json!({ "content": "soup", "account_ids": [EXPIRED], "allow_duplicate": true }),
    ] {
        server.make_post(other).await;
    }
    let (stranger, _) = server.stranger().await;
    let theirs = server.call_as(Some(&stranger), Method::POST, "/posts", Some(failing("soup"))).await;
    assert_eq!(theirs.refusal().1, "invalid_accounts", "another organization has nothing to do with it");
    assert_eq!(
        server.post(&format!("/posts/{last}/retry"), json!({})).await.status,
        StatusCode::OK,
        "one that failed may be retried"
    );
}

#[tokio::test]
async fn a_failure_counts_for_a_day_and_under_whatever_order_of_accounts() {
    let server = Server::start().await;
    let other = server.connect_until("threads", "other", START).await.0;
    let soup = |accounts: [i64; 2]| json!({ "content": "soup", "account_ids": accounts });
    for turn in 0..5 {
        fail(&server, soup(if turn % 2 == 0 { [EXPIRED, other] } else { [other, EXPIRED] })).await;
    }
    assert_eq!(server.post("/posts", soup([other, EXPIRED])).await.refusal().0, 422);
    server.clock.set(START + Span::from_hours(24));
    server.make_post(soup([other, EXPIRED])).await;
}

#[tokio::test]
async fn what_may_pass_and_what_is_live_somewhere_does_not_count() {
    let server = Server::start().await;
    for _ in 0..6 {
        server.make_post(json!({ "content": "soup", "account_ids": [HEALTHY, EXPIRED] })).await;
        server.tick().await;
    }
    for _ in 0..6 {
        let draft = json!({ "content": "bread", "account_ids": [EXPIRED], "draft": true });
        let draft = server.make_post(draft).await;
        let now = json!({ "publish_now": true });
        assert_eq!(server.post(&format!("/posts/{draft}/schedule"), now).await.status, StatusCode::OK);
        server.tick().await;
    }
    let refused = server.post("/posts", failing("bread")).await;
    assert_eq!(refused.refusal().0, 422, "drafts that went out and failed count: {}", refused.body);
}
