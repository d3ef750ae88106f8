use std::sync::Arc;

use app::campaigns::{CampaignRow, NewCampaign};
use app::idempotency::{Begun, Keep, KeptAnswer, Keyed};
use app::webhooks::{CreatedWebhook, NewWebhookInput};
use axum::Router;
use axum::body::to_bytes;
use axum::http::{HeaderValue, Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Span;
use domain::api_key::Scope;
use fanfare_api::Limits;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::{Answer, DAY, LIMITS, Server};

/// Sends a request with an idempotency key to a node, with an API key.
async fn ask(node: &Router, api_key: &str, path: &str, key: &str, body: &Value) -> Answer {
    let request = axum::http::Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {api_key}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", HeaderValue::from_bytes(key.as_bytes()).unwrap())
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    let (parts, body) = node.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: serde_json::from_slice(&bytes).unwrap() }
}

async fn send(server: &Server, path: &str, key: &str, body: &Value) -> Answer {
    ask(&server.routes(), &server.key, path, key, body).await
}

fn post(server: &Server, text: &str) -> Value {
    json!({ "content": text, "account_ids": [server.accounts[0]] })
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
}

async fn total(server: &Server) -> u64 {
    server.get("/posts").await.data()["total"].as_u64().unwrap()
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_does_nothing() {
    let server = Server::start().await;
    let body = post(&server, "once");
    let first = send(&server, "/posts", "a", &body).await;
    assert_eq!((first.status, is_replayed(&first)), (StatusCode::CREATED, false));
    server.tick().await;
    let again = send(&server, "/posts", "a", &body).await;
    assert_eq!((again.status, is_replayed(&again)), (StatusCode::CREATED, true));
    assert_eq!(again.data(), first.data(), "as it was answered, whatever happened since");
    assert_ne!(again.body["meta"]["request_id"], first.body["meta"]["request_id"]);
    let other = send(&server, "/posts", "b", &body).await;
    assert!(!is_replayed(&other));
    assert_eq!(total(&server).await, 2);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let server = Server::start().await;
    send(&server, "/posts", "a", &post(&server, "one")).await.data();
    let answer = send(&server, "/posts", "a", &post(&server, "two")).await;
    assert_eq!(answer.refusal(), (422, "idempotency_key_reused", ""));
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn a_key_is_good_for_one_path_and_one_organization() {
    let server = Server::start().await;
    let (stranger, account) = server.stranger().await;
    send(&server, "/posts", "a", &post(&server, "one")).await.data();
    let campaign = send(&server, "/campaigns", "a", &json!({ "name": "Autumn" })).await;
    assert!(campaign.status == StatusCode::CREATED && !is_replayed(&campaign));
    let body = json!({ "content": "theirs", "account_ids": [account] });
    let theirs = ask(&server.routes(), &stranger, "/posts", "a", &body).await;
    assert!(theirs.status == StatusCode::CREATED && !is_replayed(&theirs));
    let again = send(&server, "/campaigns", "a", &json!({ "name": "Autumn" })).await;
    assert!(is_replayed(&again) && again.data() == campaign.data());
    assert_eq!(server.get("/campaigns").await.data()["pagination"]["total"], 1);
}

#[tokio::test]
async fn the_versions_of_the_address_are_one_path() {
    let server = Server::start().await;
    let body = post(&server, "one");
    let first = send(&server, "/posts", "a", &body).await;
    let again = send(&server, "/api/v1/posts", "a", &body).await;
    assert!(is_replayed(&again), "{}", again.body);
    assert_eq!(again.data(), first.data());
}

#[tokio::test]
async fn a_request_that_was_refused_may_be_corrected_under_its_key() {
    let server = Server::start().await;
    let refused = send(&server, "/posts", "a", &json!({ "content": "x" })).await;
    assert_eq!(refused.refusal(), (400, "validation_error", "account_ids"));
    let bulk = send(&server, "/posts/bulk", "a", &json!({ "posts": [{ "content": "x" }] })).await;
    assert_eq!((bulk.status.as_u16(), &bulk.body["data"]["summary"]["failed"]), (422, &json!(1)));
    let made = send(&server, "/posts", "a", &post(&server, "x")).await;
    assert!(made.status == StatusCode::CREATED && !is_replayed(&made));
}

#[tokio::test]
async fn a_mixed_call_is_replayed_with_the_posts_it_made() {
    let server = Server::start().await;
    let body = json!({ "posts": [post(&server, "one"), { "content": "no account" }, post(&server, "two")] });
    let first = send(&server, "/posts/bulk", "a", &body).await;
    assert_eq!(first.status, StatusCode::MULTI_STATUS);
    let again = send(&server, "/posts/bulk", "a", &body).await;
    assert_eq!((again.status, is_replayed(&again)), (StatusCode::MULTI_STATUS, true));
    assert_eq!(again.data(), first.data());
    assert_eq!(total(&server).await, 2);
}

#[tokio::test]
async fn of_requests_at_the_same_time_one_is_done() {
    let server = Server::start().await;
    let body = post(&server, "once");
    let sends = (0..20).map(|_| send(&server, "/posts", "a", &body));
    let answers = futures_util::future::join_all(sends).await;
    let made: Vec<&Answer> = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).collect();
    assert!(!made.is_empty());
    assert!(made.iter().all(|answer| answer.data() == made[0].data()));
    assert_eq!(made.iter().filter(|answer| !is_replayed(answer)).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != StatusCode::CREATED) {
        assert_eq!(answer.refusal(), (409, "idempotency_key_in_use", ""));
        assert_eq!(answer.body["error"]["retryable"], true);
        assert!(answer.header("retry-after").parse::<u64>().is_ok());
    }
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn a_process_that_dies_after_the_commit_has_made_the_post_and_its_answer() {
    // The engine is woken between the commit and the answer.
    let server = Server::start().await.with_wake(|_| panic!("the process is gone"));
    let body = post(&server, "once");
    let lost = send(&server, "/posts", "a", &body).await;
    assert_eq!(lost.refusal().0, 500);
    assert_eq!(total(&server).await, 1, "the post was made all the same");
    let restarted = server.node(LIMITS);
    let again = ask(&restarted, &server.key, "/posts", "a", &body).await;
    assert_eq!((again.status, is_replayed(&again)), (StatusCode::CREATED, true));
    let listed = server.get("/posts").await;
    assert_eq!(listed.data()["total"], 1);
    assert_eq!(listed.data()["posts"][0]["post_id"], again.data()["post_id"]);
}

#[tokio::test]
async fn a_key_that_a_dead_process_left_is_taken_at_once_by_one_that_works_alone() {
    let server = Server::start().await;
    let caller = app::auth::authenticate(&server.app, &server.key).await.unwrap();
    let keyed = Keyed {
        route: "POST /posts".to_owned(),
        key: "a".to_owned(),
        fingerprint: "of what it was sent".to_owned(),
        process: uuid::Uuid::from_u128(1),
    };
    let begun = app::idempotency::begin(&server.app, &caller, keyed).await.unwrap();
    assert!(matches!(begun, Begun::Do(_)));
    let body = post(&server, "once");
    if server.app.store.is_shared() {
        let refused = send(&server, "/posts", "a", &body).await;
        assert_eq!(refused.refusal(), (422, "idempotency_key_reused", ""), "another node may yet answer");
        server.clock.advance(Span::from_minutes(2));
    }
    let made = send(&server, "/posts", "a", &body).await;
    assert!(made.status == StatusCode::CREATED && !is_replayed(&made));
}

#[tokio::test]
async fn a_key_is_forgotten_after_a_day() {
    let server = Server::start().await;
    let body = post(&server, "daily");
    let first = send(&server, "/posts", "a", &body).await;
    server.clock.advance(Span::from_millis(24 * 3_600_000 - 1));
    assert!(is_replayed(&send(&server, "/posts", "a", &body).await));
    assert_eq!(app::idempotency::clean(&server.app).await.unwrap(), 0);
    server.clock.advance(Span::from_millis(1));
    let next = send(&server, "/posts", "a", &body).await;
    assert!(!is_replayed(&next));
    assert_ne!(next.data()["post_id"], first.data()["post_id"]);
    server.clock.advance(DAY);
    assert_eq!(app::idempotency::clean(&server.app).await.unwrap(), 1);
}

#[tokio::test]
async fn an_answer_is_given_only_to_who_could_have_asked_for_it() {
    let server = Server::with_private_networks().await;
    let body = json!({ "url": "https://hooks.example.org/a", "events": ["post.published"] });
    let made = send(&server, "/webhooks", "a", &body).await;
    let secret = made.data()["secret"].as_str().unwrap().to_owned();
    let reader = server.new_key(vec![Scope::Read], None).await;
    let answer = ask(&server.routes(), &reader, "/webhooks", "a", &body).await;
    assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
    assert_eq!(send(&server, "/webhooks", "a", &body).await.data()["secret"], secret.as_str());
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_so_is_a_caller_without_one() {
    let server = Server::start().await;
    let body = post(&server, "x");
    for key in ["", "   ", "ключ", "a\tb", &"k".repeat(256)] {
        let answer = send(&server, "/posts", key, &body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "Idempotency-Key"), "{key:?}");
    }
    assert!(send(&server, "/posts", &"k".repeat(255), &body).await.status.is_success());
    let unknown = "pe_live_00000000000000000000000000000000";
    let answer = ask(&server.routes(), unknown, "/posts", "a", &body).await;
    assert_eq!(answer.refusal(), (401, "unauthorized", ""));
}

#[tokio::test]
async fn a_replay_counts_as_a_request_and_not_as_a_post() {
    let limits = Limits { requests_per_minute: 3, posts_per_minute: 1, ..LIMITS };
    let server = Server::with_limits(limits).await;
    let body = post(&server, "once");
    let left = |answer: &Answer| answer.header("x-ratelimit-remaining").to_owned();
    assert_eq!(left(&send(&server, "/posts", "a", &body).await), "2");
    let again = send(&server, "/posts", "a", &body).await;
    assert_eq!((left(&again).as_str(), is_replayed(&again)), ("1", true));
    let other = send(&server, "/posts", "a", &post(&server, "another")).await;
    assert_eq!((other.refusal().0, left(&other).as_str()), (422, "0"));
    assert_eq!(send(&server, "/posts", "a", &body).await.refusal(), (429, "rate_limit_exceeded", ""));
}

#[tokio::test]
async fn every_post_of_the_document_takes_the_header() {
    let document = serde_json::to_value(fanfare_api::openapi()).unwrap();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(operation) = methods.get("post") else { continue };
        let named = operation["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["name"] == "Idempotency-Key"));
        // Who logs a device in has no key of the API yet.
        assert_eq!(named, !path.starts_with("/auth/device"), "{path}");
    }
}

#[tokio::test]
async fn a_repeated_request_for_a_slot_gets_the_slot_that_it_took() {
    let server = Server::start().await;
    server.patch("/queue", json!({ "slots": [{ "day": 1, "time": "09:00" }] })).await.data();
    let mut body = post(&server, "next slot");
    body["use_queue"] = json!(true);
    let first = send(&server, "/posts", "a", &body).await;
    assert_eq!(first.data()["scheduled_for"], "2027-01-18T09:00:00.000Z", "{}", first.body);
    let again = send(&server, "/posts", "a", &body).await;
    assert!(is_replayed(&again));
    assert_eq!(again.data(), first.data());
    let many = json!({ "posts": [body.clone(), body] });
    let bulk = send(&server, "/posts/bulk", "b", &many).await;
    let again = send(&server, "/posts/bulk", "b", &many).await;
    assert!(is_replayed(&again));
    assert_eq!(again.data(), bulk.data());
    let slots = |answer: &Answer| {
        let results = answer.data()["results"].as_array().unwrap();
        results.iter().map(|result| result["post"]["scheduled_for"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(slots(&again), [json!("2027-01-25T09:00:00.000Z"), json!("2027-02-01T09:00:00.000Z")]);
    assert_eq!(total(&server).await, 3);
}

/// Begins a request, does its work with `work`, and dies before anything else is written.
async fn die_after<T: ?Sized + 'static>(
    server: &Server,
    path: &str,
    body: &Value,
    work: impl AsyncFnOnce(Keep<T>),
    shown: impl Fn(&T) -> Value + Send + Sync + 'static,
) {
    let caller = app::auth::authenticate(&server.app, &server.key).await.unwrap();
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(body.to_string());
    let keyed = Keyed {
        route: format!("POST {path}"),
        key: "a".to_owned(),
        fingerprint: STANDARD.encode(hash.finalize()),
        process: Uuid::from_u128(7),
    };
    let Begun::Do(claim) = app::idempotency::begin(&server.app, &caller, keyed).await.unwrap() else {
        panic!("{path} was asked before")
    };
    let answer = Arc::new(move |made: &T| {
        let body = shown(made).to_string().into_bytes();
        Some(KeptAnswer { status: 201, body, scope: "write".to_owned() })
    });
    work(Keep { claim, answer }).await;
}

#[tokio::test]
async fn what_a_crash_cut_off_before_its_answer_was_kept_is_not_done_again() {
    let server = Server::with_private_networks().await;
    let caller = app::auth::authenticate(&server.app, &server.key).await.unwrap();

    let body = json!({ "name": "Winter" });
    let new = NewCampaign { name: "Winter".to_owned(), ..NewCampaign::default() };
    let make =
        async |keep| drop(app::campaigns::create(&server.app, &caller, new, Some(keep)).await.unwrap());
    die_after(&server, "/campaigns", &body, make, |made: &CampaignRow| json!({ "id": made.id })).await;
    let again = send(&server, "/campaigns", "a", &body).await;
    assert_eq!((again.status, is_replayed(&again)), (StatusCode::CREATED, true), "{}", again.body);
    let listed = server.get("/campaigns").await;
    assert_eq!(listed.data()["campaigns"].as_array().unwrap().len(), 1);
    assert_eq!(listed.data()["campaigns"][0]["id"], again.data()["id"]);

    let body = json!({ "url": "https://hooks.example.org/a", "events": ["post.published"] });
    let new = NewWebhookInput {
        url: "https://hooks.example.org/a".to_owned(),
        events: vec!["post.published".to_owned()],
        ..NewWebhookInput::default()
    };
    let make = async |keep| drop(app::webhooks::create(&server.app, &caller, new, Some(keep)).await.unwrap());
    let shown = |made: &CreatedWebhook| json!({ "id": made.webhook.id, "secret": made.secret });
    die_after(&server, "/webhooks", &body, make, shown).await;
    let again = send(&server, "/webhooks", "a", &body).await;
    assert_eq!((again.status, is_replayed(&again)), (StatusCode::CREATED, true), "{}", again.body);
    assert!(again.data()["secret"].as_str().unwrap().starts_with("whsec_"), "the secret is not lost");
    assert_eq!(server.get("/webhooks").await.data()["webhooks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_made_and_what_is_refused_keeps_its_key_as_before() {
    let server = Server::start().await;
    let body = json!({ "name": "Winter" });
    let first = send(&server, "/campaigns", "a", &body).await;
    let again = send(&server, "/campaigns", "a", &body).await;
    assert_eq!((is_replayed(&first), is_replayed(&again)), (false, true));
    assert_eq!(again.data(), first.data());
    assert_eq!(server.get("/campaigns").await.data()["campaigns"].as_array().unwrap().len(), 1);
    let refused = send(&server, "/campaigns", "b", &json!({ "name": "" })).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        send(&server, "/campaigns", "b", &body).await.status,
        StatusCode::CREATED,
        "it may be put right"
    );
}
