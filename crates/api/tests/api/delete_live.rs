//! Removing what is live on X together with the post.

use axum::http::StatusCode;
use domain::Span;
use serde_json::{Value, json};
use testkit::{FaultKind, FaultSpec};

use crate::support::{Server, in_future};

/// The texts that are public on X.
fn public(server: &Server) -> Vec<String> {
    server.sandbox.posts_of("x", None).into_iter().map(|post| post.text).collect()
}

async fn published(server: &Server, body: &Value) -> String {
    let id = server.make_post(body.clone()).await;
    server.tick().await;
    let post = server.get(&format!("/posts/{id}")).await;
    assert_eq!(post.data()["destinations"][0]["status"], "published", "{}", post.body);
    id
}

fn thread(server: &Server) -> Value {
    json!({
        "content": "one", "thread_posts": ["two", "three"], "account_ids": [server.accounts[0]],
        "platform_content": { "x": { "settings": { "firstComment": "four" } } },
    })
}

#[tokio::test]
async fn every_part_of_a_thread_and_its_comment_are_removed() {
    let server = Server::start().await;
    let kept = published(&server, &json!({ "content": "kept", "account_ids": [server.accounts[0]] })).await;
    let id = published(&server, &thread(&server)).await;
    assert_eq!(public(&server), ["kept", "one", "two", "three", "four"]);
    let answer = server.delete(&format!("/posts/{id}?delete_on_platforms=x")).await;
    let data = answer.data();
    assert_eq!((&data["deleted"], &data["message"]), (&json!(true), &json!("Post deleted.")));
    let x = &data["x_deletion"][0];
    assert_eq!((&x["deleted"], &x["error"]), (&json!(true), &Value::Null), "{x}");
    assert_eq!(x["deleted_parts"].as_array().unwrap().len(), 4, "{x}");
    assert_eq!(x["platform_post_id"], x["deleted_parts"][0]);
    assert_eq!(x["account_id"], json!(server.accounts[0]));
    assert_eq!(public(&server), ["kept"]);
    assert_eq!(server.get(&format!("/posts/{id}")).await.status, StatusCode::NOT_FOUND);
    // Without the parameter, the copy stays, and there is no such member.
    let answer = server.delete(&format!("/posts/{kept}")).await;
    assert_eq!(answer.data()["message"], "Post deleted; 1 copy stays live.");
    assert!(answer.data().get("x_deletion").is_none());
    assert_eq!(public(&server), ["kept"]);
}

#[tokio::test]
async fn what_x_refuses_is_told_and_the_record_is_deleted_anyway() {
    let server = Server::start().await;
    let id = published(&server, &thread(&server)).await;
    let fault = FaultSpec {
        operation: Some("delete_post".to_owned()),
        status: Some(503),
        times: Some(0),
        ..FaultSpec::new("x", FaultKind::Error)
    };
    server.fault(fault);
    let answer = server.delete(&format!("/posts/{id}?delete_on_platforms=x")).await;
    let data = answer.data();
    assert_eq!(
        (&data["deleted"], &data["message"]),
        (&json!(true), &json!("Post deleted; 1 copy stays live."))
    );
    let x = &data["x_deletion"][0];
    assert_eq!(x["deleted"], false);
    let error = x["error"].as_str().unwrap();
    assert!(error.contains("X is not available") && error.contains("4 of 4 parts stay live"), "{error}");
    assert_eq!(public(&server).len(), 4);
    assert_eq!(server.get(&format!("/posts/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_thread_that_broke_off_is_removed_as_far_as_it_went() {
    let server = Server::start().await;
    let mut body = thread(&server);
    // X refuses a text that the account has just posted.
    body["thread_posts"] = json!(["two", "kept"]);
    published(&server, &json!({ "content": "kept", "account_ids": [server.accounts[0]] })).await;
    let id = server.make_post(body).await;
    server.tick().await;
    let post = server.get(&format!("/posts/{id}")).await;
    assert_eq!(post.data()["destinations"][0]["status"], "failed", "{}", post.body);
    assert_eq!(public(&server), ["kept", "one", "two"]);
    let answer = server.delete(&format!("/posts/{id}?delete_on_platforms=x")).await;
    let x = &answer.data()["x_deletion"][0];
    assert_eq!((&x["deleted"], x["deleted_parts"].as_array().unwrap().len()), (&json!(true), 2), "{x}");
    assert_eq!(public(&server), ["kept"]);
}

#[tokio::test]
async fn what_was_removed_on_x_already_and_what_never_went_out_are_no_failures() {
    let server = Server::start().await;
    let id = published(&server, &json!({ "content": "soup", "account_ids": [server.accounts[0]] })).await;
    let twin = server
        .make_post(json!({ "content": "later", "account_ids": [server.accounts[0]],
        "scheduled_for": in_future(Span::from_hours(5)) }))
        .await;
    let draft = server.make_post(json!({ "content": "idea", "draft": true })).await;
    for (id, count) in [(&id, 1), (&twin, 0), (&draft, 0)] {
        let answer = server.delete(&format!("/posts/{id}?delete_on_platforms=x,twitter")).await;
        let list = answer.data()["x_deletion"].as_array().unwrap();
        assert_eq!(list.len(), count, "{}", answer.body);
        assert!(list.iter().all(|one| one["deleted"] == true), "{}", answer.body);
    }
    assert!(public(&server).is_empty());
}

#[tokio::test]
async fn only_platforms_that_take_part_can_be_named() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    for names in ["instagram", "x,bluesky", "myspace", "all"] {
        let refused = server.delete(&format!("/posts/{id}?delete_on_platforms={names}")).await;
        assert_eq!(refused.refusal(), (400, "validation_error", "delete_on_platforms"), "{names}");
    }
    assert_eq!(server.get(&format!("/posts/{id}")).await.status, StatusCode::OK, "nothing was deleted");
    let (key, _) = server.stranger().await;
    let path = format!("/posts/{id}?delete_on_platforms=x");
    let foreign = server.call_as(Some(&key), axum::http::Method::DELETE, &path, None).await;
    assert_eq!(foreign.refusal(), (404, "not_found", ""));
    let unknown = server.delete("/posts/0192f5a0-0000-7000-8000-000000000000?delete_on_platforms=x").await;
    assert_eq!(unknown.refusal(), (404, "not_found", ""));
}
