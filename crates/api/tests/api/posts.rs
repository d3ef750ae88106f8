use axum::http::{Method, StatusCode};
use domain::Span;
use serde_json::{Value, json};

use crate::support::{DAY, HEALTHY, HOUR, START, Server, in_future};

#[tokio::test]
async fn a_post_for_now_is_publishing() {
    let server = Server::start().await;
    let body = json!({ "content": "Autumn menu is live.", "account_ids": server.accounts });
    let answer = server.post("/posts", body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("post_created_now", answer.shape());
}

#[tokio::test]
async fn a_post_for_later_is_scheduled_and_reads_back_the_same() {
    let server = Server::start().await;
    let answer = server
        .post(
            "/posts",
            json!({
                "content": "Autumn menu is live.",
                "account_ids": [server.accounts[0], server.accounts[0]],
                "scheduled_for": "2027-01-16T10:00:00+02:00",
                "timezone": "Europe/Berlin",
                "thread_posts": ["and one more"],
                "platform_content": { "twitter": { "content": "For X", "settings": { "replySettings": "following" } } },
            }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("post_created_for_later", answer.shape());
    let created = answer.data();
    let id = created["post_id"].as_str().unwrap();
    let read = server.get(&format!("/posts/{id}")).await;
    for (name, value) in read.data().as_object().unwrap() {
        assert_eq!(&created[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_draft_says_what_to_do_with_it() {
    let server = Server::start().await;
    let answer = server.post("/posts", json!({ "content": "An idea", "draft": true })).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("draft_created", answer.shape());
    let id = answer.data()["post_id"].as_str().unwrap();
    let results = server.get(&format!("/posts/{id}/results")).await;
    assert_eq!(results.data()["results"], json!([]));

    let path = format!("/posts/{id}/schedule");
    let without = server.post(&path, json!({ "publish_now": true })).await;
    assert_eq!(without.refusal(), (400, "validation_error", "account_ids"));
    let body = json!({ "scheduled_for": in_future(HOUR), "account_ids": [server.accounts[0]] });
    let scheduled = server.post(&path, body).await;
    insta::assert_json_snapshot!("draft_scheduled", scheduled.shape());
    let again = server.post(&path, json!({ "publish_now": true })).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn a_fetched_post_can_be_sent_back_as_a_new_one_and_as_a_change() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    let fetched = server.get(&format!("/posts/{id}")).await.data().clone();
    let copy = server.post("/posts", fetched.clone()).await;
    assert_eq!(copy.status, StatusCode::CREATED, "{}", copy.body);
    assert_ne!(copy.data()["post_id"], fetched["post_id"]);
    let again = server.post("/posts", copy.data().clone()).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
    let changed = server.patch(&format!("/posts/{id}"), fetched).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
}

#[tokio::test]
async fn a_change_moves_every_destination_and_merges_settings() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    let path = format!("/posts/{id}");
    let time = in_future(DAY.times(2));
    let body = json!({
        "content": "New text",
        "scheduled_at": time,
        "platform_content": { "x": { "settings": { "replySettings": "following" } } },
    });
    let answer = server.patch(&path, body).await;
    assert_eq!(answer.data()["destinations"][0]["scheduled_for"], time.as_str());
    let more = json!({ "platform_content": { "twitter": { "settings": { "mediaAltText": "a plate" } } } });
    let answer = server.patch(&path, more).await;
    insta::assert_json_snapshot!("post_changed", answer.shape());
}

#[tokio::test]
async fn posts_are_listed_newest_first_with_their_place_in_the_whole() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        server.clock.advance(Span::from_seconds(1));
        ids.push(server.make_scheduled().await);
    }
    let answer = server.get("/posts?limit=2&unknown=ignored").await;
    let listed: Vec<&str> =
        answer.data()["posts"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap()).collect();
    assert_eq!(listed, [ids[2].as_str(), ids[1].as_str()]);
    let page = json!({ "limit": 2, "offset": 0, "total": 3, "has_more": true });
    let mut pagination = answer.data()["pagination"].clone();
    assert!(pagination.as_object_mut().unwrap().remove("next_cursor").unwrap().is_string());
    assert_eq!(pagination, page);
    for name in ["limit", "offset", "total"] {
        assert_eq!(answer.data()[name], page[name], "{name}");
    }
    let rest = server.get("/posts?limit=2&offset=2&sort=created_at&order=asc").await;
    assert_eq!(rest.data()["posts"][0]["id"], ids[2].as_str());
    assert_eq!(rest.data()["pagination"]["has_more"], false);
    let beyond = server.get("/posts?offset=9223372036854775807").await;
    assert_eq!(beyond.data()["posts"], json!([]));
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let server = Server::start().await;
    server.make_scheduled().await;
    server.make_post(json!({ "content": "Ein Entwurf: GRÜN", "draft": true })).await;
    for (query, found) in [
        ("status=draft", 1),
        ("status=draft,scheduled", 2),
        ("status=queued", 1),
        ("status=done", 0),
        ("platform=twitter", 1),
        ("platform=bluesky,linkedin", 0),
        ("account_id=3121", 1),
        ("account_id=999", 0),
        ("campaign_id=1", 0),
        ("search=gr%C3%BCn", 1),
        ("search=%25", 0),
        ("search=", 2),
        ("scheduled_after=2027-01-16T00:00:00Z", 1),
        ("scheduled_before=2027-01-16T00:00:00%2B00:00", 0),
        ("created_after=2027-01-15T09:00:00+01:00", 2),
        ("updated_after=2027-01-15T08:00:01Z", 0),
        ("published_after=2020-01-01", 0),
    ] {
        let answer = server.get(&format!("/posts?{query}")).await;
        assert_eq!(answer.data()["total"], found, "{query}");
    }
}

#[tokio::test]
async fn bad_parameters_are_refused_by_name() {
    let server = Server::start().await;
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=abc", "limit"),
        ("offset=-1", "offset"),
        ("offset=x", "offset"),
        ("offset=9223372036854775808", "offset"),
        ("status=gone", "status"),
        ("status=draft,gone", "status"),
        ("platform=myspace", "platform"),
        ("platform=", "platform"),
        ("account_id=x", "account_id"),
        ("account_id=99999999999999999999", "account_id"),
        ("campaign_id=x", "campaign_id"),
        ("created_after=yesterday", "created_after"),
        ("scheduled_before=1", "scheduled_before"),
        ("sort=name", "sort"),
        ("order=up", "order"),
        ("search=a%00", "search"),
    ] {
        let answer = server.get(&format!("/posts?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
    let long = server.get(&format!("/posts?search={}", "a".repeat(501))).await;
    assert_eq!(long.refusal(), (400, "validation_error", "search"));
}

#[tokio::test]
async fn a_deleted_post_is_gone() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    let path = format!("/posts/{id}");
    insta::assert_json_snapshot!("post_deleted", server.delete(&path).await.shape());
    for method in [Method::GET, Method::DELETE] {
        let answer = server.call(method, &path, None).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""));
        assert_eq!(answer.body["error"]["message"], "Post not found.");
    }
}

#[tokio::test]
async fn a_published_destination_is_shown_with_its_address() {
    let server = Server::start().await;
    let body = json!({
        "content": "Autumn menu is live.",
        "account_ids": [server.accounts[0]],
        "media_ids": [server.image().await],
    });
    let id = server.make_post(body).await;
    server.tick().await;
    let post = server.get(&format!("/posts/{id}")).await;
    insta::assert_json_snapshot!("post_published", post.shape());
    let published = "/posts?status=published&published_after=2027-01-15T08:00:00Z&sort=published_at";
    assert_eq!(server.get(published).await.data()["total"], 1);
    let edit = server.patch(&format!("/posts/{id}"), json!({ "content": "x" })).await;
    assert_eq!(edit.refusal(), (409, "conflict", ""));
    let deleted = server.delete(&format!("/posts/{id}")).await;
    assert_eq!(deleted.data()["message"], "Post deleted; 1 copy stays live.");
}

#[tokio::test]
async fn a_failed_destination_is_shown_and_can_be_retried() {
    let server = Server::start().await;
    let expired = server.accounts[1];
    let body = json!({ "content": "Autumn menu is live.", "account_ids": [expired] });
    let id = server.make_post(body).await;
    server.tick().await;
    let results = server.get(&format!("/posts/{id}/results")).await;
    insta::assert_json_snapshot!("post_results", results.shape());
    assert_eq!(server.get(&format!("/posts/{id}")).await.data()["status"], "failed");
    let edit = server.patch(&format!("/posts/{id}"), json!({ "content": "x" })).await;
    assert_eq!(edit.refusal(), (409, "conflict", ""));

    let path = format!("/posts/{id}/retry");
    let other = server.post(&path, json!({ "account_ids": [server.accounts[0]] })).await;
    assert_eq!(other.refusal(), (400, "invalid_accounts", "account_ids"));
    let wrong = server.post(&path, json!({ "accountIds": [expired] })).await;
    assert_eq!(wrong.refusal(), (400, "invalid_field_name", "accountIds"));
    let none = server.post(&path, json!({ "account_ids": [] })).await;
    assert_eq!(none.refusal(), (400, "validation_error", "account_ids"));
    let retried = server.call(Method::POST, &path, None).await;
    insta::assert_json_snapshot!("post_retried", retried.shape());
    let nothing = server.post(&path, json!({})).await;
    assert_eq!(nothing.data()["retried_count"], 0);
}

#[tokio::test]
async fn a_post_that_a_platform_would_refuse_is_not_made() {
    let server = Server::start().await;
    let body = json!({ "content": "a".repeat(301), "account_ids": server.accounts });
    let answer = server.post("/posts", body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!("post_refused", answer.shape());
    assert_eq!(server.get("/posts").await.data()["total"], 0);
}

#[tokio::test]
async fn times_are_read_as_documented() {
    let server = Server::start().await;
    let create = async |time: &str| {
        let account = server.accounts[0];
        let body = json!({ "content": "x", "account_ids": [account], "scheduled_for": time });
        server.post("/posts", body).await
    };
    let just_past = (START - Span::from_seconds(30)).to_iso_millis();
    assert_eq!(create(&just_past).await.data()["status"], "publishing", "clocks differ");
    let past = (START - Span::from_seconds(61)).to_iso_millis();
    assert_eq!(create(&past).await.refusal(), (400, "past_schedule_time", "scheduled_for"));
    for bad in ["", "tomorrow", "2027-13-01T00:00:00Z", "1800000000"] {
        assert_eq!(create(bad).await.refusal(), (400, "validation_error", "scheduled_for"), "{bad}");
    }
    let naive = create("2027-01-16T10:00:00").await;
    assert_eq!(naive.data()["scheduled_for"], "2027-01-16T10:00:00.000Z");
    let zone = json!({ "content": "x", "account_ids": [HEALTHY], "timezone": "Mars/Olympus" });
    assert_eq!(server.post("/posts", zone).await.refusal(), (400, "invalid_timezone", "timezone"));
}

#[tokio::test]
async fn another_tenants_posts_and_accounts_do_not_exist() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    let (key, foreign) = server.stranger().await;
    let body = json!({ "content": "x", "account_ids": [foreign] });
    assert_eq!(server.post("/posts", body).await.refusal(), (400, "invalid_accounts", "account_ids"));
    for (method, path, body) in [
        (Method::GET, format!("/posts/{id}"), None),
        (Method::GET, format!("/posts/{id}/results"), None),
        (Method::PATCH, format!("/posts/{id}"), Some(json!({ "content": "y" }))),
        (Method::DELETE, format!("/posts/{id}"), None),
        (Method::POST, format!("/posts/{id}/schedule"), Some(json!({ "publish_now": true }))),
        (Method::POST, format!("/posts/{id}/retry"), None),
        (Method::POST, format!("/posts/{id}/request-approval"), None),
    ] {
        let answer = server.call_as(Some(&key), method.clone(), &path, body).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{method} {path}");
    }
    let list = server.call_as(Some(&key), Method::GET, "/posts", None).await;
    assert_eq!(list.data()["posts"], Value::Array(vec![]));
    assert_eq!(server.get(&format!("/posts/{id}")).await.status, StatusCode::OK);
}
