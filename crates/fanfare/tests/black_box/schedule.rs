//! Posts go out at their time, by their last plan.

use domain::{Span, Timestamp};
use serde_json::json;

use crate::support::{Demo, now, pause};

#[tokio::test]
async fn a_scheduled_post_goes_out_at_its_time_and_not_before() {
    let demo = Demo::start();
    let due = now() + Span::from_seconds(3);
    let body = json!({ "content": "on time", "account_ids": [demo.account("x")], "scheduled_for": due.to_iso_millis() });
    let post = demo.create_post(body).await;
    assert_eq!(demo.get(&format!("/posts/{post}")).await["status"], "scheduled");
    pause(Span::from_seconds(2)).await;
    assert!(demo.live("x", "on time").await.is_empty(), "not before its time");
    let result = demo.ended(&post).await.remove(0);
    assert_eq!(result["status"], "published", "{result}");
    let published = Timestamp::parse(result["published_at"].as_str().unwrap()).unwrap();
    println!("published {} ms after its time", published.since(due).as_millis());
    assert!(published >= due);
}

#[tokio::test]
async fn a_post_whose_time_passed_while_the_server_was_down_goes_out_at_once() {
    let mut demo = Demo::start();
    let due = now() + Span::from_seconds(2);
    let body = json!({ "content": "late", "account_ids": [demo.account("bluesky")], "scheduled_for": due.to_iso_millis() });
    let post = demo.create_post(body).await;
    demo.stop();
    pause(Span::from_seconds(3)).await;
    let demo = demo.restart();
    let result = demo.ended(&post).await.remove(0);
    assert_eq!(result["status"], "published", "{result}");
    assert_eq!(demo.live("bluesky", "late").await.len(), 1);
}

#[tokio::test]
async fn a_post_that_is_deleted_or_moved_a_second_before_its_time_does_not_go_out_then() {
    let demo = Demo::start();
    let account = demo.account("x");
    let due = now() + Span::from_seconds(2);
    let at = |text: &str| json!({ "content": text, "account_ids": [account], "scheduled_for": due.to_iso_millis() });
    let deleted = demo.create_post(at("deleted in time")).await;
    let moved = demo.create_post(at("moved in time")).await;
    pause(Span::from_seconds(1)).await;
    let later = (due + Span::from_seconds(4)).to_iso_millis();
    assert_eq!(demo.call("DELETE", &format!("/posts/{deleted}"), None).await.status, 200);
    let patched =
        demo.call("PATCH", &format!("/posts/{moved}"), Some(json!({ "scheduled_for": later }))).await;
    assert_eq!(patched.status, 200, "{}", patched.body);
    pause(Span::from_seconds(3)).await;
    assert!(demo.live("x", "deleted in time").await.is_empty());
    assert!(demo.live("x", "moved in time").await.is_empty());
    let result = demo.ended(&moved).await.remove(0);
    assert_eq!(result["status"], "published", "{result}");
    assert!(demo.live("x", "deleted in time").await.is_empty());
    assert_eq!(demo.live("x", "moved in time").await.len(), 1);
}
