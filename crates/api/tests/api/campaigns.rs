use axum::http::{Method, StatusCode};
use domain::Span;
use serde_json::{Value, json};

use crate::support::{DAY, Server, in_future};

async fn make(server: &Server, name: &str) -> i64 {
    let answer = server.post("/campaigns", json!({ "name": name })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data()["id"].as_i64().unwrap()
}

/// A post for tomorrow.
fn post(server: &Server, campaign: i64) -> Value {
    json!({
        "content": "Autumn menu is live.",
        "account_ids": [server.accounts[0]],
        "scheduled_for": in_future(DAY),
        "campaign_id": campaign,
    })
}

async fn count(server: &Server, campaign: i64) -> Value {
    server.get(&format!("/campaigns/{campaign}")).await.data()["post_count"].clone()
}

#[tokio::test]
async fn a_campaign_is_made_read_changed_and_deleted() {
    let server = Server::start().await;
    let made = server.post("/campaigns", json!({ "name": "  Autumn menu " })).await;
    assert_eq!(made.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("campaign_created", made.shape());
    let id = made.data()["id"].as_i64().unwrap();
    let path = format!("/campaigns/{id}");
    assert_eq!(server.get(&path).await.data(), made.data());
    server.clock.advance(Span::from_hours(1));
    let body = json!({ "description": "Soups", "color": "#FFaa00", "status": "archived" });
    let changed = server.patch(&path, body).await;
    let members = |name: &str| changed.data()[name].clone();
    assert_eq!((members("name"), members("description")), (json!("Autumn menu"), json!("Soups")));
    assert_eq!((members("color"), members("status")), (json!("#FFaa00"), json!("archived")));
    assert_ne!(members("updated_at"), made.data()["updated_at"]);
    let cleared = server.patch(&path, json!({ "description": null })).await;
    assert!(cleared.data()["description"].is_null());
    assert_eq!(server.delete(&path).await.data(), &json!({ "id": id, "deleted": true }));
    assert_eq!(server.get(&path).await.refusal(), (404, "not_found", ""));
    assert_eq!(server.delete(&path).await.refusal(), (404, "not_found", ""));
}

#[tokio::test]
async fn what_cannot_be_a_campaign_is_refused_by_field() {
    let server = Server::start().await;
    let id = make(&server, "Autumn").await;
    let path = format!("/campaigns/{id}");
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "n".repeat(101) }), "name"),
        (json!({ "name": 5 }), "name"),
        (json!({ "name": "a", "description": "d".repeat(501) }), "description"),
        (json!({ "name": "a", "color": "blue" }), "color"),
        (json!({ "name": "a", "color": "#3b82f" }), "color"),
        (json!({ "name": "a", "status": "paused" }), "status"),
    ] {
        assert_eq!(server.post("/campaigns", body.clone()).await.refusal(), (400, "validation_error", field));
        assert_eq!(server.patch(&path, body).await.refusal(), (400, "validation_error", field));
    }
    assert_eq!(server.post("/campaigns", json!({})).await.refusal(), (400, "validation_error", "name"));
    assert_eq!(server.patch(&path, json!({})).await.refusal(), (400, "validation_error", "body"));
    assert_eq!(server.call(Method::PATCH, &path, None).await.refusal().0, 400);
    let longest = json!({ "name": "ñ".repeat(100), "description": "d".repeat(500) });
    assert_eq!(server.post("/campaigns", longest).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_list_pages_and_filters() {
    let server = Server::start().await;
    let (first, second) = (make(&server, "First").await, make(&server, "Second").await);
    server.patch(&format!("/campaigns/{first}"), json!({ "status": "archived" })).await.data();
    let all = server.get("/campaigns").await;
    let ids: Vec<&Value> = all.data()["campaigns"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, [&json!(second), &json!(first)], "the latest first");
    let page = json!({ "limit": 50, "offset": 0, "total": 2, "has_more": false });
    assert_eq!(all.data()["pagination"], page);
    for (query, ids, has_more) in [
        ("status=active", vec![second], false),
        ("status=archived", vec![first], false),
        ("limit=1", vec![second], true),
        ("limit=1&offset=1", vec![first], false),
    ] {
        let list = server.get(&format!("/campaigns?{query}")).await;
        let found: Vec<i64> = list.data()["campaigns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_i64().unwrap())
            .collect();
        assert_eq!((found, &list.data()["pagination"]["has_more"]), (ids, &json!(has_more)), "{query}");
    }
    for (query, field) in
        [("status=x", "status"), ("limit=0", "limit"), ("limit=101", "limit"), ("offset=-1", "offset")]
    {
        let answer = server.get(&format!("/campaigns?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
}

#[tokio::test]
async fn posts_go_into_a_campaign_out_of_it_and_are_counted_and_found_there() {
    let server = Server::start().await;
    let (autumn, winter) = (make(&server, "Autumn").await, make(&server, "Winter").await);
    let made = server.post("/posts", post(&server, autumn)).await;
    assert_eq!(made.data()["campaign_id"], autumn);
    let id = made.data()["post_id"].as_str().unwrap().to_owned();
    server.make_scheduled().await;
    assert_eq!(count(&server, autumn).await, 1);
    let listed = server.get(&format!("/posts?campaign_id={autumn}")).await;
    assert_eq!((&listed.data()["total"], &listed.data()["posts"][0]["post_id"]), (&json!(1), &json!(id)));
    assert_eq!(server.get(&format!("/posts?campaign_id={winter}")).await.data()["total"], 0);

    let path = format!("/posts/{id}");
    assert_eq!(server.patch(&path, json!({ "content": "Changed." })).await.data()["campaign_id"], autumn);
    assert_eq!(server.patch(&path, json!({ "campaign_id": winter })).await.data()["campaign_id"], winter);
    assert_eq!((count(&server, autumn).await, count(&server, winter).await), (json!(0), json!(1)));
    assert!(server.patch(&path, json!({ "campaign_id": null })).await.data()["campaign_id"].is_null());
    let back = server.patch(&path, json!({ "campaign_id": autumn })).await;
    let fetched = back.data().clone();
    assert_eq!(server.patch(&path, fetched).await.data()["campaign_id"], autumn, "as it was fetched");

    server.delete(&format!("/campaigns/{autumn}")).await.data();
    assert!(server.get(&path).await.data()["campaign_id"].is_null(), "the post stays");
    server.patch(&path, json!({ "campaign_id": winter })).await.data();
    server.delete(&path).await.data();
    assert_eq!(count(&server, winter).await, 0, "a deleted post does not count");
}

#[tokio::test]
async fn a_campaign_that_the_workspace_does_not_have_is_refused() {
    let server = Server::start().await;
    let (key, _) = server.stranger().await;
    let foreign =
        server.call_as(Some(&key), Method::POST, "/campaigns", Some(json!({ "name": "Theirs" }))).await;
    let foreign = foreign.data()["id"].as_i64().unwrap();
    let id = server.make_scheduled().await;
    for campaign in [foreign, 999_999, 0, -1] {
        assert_eq!(
            server.post("/posts", post(&server, campaign)).await.refusal(),
            (400, "validation_error", "campaign_id")
        );
        let change = json!({ "campaign_id": campaign });
        let answer = server.patch(&format!("/posts/{id}"), change).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "campaign_id"));
        let path = format!("/campaigns/{campaign}");
        for (method, body) in
            [(Method::GET, None), (Method::PATCH, Some(json!({ "name": "x" }))), (Method::DELETE, None)]
        {
            let answer = server.call(method, &path, body).await;
            assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
            assert_eq!(answer.body["error"]["message"], "Campaign not found.");
        }
    }
    assert_eq!(server.get("/campaigns").await.data()["campaigns"], json!([]));
}

#[tokio::test]
async fn drafts_are_in_no_campaign() {
    let server = Server::start().await;
    let autumn = make(&server, "Autumn").await;
    let draft =
        server.post("/posts", json!({ "content": "Later.", "draft": true, "campaign_id": autumn })).await;
    assert!(draft.data()["campaign_id"].is_null());
    let path = format!("/posts/{}", draft.data()["post_id"].as_str().unwrap());
    assert!(server.patch(&path, json!({ "campaign_id": autumn })).await.data()["campaign_id"].is_null());
    assert_eq!(count(&server, autumn).await, 0);
}
