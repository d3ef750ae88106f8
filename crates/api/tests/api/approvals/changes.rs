//! Posts that are changed around their approval: sent back, held, edited.

use axum::http::Method;
use domain::Span;
use serde_json::json;

use super::{Desk, asking, stands, with};
use crate::support::{DAY, HEALTHY, HOUR, in_future};

#[tokio::test]
async fn a_post_that_is_sent_back_waits_for_its_author_and_then_for_a_yes() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    desk.approve(&id).await;
    let sent_back = desk.decide(&id, "request-changes", json!({ "note": "Without the joke." })).await;
    assert_eq!(sent_back.data()["approval"]["state"], "changes_requested");
    assert_eq!(sent_back.data()["approval"]["note"], "Without the joke.");
    assert_eq!(sent_back.data()["approval"]["by"]["name"], "Ana");
    desk.advance(DAY).await;
    let path = format!("/posts/{id}");
    let edited = desk.patch(&path, json!({ "content": "Dry" })).await;
    assert_eq!(edited.data()["approval"]["state"], "changes_requested", "until its author says so");
    let asked = desk.post(&format!("{path}/request-approval"), json!({ "note": "Better?" })).await;
    assert_eq!(asked.data()["approval"]["note"], "Better?");
    desk.advance(DAY).await;
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    desk.approve(&id).await;
    desk.tick().await;
    assert_eq!(desk.stands(&id).await, stands("published", "approved", "published"));
    let wanted = ["post.approval_requested", "post.approved", "post.changes_requested", "post.updated"];
    let events = desk.events().await;
    assert!(wanted.iter().all(|kind| events.iter().any(|event| event == kind)), "{events:?}");
}

#[tokio::test]
async fn a_scheduled_post_can_be_held_and_its_edit_can_ask() {
    let desk = Desk::open().await;
    let (held, edited) = (desk.make_scheduled().await, desk.make_scheduled().await);
    let answer = desk.call(Method::POST, &format!("/posts/{held}/request-approval"), None).await;
    assert_eq!(answer.data()["approval"]["state"], "requested");
    let answer = desk.patch(&format!("/posts/{edited}"), json!({ "request_approval": true })).await;
    assert_eq!(answer.data()["approval"]["state"], "requested");
    desk.advance(Span::from_days(2)).await;
    for id in [&held, &edited] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
    // It can be moved while it waits, also after its time.
    let moved = desk
        .patch(&format!("/posts/{held}"), json!({ "scheduled_for": in_future(Span::from_days(3)) }))
        .await;
    assert_eq!(moved.data()["destinations"][0]["scheduled_for"], in_future(Span::from_days(3)));
    desk.patch(&format!("/posts/{edited}"), json!({ "timezone": "Europe/Berlin" })).await.data();
    desk.advance(Span::from_days(2)).await;
    for id in [&held, &edited] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
}

#[tokio::test]
async fn a_draft_that_was_approved_is_scheduled_without_asking_unless_it_goes_elsewhere() {
    let desk = Desk::strict().await;
    let body = with(asking(), &json!({ "draft": true }));
    let (same, elsewhere, waits) =
        (desk.make_post(body.clone()).await, desk.make_post(body.clone()).await, desk.make_post(body).await);
    assert_eq!(desk.stands(&same).await, stands("draft", "requested", "queued"));
    for id in [&same, &elsewhere] {
        assert_eq!(desk.approve(id).await["status"], "draft");
    }
    let publish = json!({ "publish_now": true });
    desk.post(&format!("/posts/{same}/schedule"), publish.clone()).await.data();
    let other = with(publish.clone(), &json!({ "account_ids": [HEALTHY, desk.accounts[1]] }));
    desk.post(&format!("/posts/{elsewhere}/schedule"), other).await.data();
    desk.post(&format!("/posts/{waits}/schedule"), publish).await.data();
    desk.tick().await;
    assert_eq!(desk.stands(&same).await, stands("published", "approved", "published"));
    for id in [&elsewhere, &waits] {
        assert_eq!(desk.stands(id).await, stands("scheduled", "requested", "queued"));
    }
}

#[tokio::test]
async fn what_was_changed_after_it_was_looked_at_is_not_approved() {
    let desk = Desk::open().await;
    let id = desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(HOUR) }))).await;
    let seen = json!({ "updated_at": desk.post_of(&id).await["updated_at"] });
    desk.clock.advance(Span::from_seconds(1));
    desk.patch(&format!("/posts/{id}"), json!({ "content": "Slipped in" })).await.data();
    assert_eq!(desk.decide(&id, "approve", seen.clone()).await.refusal(), (409, "conflict", ""));
    assert_eq!(desk.stands(&id).await, stands("scheduled", "requested", "queued"));
    let seen = json!({ "updated_at": desk.post_of(&id).await["updated_at"] });
    assert_eq!(desk.decide(&id, "approve", seen).await.data()["approval"]["state"], "approved");
}
