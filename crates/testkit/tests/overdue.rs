//! The alarm for what is overdue, seen through the API.

#![expect(clippy::unwrap_used, reason = "a test's set-up may panic")]

use std::sync::Arc;

use domain::Span;
use engine::{Watch, WatchConfig};
use fanfare_testkit::{START, Server};
use net::SeededEntropy;
use serde_json::json;

const MINUTE: Span = Span::from_minutes(1);

async fn alarms(server: &Server) -> usize {
    let events = server.app.store.list_events(server.organization.id, 1_000).await.unwrap();
    events.iter().filter(|event| event.kind == "post.overdue").count()
}

#[tokio::test]
async fn a_post_that_is_moved_has_a_new_due_time_and_one_that_is_deleted_has_none() {
    let server = Server::start().await;
    let accounts = [server.connect("x").await, server.connect("bluesky").await];
    let (clock, entropy) = (Arc::clone(&server.clock), Arc::new(SeededEntropy::new(3)));
    let mut watch = Watch::new(server.app.store.clone(), clock, entropy, WatchConfig::default());
    let at = |span: Span| (START + span).to_iso_millis();
    let body = |text: &str| json!({ "content": text, "account_ids": accounts, "scheduled_for": at(MINUTE.times(10)) });
    let moved = server.create_post(body("moved")).await;
    let deleted = server.create_post(body("deleted")).await;
    let path = |id: &str| format!("/api/v1/posts/{id}");
    assert_eq!(server.call("DELETE", &path(&deleted), None).await.status, 200);

    server.clock.set(START + MINUTE.times(12));
    assert_eq!(watch.run_once().await.unwrap().raised, 2, "one for each account of the post that is left");
    let later = json!({ "scheduled_for": at(MINUTE.times(30)) });
    assert_eq!(server.call("PATCH", &path(&moved), Some(&later)).await.status, 200);
    assert_eq!(watch.run_once().await.unwrap().overdue, 0, "it is due later now");

    server.clock.set(START + MINUTE.times(32));
    assert_eq!(watch.run_once().await.unwrap().raised, 2);
    server.tick().await;
    assert_eq!(watch.run_once().await.unwrap().overdue, 0);
    assert_eq!(alarms(&server).await, 4);
}
