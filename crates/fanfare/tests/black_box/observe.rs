//! The log, the probes and the listener for metrics of the real binary.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use serde_json::{Value, json};

use crate::support::Demo;

/// The lines of a log in JSON whose message is this one.
fn lines(demo: &Demo, message: &str) -> Vec<Value> {
    let lines = demo.log().lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
    lines.into_iter().filter(|line| line["fields"]["message"] == json!(message)).collect()
}

#[tokio::test]
async fn a_request_is_one_line_with_the_documented_fields_and_without_the_key() {
    let demo = Demo::start_with(&[("FANFARE_LOG", "info"), ("FANFARE_LOG_FORMAT", "json")]);
    let id =
        demo.create_post(json!({ "content": "Hidden words.", "account_ids": [demo.account("x")] })).await;
    demo.ended(&id).await;
    demo.page(&format!("{}/healthz", demo.base_url)).await;
    let answer = demo.call("GET", &format!("/posts/{id}"), None).await;
    let request_id = &answer.body["meta"]["request_id"];
    let lines = lines(&demo, "request");
    let with_id: Vec<&Value> = lines
        .iter()
        .map(|line| &line["fields"])
        .filter(|fields| fields["request_id"] == *request_id)
        .collect();
    assert_eq!(with_id.len(), 1);
    let fields = with_id[0];
    assert_eq!(fields["method"], "GET");
    assert_eq!(fields["route"], "/api/v1/posts/{post_id}");
    assert_eq!(fields["status"], 200);
    assert!(fields["duration_ms"].as_f64().is_some());
    for id in ["organization.id", "key.id"] {
        assert_eq!(fields[id].as_str().map(str::len), Some(36), "{id}");
    }
    assert!(lines.iter().all(|line| line["fields"]["route"] != "/healthz"), "probes would fill the log");
    let log = demo.log();
    for secret in [demo.key.as_str(), &demo.key[16..], "Hidden words"] {
        assert!(!log.contains(secret), "{secret}");
    }
    // What publishing says carries the destination.
    let published = self::lines(&demo, "published");
    assert_eq!(published[0]["span"]["name"], "publish");
    assert_eq!(published[0]["span"]["post.id"], json!(id));
}

#[tokio::test]
async fn metrics_with_an_address_of_their_own_are_there_and_nowhere_else() {
    let demo = Demo::start_with(&[
        ("FANFARE_LOG", "info"),
        ("FANFARE_LOG_FORMAT", "json"),
        ("FANFARE_METRICS__LISTEN", "127.0.0.1:0"),
    ]);
    let id = demo.create_post(json!({ "content": "Counted.", "account_ids": [demo.account("x")] })).await;
    demo.ended(&id).await;
    let line = lines(&demo, "serving metrics and probes").remove(0);
    let own = format!("http://{}", line["fields"]["address"].as_str().unwrap());
    let (status, text) = demo.page(&format!("{own}/metrics")).await;
    assert_eq!(status, 200);
    assert!(text.contains("fanfare_attempts_total{platform=\"x\",outcome=\"published\"} 1"), "{text}");
    assert!(text.contains("fanfare_destinations_in_flight"), "{text}");
    assert_eq!(demo.page(&format!("{own}/readyz")).await.0, 200);
    assert_eq!(demo.page(&format!("{own}/api/v1/me")).await.0, 404);
    assert_eq!(demo.page(&format!("{}/metrics", demo.base_url)).await.0, 403);
    assert_eq!(demo.page(&format!("{}/readyz", demo.base_url)).await.0, 200);
}

#[tokio::test]
async fn a_server_of_its_own_shows_its_metrics_to_its_machine() {
    let demo = Demo::start();
    let (status, text) = demo.page(&format!("{}/metrics", demo.base_url)).await;
    assert_eq!(status, 200);
    assert!(text.contains("fanfare_build_info"), "{text}");
}
