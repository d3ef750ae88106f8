use axum::http::StatusCode;
use fanfare_api::Limits;
use serde_json::{Value, json};

use crate::support::{Answer, DAY, LIMITS, Server, in_future};

fn post(server: &Server, text: &str) -> Value {
    json!({ "content": text, "account_ids": [server.accounts[0]] })
}

async fn bulk(server: &Server, posts: &[Value]) -> Answer {
    server.post("/posts/bulk", json!({ "posts": posts })).await
}

fn summary(answer: &Answer) -> [u64; 3] {
    ["total", "succeeded", "failed"].map(|name| answer.body["data"]["summary"][name].as_u64().unwrap())
}

#[tokio::test]
async fn good_posts_are_made_together_and_go_out() {
    let server = Server::start().await;
    let later = json!({
        "content": "later", "account_ids": [server.accounts[0]], "scheduled_for": in_future(DAY),
    });
    let draft = json!({ "content": "an idea", "draft": true });
    let answer = bulk(&server, &[post(&server, "now"), later, draft]).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("posts_created_in_bulk", answer.shape());
    let statuses: Vec<&Value> =
        answer.data()["results"].as_array().unwrap().iter().map(|one| &one["post"]["status"]).collect();
    assert_eq!(statuses, ["publishing", "scheduled", "draft"]);
    server.tick().await;
    let id = answer.data()["results"][0]["post"]["post_id"].as_str().unwrap();
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "published");
    assert_eq!(server.get("/posts").await.data()["total"], 3);
}

#[tokio::test]
async fn each_post_is_refused_on_its_own_with_its_field() {
    let server = Server::start().await;
    let account = server.accounts[0];
    let posts = [
        post(&server, "good"),
        json!({ "content": "a" }),
        json!({ "content": "a", "account_ids": [999_999] }),
        json!({ "content": "a", "account_ids": [account], "scheduled_for": "2020-01-01T00:00:00Z" }),
        json!({ "content": 5, "account_ids": [account] }),
        json!({ "text": "a", "account_ids": [account] }),
        json!({ "content": "a".repeat(281), "account_ids": [account] }),
        json!({ "content": "a", "account_ids": ["3121"] }),
        json!("a text"),
        json!({ "content": "a", "account_ids": [account], "timezone": "Mars/Olympus" }),
        post(&server, "good too"),
    ];
    let answer = bulk(&server, &posts).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    assert_eq!(summary(&answer), [11, 2, 9]);
    let results = answer.data()["results"].as_array().unwrap();
    let refusals: Vec<(u64, u64, &str, &str)> = results
        .iter()
        .filter(|one| one["ok"] == false)
        .map(|one| {
            let error = &one["error"];
            let field = error["details"]["field"].as_str().unwrap_or("");
            let number = |value: &Value| value.as_u64().unwrap();
            (number(&one["index"]), number(&error["status"]), error["code"].as_str().unwrap(), field)
        })
        .collect();
    assert_eq!(
        refusals,
        [
            (1, 400, "validation_error", "account_ids"),
            (2, 400, "invalid_accounts", "account_ids"),
            (3, 400, "past_schedule_time", "scheduled_for"),
            (4, 400, "validation_error", "content"),
            (5, 400, "invalid_field_name", "text"),
            (6, 400, "post_creation_failed", ""),
            (7, 400, "validation_error", "account_ids[0]"),
            (8, 400, "validation_error", "posts[8]"),
            (9, 400, "invalid_timezone", "timezone"),
        ]
    );
    let violation = &results[6]["error"]["details"]["validation_errors"][0];
    assert_eq!(violation["field"], "content");
    assert!(results.iter().all(|one| one.get("post").is_some() == (one["ok"] == true)));
    assert_eq!(server.get("/posts").await.data()["total"], 2);
}

#[tokio::test]
async fn a_call_of_which_nothing_is_made_is_422_with_its_results() {
    let server = Server::start().await;
    let answer = bulk(&server, &[json!({ "content": "a" }), json!(null)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body["error"].is_null(), "{}", answer.body);
    assert_eq!(summary(&answer), [2, 0, 2]);
    insta::assert_json_snapshot!("bulk_refused", answer.shape());
}

#[tokio::test]
async fn what_is_no_list_of_up_to_fifty_posts_is_refused_as_a_whole() {
    let server = Server::start().await;
    for body in [json!({}), json!({ "posts": [] }), json!({ "posts": {} }), json!({ "posts": null })] {
        let answer = server.post("/posts/bulk", body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "posts"), "{body}");
    }
    assert_eq!(server.post("/posts/bulk", json!([])).await.refusal(), (400, "validation_error", "body"));
    let many = vec![post(&server, "a"); 51];
    assert_eq!(bulk(&server, &many).await.refusal(), (400, "bulk_limit_exceeded", "posts"));
    assert_eq!(server.get("/posts").await.data()["total"], 0, "none of them was made");
    let nul = json!({ "posts": [{ "content": "a\u{0}b", "account_ids": [server.accounts[0]] }] });
    assert_eq!(
        server.post("/posts/bulk", nul).await.refusal(),
        (400, "validation_error", "posts[0].content")
    );
    let fifty = bulk(&server, &many[..50]).await;
    assert_eq!((fifty.status, summary(&fifty)), (StatusCode::CREATED, [50, 50, 0]));
}

#[tokio::test]
async fn a_call_is_one_request_and_each_post_counts_as_a_post() {
    let limits = Limits { requests_per_minute: 3, posts_per_minute: 2, ..LIMITS };
    let server = Server::with_limits(limits).await;
    // A refused post is given back, and a draft is not counted.
    let posts = [
        json!({ "content": "a", "account_ids": [999_999] }),
        json!({ "content": "a", "draft": true }),
        post(&server, "one"),
        post(&server, "two"),
        post(&server, "three"),
    ];
    let answer = bulk(&server, &posts).await;
    assert_eq!(answer.header("x-ratelimit-remaining"), "2");
    assert_eq!((answer.status, summary(&answer)), (StatusCode::MULTI_STATUS, [5, 3, 2]));
    let refused = &answer.data()["results"][4]["error"];
    assert_eq!(refused["code"], "rate_limit_exceeded");
    assert_eq!((&refused["status"], &refused["retryable"]), (&json!(429), &json!(true)));
    assert!(refused["details"]["retry_after"].as_u64().unwrap() >= 1);
}
