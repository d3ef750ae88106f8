use axum::http::{Method, StatusCode};

use crate::support::Server;

#[tokio::test]
async fn the_pages_load_nothing_from_elsewhere() {
    let server = Server::start().await;
    for path in ["/", "/docs"] {
        let (status, headers, bytes) = server.raw(server.request(Method::GET, path, "")).await;
        assert_eq!(status, StatusCode::OK);
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let page = String::from_utf8(bytes).unwrap();
        assert!(!page.contains("{{"), "{path}: everything is filled in");
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "the policy forbids it");
        for tag in ["<script src", "<link rel=\"stylesheet\"", "@import", "url("] {
            assert!(!page.contains(tag), "{path}: {tag}");
        }
    }
    let (_, _, bytes) = server.raw(server.request(Method::GET, "/", "")).await;
    let page = String::from_utf8(bytes).unwrap();
    assert!(page.contains("https://social.example.org/api/v1"));
    assert!(page.contains("http://127.0.0.1:9090/"));
}

#[tokio::test]
async fn the_document_and_the_sign_of_life_need_no_key() {
    let server = Server::start().await;
    for path in ["/api/v1/openapi.json", "/v1/openapi.json", "/healthz"] {
        let mut request = server.request(Method::GET, path, "");
        request.headers_mut().clear();
        let (status, headers, bytes) = server.raw(request).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(headers["content-type"], "application/json");
        assert!(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap().is_object());
    }
}

#[tokio::test]
async fn what_is_no_route_is_answered_in_the_envelope() {
    let server = Server::start().await;
    for path in ["/api/v1/nothing", "/api/v1", "/api/v1/", "/v1/accounts/", "/api/v2/posts", "/wp-login.php"]
    {
        let answer = server.send(server.request(Method::GET, path, "")).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_answered_with_those_it_takes() {
    let server = Server::start().await;
    for (method, path, allowed) in [
        (Method::PUT, "/api/v1/posts", "GET,HEAD,POST"),
        (Method::DELETE, "/api/v1/accounts", "GET,HEAD"),
        (Method::TRACE, "/v1/me", "GET,HEAD"),
        (Method::OPTIONS, "/api/v1/posts", "GET,HEAD,POST"),
        (Method::POST, "/api/v1/openapi.json", "GET,HEAD"),
        (Method::POST, "/", "GET,HEAD"),
    ] {
        let answer = server.send(server.request(method.clone(), path, "")).await;
        assert_eq!(answer.refusal(), (405, "method_not_allowed", ""), "{method} {path}");
        let mut given: Vec<&str> = answer.header("allow").split(',').collect();
        given.sort_unstable();
        assert_eq!(given.join(","), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let server = Server::start().await;
    let (status, headers, bytes) = server.raw(server.request(Method::HEAD, "/api/v1/me", "")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(bytes.is_empty());
    assert!(headers.contains_key("x-ratelimit-limit"));
}
