use axum::http::{Method, StatusCode};
use domain::{EventId, FailureCode, Span};
use serde_json::{Value, json};
use store::{Finish, Outcome};

use crate::support::{Answer, HEALTHY, Server};

const URL: &str = "https://x.com/northlight/status/1";

/// A post of which nobody can tell whether it is live.
async fn unknown(server: &Server) -> String {
    let id = server.make_post(json!({ "content": "perhaps", "account_ids": [HEALTHY] })).await;
    let now = server.app.clock.now();
    let event = || EventId(server.app.entropy.uuid(now));
    let ids = || [event(), event()];
    let store = &server.app.store;
    let until = now + Span::from_minutes(1);
    let claims = store.claim_due("test".into(), now, until, 10, ids().to_vec()).await.unwrap();
    let claim = claims.into_iter().next().unwrap();
    let finish = Finish::Failed { code: FailureCode::OutcomeUnknown, error: "Nobody knows.".into() };
    let end = Outcome::Finish(finish);
    assert!(store.record(claim.lease, claim.work, end, None, ids(), now).await.unwrap());
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "failed");
    id
}

async fn resolve(server: &Server, id: &str, body: Value) -> Answer {
    server.post(&format!("/posts/{id}/resolve"), body).await
}

async fn destination(server: &Server, id: &str) -> Value {
    server.get(&format!("/posts/{id}/results")).await.data()["results"][0].clone()
}

#[tokio::test]
async fn what_somebody_saw_live_is_published_with_its_address() {
    let server = Server::start().await;
    let id = unknown(&server).await;
    let body = json!({ "account_id": HEALTHY, "outcome": "published", "platform_post_url": URL, "platform_post_id": "1" });
    let answer = resolve(&server, &id, body.clone()).await;
    assert_eq!(answer.status, StatusCode::OK);
    insta::assert_json_snapshot!("post_resolved", answer.shape());
    let now = destination(&server, &id).await;
    assert_eq!((&now["status"], &now["platform_post_url"]), (&json!("published"), &json!(URL)));
    assert_eq!(
        (&now["error"], &now["error_code"], &now["platform_post_id"]),
        (&Value::Null, &Value::Null, &json!("1"))
    );
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "published");
    server.tick().await;
    assert_eq!(server.sandbox.posts().len(), 0, "nothing is sent");
    let again = resolve(&server, &id, body).await;
    assert_eq!(again.refusal(), (409, "conflict", ""), "it is settled once");
    let attempts = server.get(&format!("/posts/{id}/attempts")).await;
    let entry = &attempts.data()["destinations"][0]["entries"][0];
    assert_eq!((&entry["event"], &entry["platform_post_url"]), (&json!("confirmed"), &json!(URL)));
    assert!(entry["user_id"].is_i64());
}

#[tokio::test]
async fn what_somebody_did_not_find_goes_out_again_once() {
    let server = Server::start().await;
    let id = unknown(&server).await;
    let body = json!({ "account_id": HEALTHY, "outcome": "not_published" });
    let answer = resolve(&server, &id, body.clone()).await;
    assert_eq!(answer.data()["destination"]["status"], "queued");
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "publishing");
    assert_eq!(resolve(&server, &id, body).await.refusal(), (409, "conflict", ""));
    server.tick().await;
    let now = destination(&server, &id).await;
    assert_eq!((&now["status"], &now["attempts"]), (&json!("published"), &json!(2)));
    assert_eq!(server.sandbox.posts().len(), 1);
    let attempts = server.get(&format!("/posts/{id}/attempts")).await;
    let entries = attempts.data()["destinations"][0]["entries"].as_array().unwrap();
    let events: Vec<&str> = entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["denied", "intent", "published"]);
}

#[tokio::test]
async fn only_what_is_unknown_can_be_resolved_and_bad_answers_are_refused_by_field() {
    let server = Server::start().await;
    let id = unknown(&server).await;
    let nul = "https://x.com/\0";
    for (body, code, field) in [
        (json!({}), "validation_error", "account_id"),
        (json!({ "account_id": HEALTHY }), "validation_error", "outcome"),
        (json!({ "account_id": "x", "outcome": "published" }), "validation_error", "account_id"),
        (json!({ "account_id": HEALTHY, "outcome": "maybe" }), "validation_error", "outcome"),
        (json!({ "account_id": HEALTHY, "outcome": 5 }), "validation_error", "outcome"),
        (json!({ "account_id": HEALTHY, "outcome": "published" }), "validation_error", "platform_post_url"),
        (json!({ "account_id": 999_999, "outcome": "not_published" }), "invalid_accounts", "account_ids"),
        (
            json!({ "account_id": HEALTHY, "outcome": "not_published", "platform_post_url": URL }),
            "validation_error",
            "platform_post_url",
        ),
        (
            json!({ "account_id": HEALTHY, "outcome": "published", "platform_post_url": URL, "platform_post_id": " " }),
            "validation_error",
            "platform_post_id",
        ),
    ] {
        assert_eq!(resolve(&server, &id, body.clone()).await.refusal(), (400, code, field), "{body}");
    }
    let long = format!("https://x.com/{}", "a".repeat(2_000));
    for url in
        ["x.com/1", "javascript:alert(1)", "https://", "https://x.com/ 1", "https://a:b@x.com/1", nul, &long]
    {
        let body = json!({ "account_id": HEALTHY, "outcome": "published", "platform_post_url": url });
        assert_eq!(
            resolve(&server, &id, body).await.refusal(),
            (400, "validation_error", "platform_post_url"),
            "{url}"
        );
    }
    let live = server.make_post(json!({ "content": "sure", "account_ids": [HEALTHY] })).await;
    server.tick().await;
    let body = json!({ "account_id": HEALTHY, "outcome": "not_published" });
    assert_eq!(resolve(&server, &live, body.clone()).await.refusal(), (409, "conflict", ""));
    let (stranger, _) = server.stranger().await;
    let path = format!("/posts/{id}/resolve");
    let answer = server.call_as(Some(&stranger), Method::POST, &path, Some(body)).await;
    assert_eq!(answer.refusal(), (404, "not_found", ""));
    assert_eq!(
        destination(&server, &id).await["error_code"],
        "outcome_unknown",
        "none of that changed anything"
    );
}
