use app::App;
use axum::http::StatusCode;
use domain::Span;
use serde_json::{Value, json};

use crate::support::{Answer, HOUR, START, Server};

/// A server that refuses the same content for the same account within a day.
async fn strict() -> Server {
    Server::start().await.with_app(|app| App { refuse_duplicates: true, ..app })
}

fn later(hours: i64) -> String {
    (START + Span::from_hours(hours)).to_iso_millis()
}

fn post(server: &Server, text: &str) -> Value {
    json!({ "content": text, "account_ids": [server.accounts[0]] })
}

fn with(mut body: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn duplicate_of(answer: &Answer) -> &str {
    assert_eq!(answer.refusal(), (409, "duplicate_post", ""), "{}", answer.body);
    answer.body["error"]["details"]["post_id"].as_str().unwrap()
}

#[tokio::test]
async fn a_server_takes_duplicates_unless_told_otherwise() {
    let server = Server::start().await;
    for _ in 0..2 {
        server.make_post(post(&server, "twice")).await;
    }
}

#[tokio::test]
async fn the_same_for_the_same_account_is_refused_and_names_the_first() {
    let server = strict().await;
    let first = server.make_post(post(&server, "once")).await;
    let again = server.post("/posts", post(&server, " once\n")).await;
    assert_eq!(duplicate_of(&again), first);
    assert_eq!(again.body["error"]["details"]["account_id"], json!(server.accounts[0]));
    let both = json!({ "content": "once", "account_ids": [server.accounts[1], server.accounts[0]] });
    assert_eq!(duplicate_of(&server.post("/posts", both).await), first);
    assert_eq!(server.get("/posts").await.data()["total"], 1, "nothing was left behind");
    server.tick().await;
    assert_eq!(
        duplicate_of(&server.post("/posts", post(&server, "once")).await),
        first,
        "also once it is live"
    );

    for other in [
        json!({ "content": "other" }),
        json!({ "account_ids": [server.accounts[1]] }),
        json!({ "thread_posts": ["with a second part"] }),
        json!({ "platform_content": { "x": { "content": "for X" } } }),
        json!({ "media_ids": [server.image().await] }),
        json!({ "draft": true }),
        json!({ "allow_duplicate": true }),
        json!({ "scheduled_for": later(24) }),
    ] {
        let answer = server.post("/posts", with(post(&server, "once"), &other)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{other} {}", answer.body);
    }
}

#[tokio::test]
async fn a_day_lies_between_the_moments_at_which_they_go_out() {
    let server = strict().await;
    let planned = |hours| with(post(&server, "weekly"), &json!({ "scheduled_for": later(hours) }));
    let first = server.make_post(planned(48)).await;
    for hours in [47, 25, 71, 48] {
        assert_eq!(duplicate_of(&server.post("/posts", planned(hours)).await), first, "{hours}");
    }
    for hours in [24, 72] {
        server.make_post(planned(hours)).await;
    }
}

#[tokio::test]
async fn what_failed_or_was_deleted_before_it_went_out_may_be_posted_again() {
    let server = strict().await;
    let expired = json!({ "content": "once", "account_ids": [server.accounts[1]] });
    server.make_post(expired.clone()).await;
    server.tick().await;
    server.make_post(expired).await;
    let planned = with(post(&server, "once"), &json!({ "scheduled_for": later(1) }));
    let id = server.make_post(planned.clone()).await;
    server.delete(&format!("/posts/{id}")).await.data();
    server.make_post(planned).await;
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_is_made() {
    let server = strict().await;
    let sends = (0..10).map(|_| server.post("/posts", post(&server, "once")));
    let answers = futures_util::future::join_all(sends).await;
    let (made, refused): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| answer.status == StatusCode::CREATED);
    assert_eq!(made.len(), 1);
    for answer in refused {
        assert_eq!(duplicate_of(answer), made[0].data()["post_id"]);
    }
    assert_eq!(server.get("/posts").await.data()["total"], 1);
}

#[tokio::test]
async fn in_one_call_the_first_of_two_is_made() {
    let server = strict().await;
    let posts = [post(&server, "a"), post(&server, "b"), post(&server, "a")];
    let answer = server.post("/posts/bulk", json!({ "posts": posts })).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let results = &answer.data()["results"];
    let error = &results[2]["error"];
    assert_eq!((&error["code"], &error["status"]), (&json!("duplicate_post"), &json!(409)));
    assert_eq!(error["details"]["post_id"], results[0]["post"]["post_id"]);
    assert_eq!(server.get("/posts").await.data()["total"], 2);
}

#[tokio::test]
async fn a_change_and_a_draft_are_held_to_it_as_well() {
    let server = strict().await;
    let planned = |text| with(post(&server, text), &json!({ "scheduled_for": later(1) }));
    let first = server.make_post(planned("one")).await;
    let second = format!("/posts/{}", server.make_post(planned("two")).await);
    assert_eq!(duplicate_of(&server.patch(&second, json!({ "content": "one" })).await), first);
    assert_eq!(server.get(&second).await.data()["content"], "two");
    let wrong = server.patch(&second, json!({ "content": "one", "allow_duplicate": "yes" })).await;
    assert_eq!(wrong.refusal(), (400, "validation_error", "allow_duplicate"));
    server.patch(&second, json!({ "content": "one", "allow_duplicate": true })).await.data();
    server.patch(&second, json!({ "timezone": "Europe/Berlin" })).await.data();
    server.patch(&second, json!({ "content": "three" })).await.data();
    server.make_post(planned("two")).await;
    let draft = server.make_post(with(post(&server, "one"), &json!({ "draft": true }))).await;
    let schedule = format!("/posts/{draft}/schedule");
    let now = server.post(&schedule, json!({ "publish_now": true })).await;
    assert_eq!(duplicate_of(&now), first);
    assert_eq!(server.get(&format!("/posts/{draft}")).await.data()["status"], "draft");
    let body = json!({ "publish_now": true, "allow_duplicate": true });
    server.post(&schedule, body).await.data();
    server.clock.advance(HOUR);
}
