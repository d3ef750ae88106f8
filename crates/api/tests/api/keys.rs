use axum::http::{Method, header};
use domain::api_key::Scope;
use serde_json::Value;

use crate::support::{HOUR, START, Server};

/// Every operation of the API document, with its path filled in.
fn operations() -> Vec<(Method, String)> {
    let document = serde_json::to_value(fanfare_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let mut found = Vec::new();
    for (path, methods) in paths {
        let uuid = "0192f5a0-0000-7000-8000-000000000000";
        let path = ["{post_id}", "{session_id}", "{webhook_id}", "{delivery_id}"]
            .iter()
            .fold(path.replace("{account_id}", "1").replace("{campaign_id}", "1"), |path, name| {
                path.replace(name, uuid)
            });
        for (method, operation) in methods.as_object().unwrap() {
            // A device gets its first key by these.
            if operation["security"] == serde_json::json!([{}]) {
                assert!(path.starts_with("/auth/device"), "{path}");
                continue;
            }
            found.push((method.to_uppercase().parse().unwrap(), path.clone()));
        }
    }
    assert!(found.len() >= 13, "{found:?}");
    found
}

#[tokio::test]
async fn no_operation_answers_without_a_key() {
    let server = Server::start().await;
    for (method, path) in operations() {
        let answer = server.call_as(None, method.clone(), &path, None).await;
        assert_eq!(answer.refusal(), (401, "unauthorized", ""), "{method} {path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_eq!(answer.header("x-ratelimit-limit"), "1000000");
        assert_eq!(answer.header("x-ratelimit-remaining"), "1000000");
    }
}

#[tokio::test]
async fn every_operation_asks_for_its_scope() {
    let server = Server::start().await;
    let reader = server.new_key(vec![Scope::Read], None).await;
    let writer = server.new_key(vec![Scope::Write, Scope::Ai], None).await;
    let approver = server.new_key(vec![Scope::Approve], None).await;
    for (method, path) in operations() {
        // Asking what would become of a post changes nothing.
        let reads = method == Method::GET || path == "/posts/validate";
        let decides = path.ends_with("/approve") || path.ends_with("/request-changes");
        let write = if path.starts_with("/ai/") { "ai" } else { "write" };
        let (lacking, scope) = match (reads, decides) {
            (true, _) => (&writer, "read"),
            (false, true) => (&writer, "approve"),
            (false, false) => (&reader, write),
        };
        let answer = server.call_as(Some(lacking), method.clone(), &path, None).await;
        assert_eq!(answer.refusal(), (403, "insufficient_scope", ""), "{method} {path}");
        assert_eq!(answer.body["error"]["details"]["required_scope"], scope);
        if path == "/events" || path == "/posts/export" {
            // What is answered has no end, or no envelope.
            continue;
        }
        let enough = match (reads, decides) {
            (true, _) => &reader,
            (false, true) => &approver,
            (false, false) => &writer,
        };
        let answer = server.call_as(Some(enough), method.clone(), &path, None).await;
        assert!(!matches!(answer.status.as_u16(), 401 | 403 | 405), "{method} {path}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_key_that_is_not_good_is_refused_with_the_reason() {
    let server = Server::start().await;
    let expired = server.new_key(Scope::USUAL.to_vec(), Some(START + HOUR)).await;
    assert!(server.call_as(Some(&expired), Method::GET, "/me", None).await.status.is_success());
    server.clock.advance(HOUR);
    let unknown = "pe_live_00000000000000000000000000000000";
    for (key, reason) in [
        (expired.as_str(), "expired"),
        (unknown, "not known"),
        ("pe_live_x", "malformed"),
        ("sk_other", "malformed"),
        ("' OR 1=1 --", "malformed"),
    ] {
        let answer = server.call_as(Some(key), Method::GET, "/me", None).await;
        assert_eq!(answer.refusal(), (401, "unauthorized", ""), "{key}");
        assert!(answer.body["error"]["message"].as_str().unwrap().contains(reason), "{key}");
    }
}

#[tokio::test]
async fn only_a_bearer_header_is_a_key() {
    let server = Server::start().await;
    for value in ["", "Bearer", "Bearer ", "Basic abc", &server.key.clone()] {
        let mut request = server.request(Method::GET, "/api/v1/me", "");
        request.headers_mut().insert(header::AUTHORIZATION, value.parse().unwrap());
        assert_eq!(server.send(request).await.refusal(), (401, "unauthorized", ""), "{value}");
    }
    let lower = format!("bearer  {}", server.key);
    let mut request = server.request(Method::GET, "/api/v1/me", "");
    request.headers_mut().insert(header::AUTHORIZATION, lower.parse().unwrap());
    assert!(server.send(request).await.status.is_success());
}

#[tokio::test]
async fn the_path_works_with_and_without_api_and_doubled() {
    let server = Server::start().await;
    for prefix in ["/api/v1", "/v1", "/api/v1/api/v1"] {
        let answer = server.send(server.request(Method::GET, &format!("{prefix}/me"), "")).await;
        assert_eq!(answer.data()["api_key"]["name"], Value::from("test"), "{prefix}");
    }
}
