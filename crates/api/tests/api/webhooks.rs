use axum::http::{Method, StatusCode};
use domain::Span;
use serde_json::{Value, json};
use testkit::{Reaction, Receiver};

use crate::support::{Answer, DAY, START, Server};

const URL: &str = "https://hooks.example.org/pe";

async fn make(server: &Server, url: &str, events: &[&str]) -> Value {
    let answer = server.post("/webhooks", json!({ "url": url, "events": events, "name": "Ops" })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.data().clone()
}

fn id(webhook: &Value) -> String {
    webhook["id"].as_str().unwrap().to_owned()
}

/// The shape with the secret hidden, which has to look like one.
fn shape(answer: &Answer) -> Value {
    let mut shape = answer.shape();
    if let Some(secret) = shape["data"].get_mut("secret") {
        let text = secret.as_str().unwrap();
        assert!(text.starts_with("whsec_") && text.len() == 70, "{text}");
        *secret = json!("<secret>");
    }
    shape
}

#[tokio::test]
async fn a_webhook_is_made_with_a_secret_that_is_shown_once() {
    let server = Server::start().await;
    let body =
        json!({ "url": URL, "events": ["post.published", "post.failed", "post.published"], "name": "Ops" });
    let made = server.post("/webhooks", body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    insta::assert_json_snapshot!("webhook_created", shape(&made));
    let secret = made.data()["secret"].as_str().unwrap().to_owned();
    let id = id(made.data());
    for path in ["/webhooks".to_owned(), format!("/webhooks/{id}")] {
        let answer = server.get(&path).await;
        assert!(
            !answer.body.to_string().contains(&secret) && !answer.body.to_string().contains("whsec_"),
            "{path}"
        );
    }
    insta::assert_json_snapshot!("webhook", server.get(&format!("/webhooks/{id}")).await.shape());
    let list = server.get("/webhooks").await;
    assert_eq!(list.data()["webhooks"].as_array().unwrap().len(), 1);
    assert_eq!(list.data().as_object().unwrap().len(), 1, "it has no pages");
    let changed = server.patch(&format!("/webhooks/{id}"), json!({ "name": "Other" })).await;
    assert!(!changed.body.to_string().contains("whsec_"));
}

#[tokio::test]
async fn all_fifteen_events_can_be_asked_for_and_no_other() {
    let server = Server::start().await;
    let all = [
        "post.scheduled",
        "post.publishing",
        "post.published",
        "post.failed",
        "post.partially_failed",
        "post.updated",
        "post.deleted",
        "post.approval_requested",
        "post.approved",
        "post.changes_requested",
        "account.connected",
        "account.disconnected",
        "account.reconnect_needed",
        "media.uploaded",
        "media.deleted",
    ];
    assert_eq!(make(&server, URL, &all).await["events"], json!(all));
    for other in ["media.processed", "post.overdue", "webhook.test", "*", "", "post.Published"] {
        let answer = server.post("/webhooks", json!({ "url": URL, "events": ["post.failed", other] })).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "events[1]"), "{other}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_webhook_is_refused_by_field() {
    let server = Server::start().await;
    let events = json!(["post.published"]);
    for (body, field) in [
        (json!({ "events": events }), "url"),
        (json!({ "url": "", "events": events }), "url"),
        (json!({ "url": 5, "events": events }), "url"),
        (json!({ "url": "hooks.example.org", "events": events }), "url"),
        (json!({ "url": "http://hooks.example.org/", "events": events }), "url"),
        (json!({ "url": "ftp://hooks.example.org/", "events": events }), "url"),
        (json!({ "url": "https://127.0.0.1/", "events": events }), "url"),
        (json!({ "url": "https://2130706433/", "events": events }), "url"),
        (json!({ "url": "https://[::1]/", "events": events }), "url"),
        (json!({ "url": "https://10.0.0.8/", "events": events }), "url"),
        (json!({ "url": "https://169.254.169.254/latest", "events": events }), "url"),
        (json!({ "url": "https://localhost/", "events": events }), "url"),
        (json!({ "url": "https://LOCALHOST.:8443/", "events": events }), "url"),
        (json!({ "url": "https://a.localhost/", "events": events }), "url"),
        (json!({ "url": "https://user:pw@hooks.example.org/", "events": events }), "url"),
        (json!({ "url": format!("{URL}/{}", "a".repeat(2048)), "events": events }), "url"),
        (json!({ "url": URL }), "events"),
        (json!({ "url": URL, "events": [] }), "events"),
        (json!({ "url": URL, "events": "post.published" }), "events"),
        (json!({ "url": URL, "events": [7] }), "events[0]"),
        (json!({ "url": URL, "events": events, "name": "n".repeat(101) }), "name"),
        (json!({ "url": URL, "events": events, "description": "d".repeat(501) }), "description"),
        (json!({ "url": URL, "events": events, "name": 3 }), "name"),
    ] {
        let answer = server.post("/webhooks", body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{body}");
    }
    assert_eq!(server.post("/webhooks", json!([])).await.refusal(), (400, "validation_error", "body"));
    let longest =
        json!({ "url": URL, "events": events, "name": "ñ".repeat(100), "description": "d".repeat(500) });
    assert_eq!(server.post("/webhooks", longest).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_operators_switch_lets_plain_http_and_private_addresses_through() {
    let server = Server::with_private_networks().await;
    for url in ["http://127.0.0.1:9/", "http://localhost/", "https://10.0.0.8/"] {
        make(&server, url, &["post.published"]).await;
    }
    let answer =
        server.post("/webhooks", json!({ "url": "ftp://10.0.0.8/", "events": ["post.failed"] })).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "url"));
}

#[tokio::test]
async fn the_twenty_sixth_webhook_is_refused() {
    let server = Server::start().await;
    for _ in 0..25 {
        make(&server, URL, &["post.published"]).await;
    }
    let body = json!({ "url": URL, "events": ["post.published"] });
    let answer = server.post("/webhooks", body.clone()).await;
    assert_eq!(answer.refusal(), (403, "quota_exceeded", ""));
    let (key, _) = server.stranger().await;
    let other = server.call_as(Some(&key), Method::POST, "/webhooks", Some(body)).await;
    assert_eq!(other.status, StatusCode::CREATED, "each organization has its own");
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    let server = Server::start().await;
    let made = make(&server, URL, &["post.published"]).await;
    let path = format!("/webhooks/{}", id(&made));
    server.clock.advance(Span::from_hours(1));
    for (body, field) in [
        (json!({}), "body"),
        (json!({ "unknown": 1 }), "body"),
        (json!({ "url": "http://hooks.example.org" }), "url"),
        (json!({ "events": [] }), "events"),
        (json!({ "events": ["nonsense"] }), "events[0]"),
        (json!({ "is_active": "yes" }), "is_active"),
        (json!({ "name": "n".repeat(101) }), "name"),
    ] {
        assert_eq!(
            server.patch(&path, body.clone()).await.refusal(),
            (400, "validation_error", field),
            "{body}"
        );
    }
    assert_eq!(server.call(Method::PATCH, &path, None).await.refusal().0, 400);
    let changed = server.patch(&path, json!({ "description": "Pages the team", "is_active": false })).await;
    let changed = changed.data();
    assert_eq!((&changed["description"], &changed["name"]), (&json!("Pages the team"), &json!("Ops")));
    assert_eq!((&changed["is_active"], &changed["url"]), (&json!(false), &made["url"]));
    assert_ne!(changed["updated_at"], made["updated_at"]);
    let cleared = server.patch(&path, json!({ "name": null, "events": ["post.failed"] })).await;
    assert_eq!((&cleared.data()["name"], &cleared.data()["events"]), (&Value::Null, &json!(["post.failed"])));
    assert_eq!(cleared.data(), server.get(&path).await.data());
}

#[tokio::test]
async fn what_is_no_webhook_of_the_organization_is_not_found() {
    let server = Server::start().await;
    let made = make(&server, URL, &["post.published"]).await;
    let (key, _) = server.stranger().await;
    let (own, none) = (id(&made), "0192f5a0-0000-7000-8000-000000000000".to_owned());
    for (key, id) in [(&key, &own), (&server.key, &none), (&server.key, &"x".to_owned())] {
        for (method, path, body) in [
            (Method::GET, format!("/webhooks/{id}"), None),
            (Method::PATCH, format!("/webhooks/{id}"), Some(json!({ "is_active": false }))),
            (Method::DELETE, format!("/webhooks/{id}"), None),
            (Method::POST, format!("/webhooks/{id}/test"), None),
            (Method::GET, format!("/webhooks/{id}/deliveries"), None),
            (Method::POST, format!("/webhooks/{id}/deliveries/requeue"), None),
        ] {
            let answer = server.call_as(Some(key), method.clone(), &path, body).await;
            assert_eq!(answer.refusal(), (404, "not_found", ""), "{method} {path}");
            assert_eq!(answer.body["error"]["message"], "Webhook not found.");
        }
    }
    let list = server.call_as(Some(&key), Method::GET, "/webhooks", None).await;
    assert_eq!(list.data()["webhooks"], json!([]));
    let gone = server.delete(&format!("/webhooks/{own}")).await;
    assert_eq!(gone.data(), &json!({ "id": own, "deleted": true }));
    assert_eq!(server.get(&format!("/webhooks/{own}")).await.refusal(), (404, "not_found", ""));
    assert_eq!(server.delete(&format!("/webhooks/{own}")).await.refusal(), (404, "not_found", ""));
}

#[tokio::test]
async fn a_test_reports_how_the_receiver_took_it() {
    let server = Server::with_private_networks().await;
    let receiver = Receiver::start().await;
    let made = make(&server, &receiver.url, &["post.failed"]).await;
    let path = format!("/webhooks/{}/test", id(&made));
    let taken = server.call(Method::POST, &path, None).await;
    assert_eq!((&taken.data()["ok"], &taken.data()["status"]), (&json!(true), &json!(200)));
    assert!(taken.data()["error"].is_null() && taken.data()["duration_ms"].is_i64());
    let ping = receiver.received().remove(0);
    assert_eq!(ping.json()["event"], "webhook.test");
    assert!(ping.header("x-posteverywhere-signature").starts_with("sha256="));
    assert_eq!(ping.header("x-posteverywhere-timestamp"), START.as_seconds().to_string());

    receiver.script([Reaction::Answer(503, Vec::new()), Reaction::HangUp]);
    let busy = server.call(Method::POST, &path, None).await;
    assert_eq!((&busy.data()["ok"], &busy.data()["status"]), (&json!(false), &json!(503)));
    assert_eq!(busy.data()["error"], "answered with status 503");
    let silent = server.call(Method::POST, &path, None).await;
    assert_eq!((&silent.data()["ok"], &silent.data()["status"]), (&json!(false), &json!(0)));
    assert!(silent.data()["error"].is_string() && silent.data()["message"].is_string());

    let log = server.get(&format!("/webhooks/{}/deliveries", id(&made))).await;
    let statuses: Vec<&Value> =
        log.data()["deliveries"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, ["dead", "dead", "delivered"]);
    let webhook = server.get(&format!("/webhooks/{}", id(&made))).await;
    assert_eq!(webhook.data()["consecutive_failures"], 0, "a test counts neither for nor against it");
    assert!(webhook.data()["last_delivery_at"].is_string());
}

/// Schedules a post and delivers what is told of it.
async fn schedule(server: &Server) -> String {
    let post = server.make_scheduled().await;
    server.deliver().await;
    post
}

#[tokio::test]
async fn posts_accounts_and_media_tell_what_happens_to_them() {
    let server = Server::with_private_networks().await;
    let receiver = Receiver::start().await;
    let all: Vec<String> =
        domain::event::EventKind::SUBSCRIBABLE.iter().map(|kind| kind.as_str().to_owned()).collect();
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    make(&server, &receiver.url, &names).await;
    let post = server.make_scheduled().await;
    server.patch(&format!("/posts/{post}"), json!({ "content": "Changed." })).await.data();
    server.delete(&format!("/posts/{post}")).await.data();
    server.connect_until("linkedin", "new", START + DAY).await;
    let account = server.connect_until("linkedin", "new", START + DAY).await;
    server.delete(&format!("/accounts/{account}")).await.data();
    let image = server.image().await;
    server.deliver().await;
    assert_eq!(
        receiver.events(),
        [
            "post.scheduled",
            "post.updated",
            "post.deleted",
            "account.connected",
            "account.connected",
            "account.disconnected",
            "media.uploaded"
        ]
    );
    let data: Vec<Value> = receiver.received().iter().map(|one| one.json()["data"].clone()).collect();
    for of_post in &data[..3] {
        assert_eq!(of_post["post_id"], post);
        assert_eq!(of_post["status"], "scheduled");
        assert_eq!(of_post["account_ids"], json!([server.accounts[0]]));
        assert!(of_post["scheduled_for"].is_string());
    }
    assert_eq!(data[3]["reason"], "The account was connected.");
    assert_eq!(data[4]["reason"], "The account was connected again.");
    for of_account in &data[3..6] {
        assert_eq!(
            (&of_account["account_id"], &of_account["account_name"]),
            (&json!(account), &json!("@new"))
        );
        assert_eq!(of_account["platform"], "linkedin");
    }
    assert_eq!((&data[6]["media_id"], &data[6]["type"]), (&json!(image), &json!("image")));
    assert!(data[6]["filename"].is_string());
}

#[tokio::test]
async fn the_log_shows_each_try_and_pages_and_filters() {
    let server = Server::with_private_networks().await;
    let receiver = Receiver::start().await;
    let made = make(&server, &receiver.url, &["post.scheduled", "post.deleted"]).await;
    let log = format!("/webhooks/{}/deliveries", id(&made));
    receiver.answers(500, 1);
    let post = schedule(&server).await;
    insta::assert_json_snapshot!("webhook_deliveries", hide_duration(server.get(&log).await.shape()));
    server.delete(&format!("/posts/{post}")).await.data();
    server.clock.advance(Span::from_minutes(1));
    server.deliver().await;
    let all = server.get(&log).await;
    let pages = &all.data()["pagination"];
    let expected = json!({ "limit": 20, "offset": 0, "total": 2, "has_more": false, "next_cursor": null });
    assert_eq!(pages, &expected);
    assert_eq!(all.data()["deliveries"][0]["event"], "post.deleted", "the latest first");
    assert_eq!(all.data()["deliveries"][1]["tries"].as_array().unwrap().len(), 2);
    let first = server.get(&format!("{log}?limit=1")).await;
    assert_eq!(first.data()["pagination"]["has_more"], true);
    for (query, count) in [
        ("status=delivered", 2),
        ("status=dead", 0),
        ("event=post.deleted", 1),
        ("event=post.failed", 0),
        ("limit=1&offset=1", 1),
    ] {
        let page = server.get(&format!("{log}?{query}")).await;
        assert_eq!(page.data()["deliveries"].as_array().unwrap().len(), count, "{query}");
    }
    for (query, field) in
        [("status=gone", "status"), ("event=x", "event"), ("limit=0", "limit"), ("offset=-1", "offset")]
    {
        let answer = server.get(&format!("{log}?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
    let one = all.data()["deliveries"][1]["id"].as_str().unwrap();
    let shown = server.get(&format!("{log}/{one}")).await;
    assert_eq!(shown.data(), &all.data()["deliveries"][1]);
    assert_eq!(shown.data()["data"]["post_id"], post);
    let none = "0192f5a0-0000-7000-8000-000000000000";
    assert_eq!(server.get(&format!("{log}/{none}")).await.refusal(), (404, "not_found", ""));
}

fn hide_duration(mut shape: Value) -> Value {
    let duration = &mut shape["data"]["deliveries"][0]["tries"][0]["duration_ms"];
    assert!(duration.is_i64());
    *duration = json!("<ms>");
    shape
}

#[tokio::test]
async fn an_event_is_sent_again_by_hand_and_what_was_given_up_is_tried_anew() {
    let server = Server::with_private_networks().await;
    let receiver = Receiver::start().await;
    let made = make(&server, &receiver.url, &["post.scheduled"]).await;
    let (path, log) = (format!("/webhooks/{}", id(&made)), format!("/webhooks/{}/deliveries", id(&made)));
    receiver.answers(500, 8);
    server.make_scheduled().await;
    for minutes in [0, 1, 5, 30, 120, 360, 480, 720] {
        let first = server.get(&log).await;
        if let Some(waiting) = first.data()["deliveries"].get(0) {
            assert_eq!(waiting["status"], "pending");
            let again = format!("{log}/{}/replay", waiting["id"].as_str().unwrap());
            assert_eq!(server.call(Method::POST, &again, None).await.refusal(), (409, "conflict", ""));
        }
        server.clock.advance(Span::from_minutes(minutes));
        server.deliver().await;
    }
    let given_up = server.get(&format!("{log}?status=dead")).await.data()["deliveries"][0].clone();
    assert_eq!(given_up["attempts"], 8);
    let requeue = format!("{log}/requeue");
    for (body, field) in [
        (json!({ "delivery_ids": [] }), "delivery_ids"),
        (json!({ "delivery_ids": ["x"] }), "delivery_ids[0]"),
        (json!({ "delivery_ids": "x" }), "delivery_ids"),
    ] {
        assert_eq!(server.post(&requeue, body).await.refusal(), (400, "validation_error", field));
    }
    let done = server.post(&requeue, json!({ "delivery_ids": [given_up["id"]] })).await;
    assert_eq!(done.data()["requeued_count"], 1);
    server.deliver().await;
    assert_eq!(server.call(Method::POST, &requeue, None).await.data()["requeued_count"], 0);
    let again = format!("{log}/{}/replay", given_up["id"].as_str().unwrap());
    let made_again = server.call(Method::POST, &again, None).await;
    assert_eq!(made_again.status, StatusCode::CREATED);
    assert_eq!(
        (&made_again.data()["replay_of"], &made_again.data()["event_id"]),
        (&given_up["id"], &given_up["event_id"])
    );
    assert_ne!(made_again.data()["id"], given_up["id"]);
    server.deliver().await;
    let requests = receiver.received();
    assert_eq!(requests.len(), 10);
    assert!(requests.iter().all(|one| one.body == requests[0].body), "the same event to the byte");
    server.patch(&path, json!({ "is_active": false })).await.data();
    assert_eq!(server.call(Method::POST, &again, None).await.refusal(), (409, "conflict", ""));
    assert_eq!(server.call(Method::POST, &requeue, None).await.refusal(), (409, "conflict", ""));
}
