use domain::Span;
use serde_json::{Value, json};

use crate::support::{HOUR, Server};

/// The ids of a page, and the cursor of the next one.
async fn page(server: &Server, path: &str, list: &str) -> (Vec<String>, Option<String>) {
    let answer = server.get(path).await;
    let ids =
        answer.data()[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    let pagination = &answer.data()["pagination"];
    let next = pagination["next_cursor"].as_str().map(ToOwned::to_owned);
    assert_eq!(pagination["has_more"], next.is_some(), "{pagination}");
    (ids.collect(), next)
}

/// Goes through a list by cursor; `between` is done after each page.
async fn walk(server: &Server, path: &str, list: &str, between: impl AsyncFn()) -> Vec<String> {
    let (mut ids, mut next) = page(server, path, list).await;
    while let Some(cursor) = next {
        between().await;
        let (more, after) = page(server, &format!("{path}&cursor={cursor}"), list).await;
        assert!(!more.is_empty());
        ids.extend(more);
        next = after;
    }
    ids
}

#[tokio::test]
async fn posts_that_come_meanwhile_move_nothing() {
    let server = Server::start().await;
    let draft = async || server.make_post(json!({ "content": "text", "draft": true })).await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(draft().await);
        server.clock.advance(Span::from_seconds(1));
    }
    let old = made.clone();
    let walked = walk(&server, "/posts?limit=2", "posts", async || {
        draft().await;
    })
    .await;
    made.reverse();
    assert_eq!(walked, made);
    let walked = walk(&server, "/posts?limit=3&order=asc&search=text", "posts", async || {}).await;
    assert_eq!(walked[..7], old);
    assert_eq!(walked.len(), 10);
    let first = server.get("/posts?limit=2&offset=2").await;
    assert_eq!(first.data()["pagination"]["offset"], 2);
    let cursor = first.data()["pagination"]["next_cursor"].as_str().unwrap();
    let after = page(&server, &format!("/posts?limit=2&cursor={cursor}"), "posts").await;
    assert_eq!(
        after,
        page(&server, "/posts?limit=2&offset=4", "posts").await,
        "an offset's page has one, too"
    );
}

#[tokio::test]
async fn every_sort_is_gone_through_with_its_filters() {
    let server = Server::start().await;
    for number in 0..6_i64 {
        let mut body =
            json!({ "content": "text", "account_ids": [server.accounts[0]], "draft": number % 2 == 0 });
        if number > 2 {
            body["scheduled_for"] = json!((server.app.clock.now() + HOUR).to_iso_millis());
        }
        server.make_post(body).await;
        server.clock.advance(Span::from_minutes(1));
        server.tick().await;
    }
    for sort in ["created_at", "scheduled_for", "published_at", "updated_at"] {
        for order in ["asc", "desc"] {
            for filter in ["", "&status=scheduled,draft", "&platform=x"] {
                let path = format!("/posts?sort={sort}&order={order}{filter}");
                let (all, next) = page(&server, &path, "posts").await;
                assert!(next.is_none() && all.len() > 2);
                let walked = walk(&server, &format!("{path}&limit=2"), "posts", async || {}).await;
                assert_eq!(walked, all, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_only() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.make_post(json!({ "content": "text", "draft": true })).await;
    }
    let cursor = page(&server, "/posts?limit=1", "posts").await.1.unwrap();
    for query in [
        format!("/posts?order=asc&cursor={cursor}"),
        format!("/posts?sort=updated_at&cursor={cursor}"),
        format!("/posts?offset=1&cursor={cursor}"),
        format!("/media?cursor={cursor}"),
        format!("/posts?cursor={}", &cursor[1..]),
        "/posts?cursor=".to_owned(),
        "/posts?cursor=%00".to_owned(),
        "/posts?cursor=%F0%9F%8E%89".to_owned(),
    ] {
        let answer = server.get(&query).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "cursor"), "{query}");
    }
}

#[tokio::test]
async fn the_library_and_the_log_of_a_webhook_are_gone_through_by_cursor() {
    let server = Server::with_private_networks().await;
    let hook = json!({ "url": "https://hooks.example.org/a", "events": ["post.scheduled"] });
    let hook = server.post("/webhooks", hook).await.data()["id"].as_str().unwrap().to_owned();
    let mut images = Vec::new();
    for _ in 0..5 {
        images.push(server.image().await);
        server.make_scheduled().await;
    }
    server.clock.advance(HOUR);
    let newest = server.image().await;
    for path in ["/media?limit=2", "/media?limit=2&type=image"] {
        let walked = walk(&server, path, "media", async || {}).await;
        assert_eq!((walked.len(), &walked[0]), (6, &newest), "{path}");
        assert!(images.iter().all(|id| walked.contains(id)));
    }
    server.deliver().await;
    let log = format!("/webhooks/{hook}/deliveries?limit=2");
    let walked = walk(&server, &log, "deliveries", async || {
        server.make_scheduled().await;
        server.deliver().await;
    })
    .await;
    assert_eq!(walked.len(), 5);
    let all: Vec<Value> =
        server.get(&format!("/webhooks/{hook}/deliveries?limit=100")).await.data()["deliveries"]
            .as_array()
            .unwrap()
            .clone();
    let ids: Vec<&str> = all.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids[ids.len() - 5..], walked);
}
