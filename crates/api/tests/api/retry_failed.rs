use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, DAY, EXPIRED, HEALTHY, HOUR, START, Server, in_future};

/// A post that fails on the account whose access has ended, and that lives on the other one.
async fn failed(server: &Server, text: &str) -> String {
    let id = server.make_post(json!({ "content": text, "account_ids": server.accounts })).await;
    server.tick().await;
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "partially_failed");
    id
}

async fn retry(server: &Server, body: Value) -> Answer {
    server.post("/posts/retry-failed", body).await
}

fn posts(answer: &Answer) -> Vec<&str> {
    let destinations = answer.data()["destinations"].as_array().unwrap();
    destinations.iter().map(|one| one["post_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_failed_destination_that_matches_is_queued_again() {
    let server = Server::start().await;
    let first = failed(&server, "first").await;
    server.clock.advance(HOUR);
    let second = failed(&server, "second").await;
    let answer = retry(&server, json!({ "platform": "bluesky" })).await;
    assert_eq!(answer.status, StatusCode::OK);
    insta::assert_json_snapshot!("failed_posts_retried", answer.shape());
    assert_eq!(posts(&answer), [&first, &second], "in the order in which they failed");
    for id in [&first, &second] {
        assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "publishing");
    }
    assert_eq!(retry(&server, json!({ "platform": "bluesky" })).await.data()["retried_count"], 0);
    server.tick().await;
    let results = server.get(&format!("/posts/{first}/results")).await;
    let attempts: Vec<&Value> =
        results.data()["results"].as_array().unwrap().iter().map(|one| &one["attempts"]).collect();
    assert_eq!(attempts, [&json!(1), &json!(2)], "only what had failed was tried again");
}

#[tokio::test]
async fn each_filter_leaves_what_it_says() {
    let (early, late) = ((START + HOUR).to_iso_millis(), in_future(DAY));
    let (first, second, both) = (vec!["first"], vec!["second"], vec!["first", "second"]);
    for (filter, found) in [
        (json!({ "post_ids": ["first"] }), first.clone()),
        (json!({ "post_ids": ["second", "second"] }), second.clone()),
        (json!({ "account_id": HEALTHY }), vec![]),
        (json!({ "platform": "x" }), vec![]),
        (json!({ "failed_after": early }), second.clone()),
        (json!({ "failed_after": late }), vec![]),
        (json!({ "failed_before": START.to_iso_millis() }), first),
        (json!({ "failed_before": "2027-01-15T09:00:00+02:00" }), vec![]),
        (json!({ "account_id": EXPIRED, "max_attempts": 1 }), vec![]),
        (json!({ "account_id": EXPIRED, "max_attempts": 2 }), both),
        (json!({ "platform": "bluesky", "post_ids": ["second"], "failed_before": late }), second),
    ] {
        let server = Server::start().await;
        let mut ids = vec![("first", failed(&server, "first").await)];
        server.clock.advance(HOUR);
        ids.push(("second", failed(&server, "second").await));
        let mut body = filter.to_string();
        for (name, id) in &ids {
            body = body.replace(name, id);
        }
        let answer = retry(&server, serde_json::from_str(&body).unwrap()).await;
        let names: Vec<&str> = posts(&answer)
            .into_iter()
            .map(|id| ids.iter().find(|(_, known)| known == id).unwrap().0)
            .collect();
        assert_eq!(names, found, "{filter}");
    }
}

#[tokio::test]
async fn bad_filters_are_refused_by_field() {
    let server = Server::start().await;
    let uuid = "0192f5a0-0000-7000-8000-000000000000";
    for (body, code, field) in [
        (json!({}), "validation_error", "body"),
        (json!({ "max_attempts": 3 }), "validation_error", "body"),
        (json!({ "platform": "x", "max_attempts": 0 }), "validation_error", "max_attempts"),
        (json!({ "platform": "x", "max_attempts": 11 }), "validation_error", "max_attempts"),
        (json!({ "platform": "x", "max_attempts": "3" }), "validation_error", "max_attempts"),
        (json!({ "platform": "myspace" }), "validation_error", "platform"),
        (json!({ "platform": 5 }), "validation_error", "platform"),
        (json!({ "account_id": 999_999 }), "invalid_accounts", "account_ids"),
        (json!({ "account_id": "3121" }), "validation_error", "account_id"),
        (json!({ "failed_after": "yesterday" }), "validation_error", "failed_after"),
        (json!({ "failed_before": 5 }), "validation_error", "failed_before"),
        (json!({ "post_ids": [] }), "validation_error", "post_ids"),
        (json!({ "post_ids": ["x"] }), "validation_error", "post_ids[0]"),
        (json!({ "post_ids": [uuid, 5] }), "validation_error", "post_ids[1]"),
        (json!({ "post_ids": vec![uuid; 201] }), "validation_error", "post_ids"),
        (json!([]), "validation_error", "body"),
    ] {
        assert_eq!(retry(&server, body.clone()).await.refusal(), (400, code, field), "{body}");
    }
    let empty = server.call(Method::POST, "/posts/retry-failed", None).await;
    assert_eq!(empty.refusal(), (400, "validation_error", "body"));
}

#[tokio::test]
async fn another_tenants_failures_are_not_found() {
    let server = Server::start().await;
    let id = failed(&server, "mine").await;
    let (key, _) = server.stranger().await;
    for body in [json!({ "post_ids": [id] }), json!({ "platform": "bluesky" })] {
        let answer = server.call_as(Some(&key), Method::POST, "/posts/retry-failed", Some(body)).await;
        assert_eq!(answer.data()["retried_count"], 0);
    }
    let foreign = json!({ "account_id": server.accounts[1] });
    let answer = server.call_as(Some(&key), Method::POST, "/posts/retry-failed", Some(foreign)).await;
    assert_eq!(answer.refusal(), (400, "invalid_accounts", "account_ids"));
    assert_eq!(posts(&retry(&server, json!({ "post_ids": [id] })).await), [&id]);
}
