//! Bodies that no honest client sends, and some that honest ones do.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::support::{Answer, BODY_BYTES, DAY, HEALTHY, Server, in_future};

async fn send(server: &Server, body: impl Into<axum::body::Body>) -> Answer {
    let mut request = server.request(Method::POST, "/api/v1/posts", body);
    request.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    server.send(request).await
}

#[tokio::test]
async fn what_is_not_json_is_refused_as_such() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases: [&[u8]; 10] = [
        b"",
        b"   ",
        b"{",
        b"{'content': 'x'}",
        b"{\"content\": \"a\nb\"}",
        b"{\"content\": \"\xff\xfe\"}",
        b"{\"content\": \"\\ud800\"}",
        b"\xef\xbb\xbf",
        b"{\"content\": 1e999}",
        deep.as_bytes(),
    ];
    for body in cases {
        let answer = send(&server, body.to_vec()).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]);
        assert_eq!(answer.refusal(), (400, "invalid_json", ""), "{shown:?}");
    }
    for body in ["null", "[]", "1", "\"x\"", "true"] {
        assert_eq!(send(&server, body).await.refusal(), (400, "validation_error", "body"), "{body}");
    }
}

#[tokio::test]
async fn a_body_has_a_size_and_a_type() {
    let server = Server::start().await;
    let large = format!("{{\"content\": \"{}\"}}", "a".repeat(BODY_BYTES));
    assert_eq!(send(&server, large).await.refusal(), (413, "payload_too_large", ""));
    let megabyte = json!({ "content": "a".repeat(1_000_000), "account_ids": [HEALTHY] }).to_string();
    assert_eq!(send(&server, megabyte).await.refusal(), (400, "content_too_long", "content"));

    let body = json!({ "content": "x", "draft": true }).to_string();
    for declared in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "x\u{ff}"] {
        let mut request = server.request(Method::POST, "/api/v1/posts", body.clone());
        let declared = header::HeaderValue::from_bytes(declared.as_bytes()).unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, declared);
        assert_eq!(server.send(request).await.refusal(), (415, "unsupported_media_type", ""));
    }
    for declared in [None, Some("application/json; charset=utf-8"), Some("Application/JSON")] {
        let mut request = server.request(Method::POST, "/api/v1/posts", body.clone());
        if let Some(declared) = declared {
            request.headers_mut().insert(header::CONTENT_TYPE, declared.parse().unwrap());
        }
        assert_eq!(server.send(request).await.status.as_u16(), 201, "{declared:?}");
    }
}

/// A body that would be taken, with one member replaced.
fn with(name: &str, value: Value) -> Value {
    let mut body = json!({ "content": "x", "account_ids": [HEALTHY], "scheduled_for": in_future(DAY) });
    body[name] = value;
    body
}

#[tokio::test]
async fn a_wrong_type_is_refused_with_its_field() {
    let server = Server::start().await;
    let wrong = [json!(true), json!(1), json!("x"), json!([1.5]), json!({ "a": {} })];
    for (name, right) in [
        ("content", 2),
        ("account_ids", usize::MAX),
        ("scheduled_for", usize::MAX),
        ("scheduled_at", usize::MAX),
        ("media_ids", usize::MAX),
        ("platform_content", usize::MAX),
        ("draft", 0),
        ("publish_now", 0),
        ("use_queue", 0),
        ("campaign_id", 1),
        ("thread_posts", usize::MAX),
        ("threadPosts", usize::MAX),
    ] {
        for (at, value) in wrong.iter().enumerate().filter(|(at, _)| *at != right) {
            let answer = server.post("/posts", with(name, value.clone())).await;
            let (status, code, field) = answer.refusal();
            assert_eq!((status, code), (400, "validation_error"), "{name}: {value} ({at})");
            assert!(field.starts_with(name), "{name}: {value}: {field}");
        }
    }
    let id = server.make_scheduled().await;
    for name in ["content", "account_ids", "scheduled_for", "media_ids", "platform_content", "timezone"] {
        let answer = server.patch(&format!("/posts/{id}"), json!({ name: 1.5 })).await;
        assert_eq!(answer.refusal(), (400, "validation_error", name));
    }
}

#[tokio::test]
async fn values_inside_lists_and_objects_are_checked_too() {
    let server = Server::start().await;
    for (name, value, field) in [
        ("account_ids", json!(["1"]), "account_ids[0]"),
        ("account_ids", json!([HEALTHY, null]), "account_ids[1]"),
        ("account_ids", json!([1e300]), "account_ids[0]"),
        ("account_ids", json!([18_446_744_073_709_551_615_u64]), "account_ids[0]"),
        ("account_ids", json!([]), "account_ids"),
        ("media_ids", json!(["x"]), "media_ids[0]"),
        ("media_ids", json!([1]), "media_ids[0]"),
        ("media_ids", json!(["0192f5a0-0000-7000-8000-000000000000"]), "media_ids"),
        ("thread_posts", json!(["a", 1]), "thread_posts[1]"),
        ("platform_content", json!({ "x": "text" }), "platform_content.x"),
        ("platform_content", json!({ "x": null }), "platform_content.x"),
        ("platform_content", json!({ "x": { "content": 1 } }), "platform_content.x.content"),
        ("platform_content", json!({ "x": { "settings": [] } }), "platform_content.x.settings"),
        ("platform_content", json!({ "x": {}, "twitter": {} }), "platform_content.twitter"),
        ("platform_content", json!({ "myspace": {} }), "platform_content.myspace"),
        ("content", json!("a\0b"), "content"),
        ("thread_posts", json!(["\0"]), "thread_posts[0]"),
        ("platform_content", json!({ "x": { "settings": { "a": "\0" } } }), "platform_content.x.settings.a"),
        ("anything", json!({ "a": ["\0"] }), "anything.a[0]"),
        ("publish_now", json!(true), "publish_now"),
        ("use_queue", json!(true), "use_queue"),
        ("campaign_id", json!(7), "campaign_id"),
    ] {
        let answer = server.post("/posts", with(name, value.clone())).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{name}: {value}");
    }
}

#[tokio::test]
async fn a_well_known_wrong_name_gets_a_hint() {
    let server = Server::start().await;
    for (wrong, right) in [
        ("media", "media_ids"),
        ("media_id", "media_ids"),
        ("mediaId", "media_ids"),
        ("attachments", "media_ids"),
        ("url", "media_ids"),
        ("scheduledFor", "scheduled_for"),
        ("publish_at", "scheduled_for"),
        ("accountIds", "account_ids"),
        ("text", "content"),
        ("platformContent", "platform_content"),
    ] {
        let answer = server.post("/posts", with(wrong, json!("x"))).await;
        assert_eq!(answer.refusal(), (400, "invalid_field_name", wrong));
        let message = answer.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(&format!("did you mean {right}?")), "{message}");
    }
    let mut tolerated = with("media", json!([]));
    tolerated["media_ids"] = json!([]);
    assert_eq!(server.post("/posts", tolerated).await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_slip_in_a_name_lets_nothing_out_at_the_wrong_time() {
    let server = Server::start().await;
    for (slip, meant) in [
        ("scheduled_fro", "scheduled_for"),
        ("shceduled_for", "scheduled_for"),
        ("schedule_for", "scheduled_for"),
        ("scheduledfor", "scheduled_for"),
        ("Scheduled-For", "scheduled_for"),
        ("cotnent", "content"),
        ("acount_ids", "account_ids"),
        ("time_zone", "timezone"),
        ("drafts", "draft"),
        ("request_aproval", "request_approval"),
    ] {
        let answer = server.post("/posts", with(slip, json!("2027-06-01T09:00:00Z"))).await;
        assert_eq!(answer.refusal(), (400, "invalid_field_name", slip));
        assert_eq!(answer.body["error"]["details"]["did_you_mean"], meant);
    }
    assert_eq!(server.get("/posts").await.data()["total"], 0);
    let id = server.make_post(with("draft", json!(true))).await;
    let path = format!("/posts/{id}");
    let change = server.patch(&path, json!({ "content": "new", "acount_ids": [HEALTHY] })).await;
    assert_eq!(change.refusal(), (400, "invalid_field_name", "acount_ids"));
    assert_ne!(server.get(&path).await.data()["content"], "new");
}

#[tokio::test]
async fn what_is_only_unusual_is_taken() {
    let server = Server::start().await;
    for (name, value) in [
        ("account_ids", json!([HEALTHY, 3121.0, HEALTHY])),
        ("content", json!("🧑‍🍳 \u{202e} שלום \u{200d}")),
        ("media_ids", json!(null)),
        ("platform_content", json!({ "x": { "contentType": "Post", "settings": null } })),
        ("timezone", json!("America/Argentina/ComodRivadavia")),
        ("timezone", json!("Asia/Kathmandu")),
        ("unknown_member", json!([[[]]])),
        ("status", json!(7)),
        ("destinations", json!("anything")),
        ("publish_now", json!(false)),
    ] {
        let answer = server.post("/posts", with(name, value.clone())).await;
        assert_eq!(answer.status.as_u16(), 201, "{name}: {value} {}", answer.body);
        assert_eq!(answer.data()["account_ids"], json!([HEALTHY]));
    }
}

#[tokio::test]
async fn ten_thousand_accounts_are_refused_at_once() {
    let server = Server::start().await;
    let many: Vec<i64> = (1..=10_000).collect();
    let answer = server.post("/posts", with("account_ids", json!(many))).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "account_ids"));
    let foreign: Vec<i64> = (1_000..1_400).collect();
    let answer = server.post("/posts", with("account_ids", json!(foreign))).await;
    assert_eq!(answer.refusal(), (400, "invalid_accounts", "account_ids"));
}

#[tokio::test]
async fn not_now_is_never_taken_for_now() {
    let server = Server::start().await;
    let body = json!({ "content": "x", "account_ids": [HEALTHY], "publish_now": false });
    assert_eq!(server.post("/posts", body).await.refusal(), (400, "validation_error", "publish_now"));
    let body = json!({ "content": "x", "account_ids": [HEALTHY], "publish_now": true, "draft": true });
    assert_eq!(server.post("/posts", body).await.refusal(), (400, "validation_error", "publish_now"));
    let body = json!({ "content": "x", "account_ids": [HEALTHY], "publish_now": true });
    assert_eq!(server.post("/posts", body).await.data()["status"], "publishing");
}

#[tokio::test]
async fn a_change_needs_something_to_change() {
    let server = Server::start().await;
    let id = server.make_scheduled().await;
    let path = format!("/posts/{id}");
    for body in [None, Some(json!({})), Some(json!({ "content": null })), Some(json!({ "id": "x" }))] {
        let answer = server.call(Method::PATCH, &path, body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "body"), "{body:?}");
    }
    for body in [None, Some(json!({})), Some(json!({ "publish_now": false }))] {
        let answer = server.call(Method::POST, &format!("{path}/schedule"), body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "scheduled_for"), "{body:?}");
    }
}

#[tokio::test]
async fn ids_that_are_none_are_not_found() {
    let server = Server::start().await;
    for id in ["x", "1", "0192f5a0000070008000000000000000", "%7B0192f5a0%7D", "%FF%FE", "a%00b"] {
        assert_eq!(server.get(&format!("/posts/{id}")).await.refusal(), (404, "not_found", ""), "{id}");
        let answer = server.post(&format!("/posts/{id}/retry"), json!({})).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{id}");
    }
}

#[tokio::test]
async fn a_panic_is_a_fault_like_any_other() {
    let server = Server::start().await;
    let answer = server
        .with_wake(|_| panic!("scripted"))
        .post("/posts", json!({ "content": "x", "account_ids": [HEALTHY] }))
        .await;
    assert_eq!(answer.refusal(), (500, "internal_error", ""));
    assert_eq!(answer.body["error"]["retryable"], true);
    assert!(!answer.body.to_string().contains("scripted"));
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_stop_a_post_halfway() {
    let (woken, mut wakes) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start().await.with_wake(move |_| {
        let _ = woken.send(());
    });
    let server = std::sync::Arc::new(server);
    let calling = std::sync::Arc::clone(&server);
    let call = tokio::spawn(async move {
        calling.post("/posts", json!({ "content": "x", "account_ids": [HEALTHY] })).await;
    });
    tokio::task::yield_now().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled(), "nobody waits for the answer");
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, wakes.recv()).await.unwrap().unwrap();
    assert_eq!(server.get("/posts").await.data()["total"], 1);
}
