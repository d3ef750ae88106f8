use axum::http::{Method, StatusCode, header};
use domain::Span;
use domain::people::Role;
use serde_json::{Value, json};

use super::{Browser, log, member, with_owner};
use crate::support::{DAY, Server, in_future};

fn post_for_tomorrow(server: &Server) -> Value {
    json!({ "content": "Autumn menu", "account_ids": [server.accounts[0]], "scheduled_for": in_future(DAY) })
}

#[tokio::test]
async fn a_session_is_a_caller_of_the_whole_api() {
    let (server, mut owner) = with_owner().await;
    let answer = owner.post(&server, "/api/v1/posts", post_for_tomorrow(&server)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let id = answer.data()["post_id"].as_str().unwrap().to_owned();
    assert_eq!(owner.get(&server, &format!("/v1/posts/{id}")).await.data()["post_id"], id);
    let me = owner.get(&server, "/v1/me").await;
    assert_eq!(me.data()["user"]["email"], "ana@example.org");
    assert_eq!(me.data()["api_key"]["name"], "Dashboard");
    assert_eq!(me.data()["scopes"], json!(["read", "write", "ai", "approve"]));
    let gone = owner.send(&server, Method::DELETE, &format!("/v1/posts/{id}"), json!({})).await;
    assert_eq!(gone.status, StatusCode::OK);
}

#[tokio::test]
async fn a_change_needs_the_csrf_token_and_a_look_does_not() {
    let (server, owner) = with_owner().await;
    let body = post_for_tomorrow(&server);
    let stranger = member(&server, Role::Editor).await;
    for csrf in [None, Some(String::new()), Some("0".repeat(64)), stranger.csrf.clone(), owner.cookie.clone()]
    {
        let mut forged = Browser { cookie: owner.cookie.clone(), csrf };
        assert_eq!(forged.get(&server, "/v1/posts").await.status, StatusCode::OK);
        for path in ["/v1/posts", "/session/sign-out", "/session/invitations"] {
            let answer = forged.post(&server, path, body.clone()).await;
            assert_eq!(answer.refusal(), (403, "forbidden", ""), "{path}");
        }
        let with_key = {
            let mut request = forged.request(Method::POST, "/v1/posts", Some(&body));
            request.headers_mut().insert("idempotency-key", "one".parse().unwrap());
            server.send(request).await
        };
        assert_eq!(with_key.refusal(), (403, "forbidden", ""));
    }
    assert_eq!(owner.get(&server, "/v1/posts").await.data()["posts"], json!([]));
}

#[tokio::test]
async fn a_change_from_another_site_is_refused_even_with_the_token() {
    let (server, owner) = with_owner().await;
    let body = post_for_tomorrow(&server);
    let from = |origin: &str| {
        let mut request = owner.request(Method::POST, "/v1/posts", Some(&body));
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        request
    };
    for origin in ["https://evil.example", "null", "https://social.example.org.evil.example"] {
        assert_eq!(server.send(from(origin)).await.refusal(), (403, "forbidden", ""), "{origin}");
    }
    assert_eq!(server.send(from("https://social.example.org")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_key_needs_no_token_and_counts_before_a_cookie() {
    let (server, owner) = with_owner().await;
    let body = post_for_tomorrow(&server);
    let mut request =
        Browser { cookie: owner.cookie.clone(), csrf: None }.request(Method::POST, "/v1/posts", Some(&body));
    let key = format!("Bearer {}", server.key);
    request.headers_mut().insert(header::AUTHORIZATION, key.parse().unwrap());
    request.headers_mut().insert(header::ORIGIN, "https://somewhere.example".parse().unwrap());
    assert_eq!(server.send(request).await.status, StatusCode::CREATED);
    // A key that is not good is not made good by a cookie.
    let mut request = owner.request(Method::GET, "/v1/posts", None);
    request.headers_mut().insert(header::AUTHORIZATION, "Bearer pe_live_x".parse().unwrap());
    assert_eq!(server.send(request).await.refusal(), (401, "unauthorized", ""));
    // Nor does a key open what only people do.
    for path in ["/session/members", "/session/audit-log", "/session/api-keys"] {
        let answer = server.send(server.request(Method::GET, path, "")).await;
        assert_eq!(answer.refusal(), (401, "unauthorized", ""), "{path}");
    }
}

#[tokio::test]
async fn a_role_gives_the_scopes_that_its_people_need() {
    let (server, owner) = with_owner().await;
    let body = post_for_tomorrow(&server);
    for (browser, writes) in [
        (owner, true),
        (member(&server, Role::Admin).await, true),
        (member(&server, Role::Editor).await, true),
        (member(&server, Role::Approver).await, false),
        (member(&server, Role::Viewer).await, false),
    ] {
        let mut browser = browser;
        assert_eq!(browser.get(&server, "/v1/accounts").await.status, StatusCode::OK);
        let check = browser.post(&server, "/v1/posts/validate", body.clone()).await;
        assert_eq!(check.status, StatusCode::OK);
        let made = browser.post(&server, "/v1/posts", body.clone()).await;
        let caption = browser.post(&server, "/v1/ai/generate-caption", json!({ "prompt": "Soup" })).await;
        if writes {
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            assert_ne!(caption.refusal().0, 403, "{}", caption.body);
            continue;
        }
        for (answer, scope) in [(made, "write"), (caption, "ai")] {
            assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
            let error = &answer.body["error"];
            assert_eq!(error["details"]["required_scope"], scope);
            assert!(error["message"].as_str().unwrap().contains("role"), "{error}");
        }
    }
}

#[tokio::test]
async fn what_people_change_in_the_dashboard_is_written_down_and_what_they_only_try_is_not() {
    let (server, mut owner) = with_owner().await;
    let post = owner.post(&server, "/v1/posts", post_for_tomorrow(&server)).await;
    let id = post.data()["post_id"].as_str().unwrap().to_owned();
    owner.post(&server, "/v1/posts/validate", post_for_tomorrow(&server)).await;
    assert_eq!(owner.post(&server, "/v1/posts", json!({})).await.refusal().0, 400);
    server.clock.advance(Span::from_seconds(1));
    owner.send(&server, Method::DELETE, &format!("/api/v1/posts/{id}"), json!({})).await;
    let once = |request: &mut axum::http::Request<axum::body::Body>| {
        request.headers_mut().insert("idempotency-key", "campaign".parse().unwrap());
    };
    for _ in 0..2 {
        server.clock.advance(Span::from_seconds(1));
        let body = json!({ "name": "Autumn" });
        let mut request = owner.request(Method::POST, "/v1/campaigns", Some(&body));
        once(&mut request);
        assert_eq!(server.send(request).await.status, StatusCode::CREATED);
    }
    // What a key does is the key's.
    server.post("/posts", post_for_tomorrow(&server)).await;
    let log = log(&server, &owner).await;
    let requests: Vec<&str> = log
        .iter()
        .filter(|entry| entry["action"] == "request")
        .map(|entry| entry["detail"].as_str().unwrap())
        .collect();
    let deleted = format!("DELETE /posts/{id}");
    assert_eq!(requests, ["POST /campaigns", deleted.as_str(), "POST /posts"], "each once");
    let first = &log[0];
    assert_eq!((first["actor"].as_str(), first["user_id"].as_i64()), (Some("ana@example.org"), Some(501)));
    assert!(first["created_at"].is_string() && !first["address"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn events_are_followed_by_a_session_until_it_ends() {
    use futures_util::StreamExt as _;
    use tower::ServiceExt as _;
    let (server, mut owner) = with_owner().await;
    let request = owner.request(Method::GET, "/v1/events", None);
    let answer = server.routes().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut lines = answer.into_body().into_data_stream();
    assert!(lines.next().await.unwrap().unwrap().starts_with(b"retry"));
    owner.post(&server, "/session/sign-out", json!({})).await;
    server.clock.advance(Span::from_seconds(16));
    let rest: Vec<_> = lines.collect().await;
    assert!(rest.len() <= 1, "at most the beat that was due: {rest:?}");
}
