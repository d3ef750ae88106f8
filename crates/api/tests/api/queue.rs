use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::api_key::Scope;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{DAY, Server, in_future};

/// The clock of the server says Friday 2027-01-15, 08:00 UTC.
async fn with_queue() -> Server {
    let server = Server::start().await;
    let body = json!({
        "name": " Mornings ",
        "timezone": "Europe/Berlin",
        "slots": [{ "day": 5, "time": "09:30" }, { "day": 1, "time": "18:00" }, { "day": 5, "time": "09:30" }],
    });
    let set = server.patch("/queue", body).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    server
}

fn queued(server: &Server, text: &str) -> Value {
    json!({ "content": text, "account_ids": [server.accounts[0]], "use_queue": true })
}

#[tokio::test]
async fn a_queue_shows_its_slots_and_the_next_free_ones() {
    let server = Server::start().await;
    let none = server.get("/queue").await;
    assert_eq!((&none.data()["queue"], &none.data()["upcoming"]), (&Value::Null, &json!([])));
    assert!(none.data()["message"].as_str().unwrap().contains("No posting queue"));
    let server = with_queue().await;
    let answer = server.get("/queue?preview=3").await;
    insta::assert_json_snapshot!("queue", answer.shape());
    assert_eq!(server.get("/queue").await.data()["upcoming"].as_array().unwrap().len(), 10);
    for query in ["preview=0", "preview=31", "preview=-1", "preview=x", "preview="] {
        let refused = server.get(&format!("/queue?{query}")).await;
        assert_eq!(refused.refusal(), (400, "validation_error", "preview"), "{query}");
    }
}

#[tokio::test]
async fn posts_take_the_next_free_slot_and_go_out_then() {
    let server = with_queue().await;
    let first = server.post("/posts", queued(&server, "First")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data()["status"], "scheduled");
    assert_eq!(first.data()["scheduled_for"], "2027-01-15T08:30:00.000Z");
    assert_eq!(first.data()["destinations"][0]["scheduled_for"], "2027-01-15T08:30:00.000Z");
    let second = server.post("/posts", queued(&server, "Second")).await;
    assert_eq!(second.data()["scheduled_for"], "2027-01-18T17:00:00.000Z");
    let read = server.get(&format!("/posts/{}", second.data()["post_id"].as_str().unwrap())).await;
    assert_eq!(read.data()["scheduled_for"], second.data()["scheduled_for"]);
    assert_eq!(read.data()["destinations"], second.data()["destinations"]);
    let upcoming = server.get("/queue?preview=1").await.data()["upcoming"][0].clone();
    assert_eq!(upcoming["date"], "2027-01-22");

    // A slot that is left is the next one again.
    server
        .patch(
            read.data()["id"].as_str().map(|id| format!("/posts/{id}")).as_deref().unwrap(),
            json!({ "scheduled_for": in_future(DAY) }),
        )
        .await
        .data();
    let third = server.post("/posts", queued(&server, "Third")).await;
    assert_eq!(third.data()["scheduled_for"], "2027-01-18T17:00:00.000Z");

    server.advance(domain::Span::from_minutes(31)).await;
    let id = first.data()["post_id"].as_str().unwrap();
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "published");
}

#[tokio::test]
async fn posts_that_ask_at_once_get_different_slots() {
    let server = with_queue().await;
    let answers = join_all((0..20).map(|number| {
        let server = &server;
        async move { server.post("/posts", queued(server, &format!("Post {number}"))).await }
    }))
    .await;
    let slots: BTreeSet<String> =
        answers.iter().map(|answer| answer.data()["scheduled_for"].as_str().unwrap().to_owned()).collect();
    assert_eq!(slots.len(), 20);
}

#[tokio::test]
async fn posts_of_one_call_take_one_slot_each() {
    let server = with_queue().await;
    let mut late = queued(&server, "At its time");
    late["use_queue"] = json!(false);
    late["scheduled_for"] = json!("2027-01-18T17:00:30Z");
    let posts = json!({ "posts": [queued(&server, "First"), late, queued(&server, "Second"), queued(&server, "Third")] });
    let answer = server.post("/posts/bulk", posts).await;
    let results = answer.data()["results"].as_array().unwrap();
    let times: Vec<&str> =
        results.iter().map(|result| result["post"]["scheduled_for"].as_str().unwrap()).collect();
    // The second one holds the Monday's slot, for the posts after it.
    let wanted = [
        "2027-01-15T08:30:00.000Z",
        "2027-01-18T17:00:30.000Z",
        "2027-01-22T08:30:00.000Z",
        "2027-01-25T17:00:00.000Z",
    ];
    assert_eq!(times, wanted);
    for (result, time) in results.iter().zip(wanted) {
        let read = server.get(&format!("/posts/{}", result["post"]["post_id"].as_str().unwrap())).await;
        assert_eq!(read.data()["scheduled_for"], time);
        assert_eq!(result["post"]["destinations"][0]["scheduled_for"], time);
    }
}

#[tokio::test]
async fn a_slot_is_asked_for_alone_and_only_where_there_is_a_queue() {
    let server = with_queue().await;
    for (member, value) in
        [("scheduled_for", json!(in_future(DAY))), ("publish_now", json!(true)), ("draft", json!(true))]
    {
        let mut body = queued(&server, "Both");
        body[member] = value;
        let answer = server.post("/posts", body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "use_queue"), "{member}");
    }
    let validated = server.post("/posts/validate", queued(&server, "Fine")).await;
    assert_eq!(validated.data()["valid"], true);
    assert_eq!(server.get("/posts").await.data()["total"], 0, "nothing was written");
    assert_eq!(server.delete("/queue").await.data(), &json!({ "deleted": true }));
    assert_eq!(server.delete("/queue").await.refusal(), (404, "not_found", ""));
    for path in ["/posts", "/posts/validate"] {
        let answer = server.post(path, queued(&server, "None")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "use_queue"));
    }
}

#[tokio::test]
async fn a_full_queue_refuses_until_slots_are_added() {
    let server = Server::start().await;
    server.patch("/queue", json!({ "slots": [{ "day": 1, "time": "09:00" }] })).await.data();
    for number in 0..52 {
        let answer = server.post("/posts", queued(&server, &format!("Post {number}"))).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{number}: {}", answer.body);
    }
    let full = server.post("/posts", queued(&server, "One more")).await;
    assert_eq!(full.refusal(), (400, "validation_error", "use_queue"));
    let shown = server.get("/queue").await;
    assert_eq!((&shown.data()["exhausted"], &shown.data()["upcoming"]), (&json!(true), &json!([])));
    let more = json!({ "slots": [{ "day": 1, "time": "09:00" }, { "day": 2, "time": "09:00" }] });
    server.patch("/queue", more).await.data();
    let answer = server.post("/posts", queued(&server, "One more")).await;
    assert_eq!(answer.data()["scheduled_for"], "2027-01-19T09:00:00.000Z");
}

#[tokio::test]
async fn a_change_leaves_the_rest_and_the_posts_as_they_are() {
    let server = with_queue().await;
    let post = server.post("/posts", queued(&server, "First")).await;
    let changed = server.patch("/queue", json!({ "timezone": "Asia/Tokyo", "name": "Evenings" })).await;
    let queue = &changed.data()["queue"];
    assert_eq!((&queue["name"], &queue["timezone"]), (&json!("Evenings"), &json!("Asia/Tokyo")));
    let slots = json!([{ "day": 1, "time": "18:00" }, { "day": 5, "time": "09:30" }]);
    assert_eq!(queue["slots"], slots, "sorted, each once");
    let fetched = json!({ "slots": slots });
    assert_eq!(server.patch("/queue", fetched).await.data()["queue"], *queue, "as it was fetched");
    let id = post.data()["post_id"].as_str().unwrap();
    let read = server.get(&format!("/posts/{id}")).await;
    assert_eq!(read.data()["scheduled_for"], "2027-01-15T08:30:00.000Z");
}

#[tokio::test]
async fn what_cannot_be_a_queue_is_refused_by_field() {
    let server = Server::start().await;
    let good = json!([{ "day": 1, "time": "09:00" }]);
    let many: Vec<Value> =
        (0..169).map(|n| json!({ "day": 1 + n / 60, "time": format!("09:{:02}", n % 60) })).collect();
    for (body, code, field) in [
        (json!({}), "validation_error", "body"),
        (json!({ "name": "No slots" }), "validation_error", "slots"),
        (json!({ "slots": [] }), "validation_error", "slots"),
        (json!({ "slots": many }), "validation_error", "slots"),
        (json!({ "slots": "09:00" }), "validation_error", "slots"),
        (json!({ "slots": ["09:00"] }), "validation_error", "slots[0]"),
        (json!({ "slots": [{ "day": 8, "time": "09:00" }] }), "validation_error", "slots[0]"),
        (json!({ "slots": [{ "day": -1, "time": "09:00" }] }), "validation_error", "slots[0]"),
        (json!({ "slots": [{ "day": 1, "time": "24:00" }] }), "validation_error", "slots[0]"),
        (json!({ "slots": [{ "day": 1, "time": 9 }] }), "validation_error", "slots[0]"),
        (json!({ "slots": [{ "day": 1 }] }), "validation_error", "slots[0]"),
        (json!({ "slots": good, "name": " " }), "validation_error", "name"),
        (json!({ "slots": good, "name": "n".repeat(101) }), "validation_error", "name"),
        (json!({ "slots": good, "name": format!("{}n", " ".repeat(100)) }), "validation_error", "name"),
        (json!({ "slots": good, "timezone": "Mars/One" }), "invalid_timezone", "timezone"),
        (json!({ "slots": good, "timezone": "" }), "invalid_timezone", "timezone"),
        (json!({ "slots": good, "timezone": 1 }), "validation_error", "timezone"),
    ] {
        assert_eq!(server.patch("/queue", body.clone()).await.refusal(), (400, code, field), "{body}");
    }
    assert!(server.get("/queue").await.data()["queue"].is_null());
}

#[tokio::test]
async fn a_queue_is_its_workspace_s_and_setting_it_needs_to_write() {
    let server = with_queue().await;
    let (key, account) = server.stranger().await;
    let foreign = server.call_as(Some(&key), Method::GET, "/queue", None).await;
    assert!(foreign.data()["queue"].is_null());
    let body = json!({ "content": "Theirs", "account_ids": [account], "use_queue": true });
    let refused = server.call_as(Some(&key), Method::POST, "/posts", Some(body)).await;
    assert_eq!(refused.refusal(), (400, "validation_error", "use_queue"));
    let reader = server.new_key(vec![Scope::Read], None).await;
    let body = json!({ "name": "Mine" });
    let refused = server.call_as(Some(&reader), Method::PATCH, "/queue", Some(body)).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope", ""));
}
