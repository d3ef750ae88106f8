use axum::http::Method;
use serde_json::{Value, json};
use testkit::{FaultKind, FaultSpec};

use crate::support::Server;

fn events(destination: &Value) -> Vec<&str> {
    destination["entries"].as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_line_of_every_destination_is_told() {
    let server = Server::start().await;
    let id = server.make_post(json!({ "content": "told", "account_ids": server.accounts })).await;
    let path = format!("/posts/{id}/attempts");
    let before = server.get(&path).await;
    assert!(before.data()["destinations"].as_array().unwrap().iter().all(|one| events(one).is_empty()));
    server.tick().await;
    let answer = server.get(&path).await;
    insta::assert_json_snapshot!("post_attempts", answer.shape());
    let destinations = answer.data()["destinations"].as_array().unwrap();
    assert_eq!(events(&destinations[0]), ["intent", "published"]);
    let live = &destinations[0]["entries"][1];
    assert_eq!(live["platform_post_url"], destinations[0]["destination"]["platform_post_url"]);
    assert_eq!((&live["attempt"], &live["seq"]), (&json!(1), &json!(2)));
    assert_eq!(events(&destinations[1]), ["failed"]);
    let failed = &destinations[1]["entries"][0];
    assert_eq!(failed["error_code"], "token_expired");
    assert_eq!(failed["message"], destinations[1]["destination"]["error"]);
}

#[tokio::test]
async fn what_the_platform_said_is_told_with_its_class_and_the_next_time() {
    let server = Server::start().await;
    let kind = FaultKind::Error;
    let operation = Some("create_post".to_owned());
    server.fault(FaultSpec { operation, ..FaultSpec::new("x", kind) });
    let id = server.make_post(json!({ "content": "later", "account_ids": [server.accounts[0]] })).await;
    server.tick().await;
    let answer = server.get(&format!("/posts/{id}/attempts")).await;
    let entries = answer.data()["destinations"][0]["entries"].as_array().unwrap().clone();
    let told = entries.iter().find(|entry| !entry["class"].is_null()).unwrap();
    assert!(told["platform_answer"].as_str().unwrap().contains("503"), "{told}");
    assert!(entries.iter().any(|entry| !entry["until"].is_null()), "{entries:?}");
    assert!(!answer.body.to_string().contains(&server.key), "no secret");
}

#[tokio::test]
async fn drafts_have_no_lines_and_other_tenants_no_view() {
    let server = Server::start().await;
    let draft = json!({ "content": "d", "account_ids": [server.accounts[0]], "draft": true });
    let id = server.make_post(draft).await;
    let path = format!("/posts/{id}/attempts");
    assert_eq!(server.get(&path).await.data()["destinations"], json!([]));
    let (stranger, _) = server.stranger().await;
    let answer = server.call_as(Some(&stranger), Method::GET, &path, None).await;
    assert_eq!(answer.refusal(), (404, "not_found", ""));
    assert_eq!(server.get("/posts/x/attempts").await.refusal(), (404, "not_found", ""));
}
