//! Each kind of fault, as a client sees it on the wire.

use std::time::Duration;

use crate::rig::{Rig, read, tweet, x_account};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends a post over a bare connection and returns every byte of the answer.
async fn raw_post(rig: &Rig, token: &str, text: &str) -> Vec<u8> {
    let body = json!({"text": text}).to_string();
    let request = format!(
        "POST /api.x.com/2/tweets HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        rig.address,
        body.len()
    );
    let mut stream = TcpStream::connect(&rig.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

#[tokio::test]
async fn an_error_fault_answers_its_status_and_does_nothing() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "error", "status": 502})).await;
    let (status, body) = read(tweet(&rig, &token, json!({"text": "one"})).await).await;
    assert_eq!((status, body["status"].as_u64()), (502, Some(502)));
    assert!(rig.published("").await.is_empty());
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
}

#[tokio::test]
async fn a_rate_limit_fault_names_the_time_in_the_platforms_headers() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "rate_limit", "retry_after": 30})).await;
    let answer = tweet(&rig, &token, json!({"text": "one"})).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["x-rate-limit-remaining"], "0");
    assert_eq!(answer.headers()["x-rate-limit-reset"], "1795000030");
    let member = rig.account(json!({"platform": "linkedin", "token": true})).await;
    rig.fault(json!({"platform": "linkedin", "kind": "rate_limit", "operation": "*"})).await;
    let token = member["credentials"]["access_token"].as_str().unwrap();
    let answer = rig.get("api.linkedin.com/v2/userinfo").bearer_auth(token).send().await.unwrap();
    let (status, body) = read(answer).await;
    assert_eq!((status, body["serviceErrorCode"].as_u64()), (429, Some(101)));
}

#[tokio::test]
async fn a_delay_waits_before_the_call_is_handled() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "delay", "delay_ms": 2500})).await;
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
    assert_eq!(*rig.clock.slept.lock().unwrap(), [Duration::from_millis(2500)]);
}

#[tokio::test]
async fn a_reset_closes_the_connection_without_a_byte_and_nothing_is_live() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "reset_before"})).await;
    assert_eq!(raw_post(&rig, &token, "one").await, b"");
    assert!(rig.published("").await.is_empty());
    assert!(!raw_post(&rig, &token, "one").await.is_empty());
    assert_eq!(rig.published("").await.len(), 1);
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_post_live() {
    let rig = Rig::start().await;
    let (account, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "drop_after_accept"})).await;
    assert_eq!(raw_post(&rig, &token, "one").await, b"");
    assert_eq!(rig.published("").await.len(), 1);
    let path = format!("api.x.com/2/users/{}/tweets", account["platform_user_id"].as_str().unwrap());
    let (status, found) = read(rig.get(&path).bearer_auth(&token).send().await.unwrap()).await;
    assert_eq!((status, found["data"][0]["text"].as_str()), (200, Some("one")));
    let requests: Value = rig.get("_sandbox/requests").send().await.unwrap().json().await.unwrap();
    assert_eq!(requests["requests"][0]["operation"], "create_post");
    assert_eq!(requests["requests"][0]["status"], 0);
}

#[tokio::test]
async fn a_fault_for_accepted_calls_waits_for_one_that_is_accepted() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "drop_after_accept"})).await;
    assert_eq!(tweet(&rig, &token, json!({"text": "x".repeat(281)})).await.status(), 403);
    assert_eq!(raw_post(&rig, &token, "one").await, b"");
}

#[tokio::test]
async fn a_refusal_can_lie() {
    let rig = Rig::start().await;
    let (_, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "refused_but_live"})).await;
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 500);
    assert_eq!(rig.published("?platform=x&account=@ANA").await[0]["text"], "one");
}

#[tokio::test]
async fn a_revoked_token_is_answered_in_the_platforms_own_words_and_stays_revoked() {
    let rig = Rig::start().await;
    let (account, token) = x_account(&rig, "ana").await;
    rig.fault(json!({"platform": "x", "kind": "token_revoked"})).await;
    for _ in 0..2 {
        let (status, body) = read(tweet(&rig, &token, json!({"text": "one"})).await).await;
        assert_eq!((status, body["title"].as_str()), (401, Some("Unauthorized")));
    }
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", account["credentials"]["refresh_token"].as_str().unwrap()),
        ("client_id", account["client_id"].as_str().unwrap()),
    ];
    let answer = rig.post("api.x.com/2/oauth2/token").form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn faults_are_listed_with_what_is_left_and_can_be_cleared() {
    let rig = Rig::start().await;
    rig.fault(json!({"platform": "x", "kind": "error", "times": 3})).await;
    let (_, token) = x_account(&rig, "ana").await;
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 503);
    let listed: Value = rig.get("_sandbox/faults").send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["faults"][0]["remaining"], 2);
    rig.request(reqwest::Method::DELETE, "_sandbox/faults").send().await.unwrap();
    assert_eq!(tweet(&rig, &token, json!({"text": "one"})).await.status(), 201);
}

#[tokio::test]
async fn a_fault_that_makes_no_sense_is_refused() {
    let rig = Rig::start().await;
    for fault in [
        json!({"platform": "x", "kind": "explode"}),
        json!({"platform": "myspace", "kind": "error"}),
        json!({"platform": "x", "kind": "delay"}),
        json!({"platform": "x", "kind": "error", "probability": 2.0}),
        json!({"kind": "error"}),
    ] {
        let answer = rig.post("_sandbox/faults").json(&fault).send().await.unwrap();
        let (status, body) = read(answer).await;
        assert_eq!(status, 400, "{fault}");
        assert!(body["error"].is_string());
    }
}
