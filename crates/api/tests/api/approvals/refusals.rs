//! Who may not approve, and what is no step or no body of one.

use axum::http::{Method, StatusCode};
use domain::Span;
use domain::api_key::Scope;
use serde_json::json;

use super::{Desk, asking, stands, with};
use crate::support::{DAY, in_future};

#[tokio::test]
async fn who_may_not_approve_decides_nothing() {
    let desk = Desk::open().await;
    let id = desk.make_post(asking()).await;
    for (step, body) in [("approve", json!({})), ("request-changes", json!({ "note": "No" }))] {
        let path = format!("/posts/{id}/{step}");
        let answer = desk.post(&path, body.clone()).await;
        assert_eq!(answer.refusal(), (403, "insufficient_scope", ""), "{step}");
        assert_eq!(answer.body["error"]["details"]["required_scope"], "approve");
    }
    // Approving alone publishes nothing of one's own.
    let approver = desk.new_key(vec![Scope::Approve], None).await;
    let answer = desk.call_as(Some(&approver), Method::POST, "/posts", Some(asking())).await;
    assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
    let path = format!("/posts/{id}/approve");
    let answer = desk.call_as(Some(&approver), Method::POST, &path, None).await;
    assert_eq!(answer.data()["approval"]["state"], "approved");
}

#[tokio::test]
async fn steps_that_do_not_fit_are_refused() {
    let desk = Desk::open().await;
    let note = || json!({ "note": "No" });
    let plain = desk.make_scheduled().await;
    for (step, body) in [("approve", json!({})), ("request-changes", note())] {
        let answer = desk.decide(&plain, step, body).await;
        assert_eq!(answer.refusal(), (409, "conflict", ""), "nobody asked: {step}");
    }
    desk.decide(&plain, "request-approval", json!({})).await.data();
    desk.approve(&plain).await;
    assert_eq!(desk.decide(&plain, "approve", json!({})).await.refusal(), (409, "conflict", ""));
    desk.advance(DAY).await;
    let live = plain;
    let gone =
        desk.make_post(with(asking(), &json!({ "scheduled_for": in_future(Span::from_days(2)) }))).await;
    desk.delete(&format!("/posts/{gone}")).await.data();
    let unknown = "0192f5a0-0000-7000-8000-000000000000";
    let (stranger, _) = desk.stranger().await;
    let theirs = desk.make_post(asking()).await;
    for (step, body) in [("request-approval", json!({})), ("approve", json!({})), ("request-changes", note())]
    {
        assert_eq!(desk.decide(&live, step, body.clone()).await.refusal(), (409, "conflict", ""), "{step}");
        for id in [gone.as_str(), unknown, "x"] {
            let answer = desk.decide(id, step, body.clone()).await;
            assert_eq!(answer.refusal(), (404, "not_found", ""), "{step} {id}");
        }
        let path = format!("/posts/{theirs}/{step}");
        let answer = desk.call_as(Some(&stranger), Method::POST, &path, Some(body)).await;
        assert!(
            matches!(answer.refusal(), (404, "not_found", "") | (403, "insufficient_scope", "")),
            "{step}"
        );
    }
    desk.advance(Span::from_days(3)).await;
    assert_eq!(desk.stands(&theirs).await, stands("scheduled", "requested", "queued"));
}

#[tokio::test]
async fn bad_bodies_are_refused_with_their_field() {
    let desk = Desk::open().await;
    let id = desk.make_post(asking()).await;
    let long = "x".repeat(2_001);
    for (step, body, field) in [
        ("request-approval", json!({ "note": 5 }), "note"),
        ("request-approval", json!({ "note": long }), "note"),
        ("request-approval", json!([]), "body"),
        ("approve", json!({ "note": "a\u{0}b" }), "note"),
        ("approve", json!({ "note": [] }), "note"),
        ("approve", json!({ "allow_duplicate": "yes" }), "allow_duplicate"),
        ("approve", json!({ "updated_at": "yesterday" }), "updated_at"),
        ("request-changes", json!({}), "note"),
        ("request-changes", json!({ "note": " " }), "note"),
        ("request-changes", json!({ "note": long }), "note"),
    ] {
        let answer = desk.decide(&id, step, body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{step} {body}");
    }
    let wrong = with(asking(), &json!({ "request_approval": "yes" }));
    assert_eq!(desk.post("/posts", wrong).await.refusal(), (400, "validation_error", "request_approval"));
    let list = desk.get("/posts?approval=maybe").await;
    assert_eq!(list.refusal(), (400, "validation_error", "approval"));
    assert_eq!(
        desk.decide(&id, "approve", json!({ "note": "x".repeat(2_000) })).await.status,
        StatusCode::OK
    );
}
