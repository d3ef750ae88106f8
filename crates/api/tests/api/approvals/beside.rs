//! What the rest of the server does with posts that wait: lists, retries, webhooks, repeated requests.

use axum::http::{Method, StatusCode};
use domain::Span;
use serde_json::{Value, json};
use testkit::Receiver;

use super::{Desk, asking, stands, with};
use crate::support::{DAY, HOUR, Server, in_future};

#[tokio::test]
async fn posts_are_listed_by_where_their_approval_stands() {
    let desk = Desk::open().await;
    let plain = desk.make_scheduled().await;
    let asked = desk.make_post(asking()).await;
    let back = desk.make_post(asking()).await;
    desk.decide(&back, "request-changes", json!({ "note": "No" })).await.data();
    let list = async |query: &str| {
        let answer = desk.get(&format!("/posts?sort=created_at&order=asc&{query}")).await;
        let posts = answer.data()["posts"].as_array().unwrap();
        assert_eq!(answer.data()["total"], posts.len());
        let mut ids: Vec<String> = posts.iter().map(|post| post["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(list("approval=requested").await, [asked.as_str()]);
    assert_eq!(list("approval=requested,changes_requested").await, sorted(vec![asked, back.clone()]));
    assert_eq!(list("approval=not_required").await, [plain.as_str()]);
    assert_eq!(list("approval=changes_requested&status=scheduled").await, [back.as_str()]);
    assert!(list("approval=approved").await.is_empty());
    assert_eq!(list("").await.len(), 3);
}

#[tokio::test]
async fn what_an_account_got_while_a_post_waited_is_not_posted_again() {
    let server = Server::start().await.with_app(|app| app::App { refuse_duplicates: true, ..app });
    let desk = Desk::of(server).await;
    let id = desk.make_post(asking()).await;
    let same = with(asking(), &json!({ "request_approval": false }));
    let meanwhile = desk.post("/posts", same.clone()).await;
    assert_eq!(meanwhile.refusal(), (409, "duplicate_post", ""), "what waits counts");
    desk.advance(Span::from_hours(25)).await;
    let first = desk.make_post(same).await;
    desk.advance(HOUR).await;
    let refused = desk.decide(&id, "approve", json!({})).await;
    assert_eq!(refused.refusal(), (409, "duplicate_post", ""));
    assert_eq!(refused.body["error"]["details"]["post_id"], first.as_str());
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    desk.decide(&id, "approve", json!({ "allow_duplicate": true })).await.data();
    assert_eq!(desk.stands(&id).await, stands("publishing", "approved", "queued"));
}

#[tokio::test]
async fn what_failed_after_its_approval_is_retried_without_another_one() {
    let desk = Desk::strict().await;
    let expired = desk.accounts[1];
    let body = json!({ "content": "Hello", "account_ids": [expired] });
    let (waits, failed) = (desk.make_post(body.clone()).await, desk.make_post(body).await);
    desk.approve(&failed).await;
    desk.tick().await;
    assert_eq!(desk.stands(&failed).await, stands("failed", "approved", "failed"));
    let all = desk.post("/posts/retry-failed", json!({ "account_id": expired })).await;
    assert_eq!(
        (&all.data()["retried_count"], &all.data()["destinations"][0]["post_id"]),
        (&json!(1), &json!(failed))
    );
    let one = desk.call(Method::POST, &format!("/posts/{waits}/retry"), None).await;
    assert_eq!(one.data()["retried_count"], 0);
    desk.tick().await;
    assert_eq!(desk.stands(&waits).await, stands("scheduled", "requested", "queued"));
}

#[tokio::test]
async fn what_a_waiting_post_needs_stays_and_an_answer_can_be_sent_back() {
    let desk = Desk::open().await;
    let image = desk.image().await;
    let id = desk.make_post(with(asking(), &json!({ "media_ids": [image] }))).await;
    let refused = desk.delete(&format!("/media/{image}")).await;
    assert_eq!(refused.refusal(), (409, "media_in_use", ""));
    desk.advance(HOUR).await;
    let copy = desk.post("/posts", desk.post_of(&id).await).await;
    assert_eq!(copy.refusal(), (400, "past_schedule_time", "scheduled_for"));
    let copy = with(desk.post_of(&id).await, &json!({ "scheduled_for": in_future(DAY) }));
    let made = desk.post("/posts", copy).await;
    assert_eq!(made.data()["approval"]["state"], "not_required", "nobody was asked for the copy");
}

#[tokio::test]
async fn the_three_steps_reach_webhooks_with_who_said_what() {
    let desk = Desk::of(Server::with_private_networks().await).await;
    let receiver = Receiver::start().await;
    let events = ["post.approval_requested", "post.approved", "post.changes_requested"];
    let webhook = json!({ "url": receiver.url, "events": events });
    assert_eq!(desk.post("/webhooks", webhook).await.status, StatusCode::CREATED);
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    desk.clock.advance(Span::from_millis(1));
    desk.decide(&id, "request-changes", json!({ "note": "Shorter" })).await.data();
    desk.clock.advance(Span::from_millis(1));
    desk.approve(&id).await;
    desk.deliver().await;
    assert_eq!(receiver.events(), ["post.approval_requested", "post.changes_requested", "post.approved"]);
    let told: Vec<Value> = receiver.received().iter().map(testkit::Received::json).collect();
    let data = &told[1]["data"];
    assert_eq!(data["post_id"], id.as_str());
    assert_eq!(data["approval"], json!({ "state": "changes_requested", "user_id": 501, "note": "Shorter" }));
    assert_eq!(told[2]["data"]["status"], "scheduled");
}

#[tokio::test]
async fn an_approval_that_is_sent_twice_is_done_once() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let send = async || {
        let mut request = desk.request(Method::POST, &format!("/api/v1/posts/{id}/approve"), "{}");
        let headers = request.headers_mut();
        headers.insert("idempotency-key", "k-1".parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert("authorization", format!("Bearer {}", desk.chief).parse().unwrap());
        desk.send(request).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!(first.data(), second.data());
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(desk.events().await.iter().filter(|kind| *kind == "post.approved").count(), 1);
}
