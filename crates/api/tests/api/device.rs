//! Letting a device in.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::Span;
use domain::api_key::Scope;
use serde_json::{Value, json};

use crate::support::{HOUR, LIMITS, START, Server};

impl Server {
    async fn begin_device(&self) -> Value {
        let body = json!({ "client_name": "CLI on <ana>" });
        self.call_as(None, Method::POST, "/auth/device", Some(body)).await.data().clone()
    }

    async fn poll_device(&self, begun: &Value) -> Value {
        let body = json!({ "device_code": begun["device_code"] });
        self.call_as(None, Method::POST, "/auth/device/token", Some(body)).await.data().clone()
    }

    /// Sends the form of the page.
    async fn decide(&self, code: &str, key: &str, what: &str) -> (StatusCode, String) {
        let form = format!("code={code}&key={key}&do={what}");
        let request =
            Request::post("/device").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let (status, _, bytes) = self.raw(request.body(Body::from(form)).unwrap()).await;
        (status, String::from_utf8(bytes).unwrap())
    }
}

fn code(begun: &Value) -> &str {
    begun["user_code"].as_str().unwrap()
}

#[tokio::test]
async fn a_device_gets_its_key_once_after_a_person_approved() {
    let server = Server::start().await;
    let begun = server.begin_device().await;
    assert_eq!(begun["verification_uri"], "https://social.example.org/device");
    assert_eq!(
        begun["verification_uri_complete"],
        format!("https://social.example.org/device?code={}", code(&begun))
    );
    assert_eq!((&begun["interval"], &begun["expires_in"]), (&json!(5), &json!(900)));
    assert_eq!(server.poll_device(&begun).await, json!({ "status": "pending" }));
    assert_eq!(server.poll_device(&begun).await, json!({ "status": "slow_down" }));
    server.clock.advance(Span::from_seconds(5));
    assert_eq!(server.poll_device(&begun).await["status"], "pending");

    let page = Request::get(format!("/device?code={}", code(&begun))).body(Body::empty()).unwrap();
    let (_, headers, bytes) = server.raw(page).await;
    let page = String::from_utf8(bytes).unwrap();
    assert!(page.contains("CLI on &lt;ana&gt;") && page.contains(code(&begun)), "{page}");
    assert!(headers["content-security-policy"].to_str().unwrap().contains("form-action 'self'"));

    let lower = code(&begun).to_lowercase().replace('-', "");
    let (status, page) = server.decide(&lower, &server.key, "approve").await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("is let in") && !page.contains(&server.key), "{page}");
    let told = server.poll_device(&begun).await;
    assert_eq!(told["status"], "authorized", "{told}");
    assert_eq!(told["user"]["email"], "ana@example.org");
    assert_eq!(told["organization_id"], server.organization.id.to_string());
    let key = told["api_key"].as_str().unwrap();
    let me = server.call_as(Some(key), Method::GET, "/me", None).await;
    assert_eq!(me.data()["scopes"], json!(["read", "write", "ai"]));
    assert_eq!(me.data()["api_key"]["name"], "CLI on <ana>");
    assert_eq!(server.poll_device(&begun).await, json!({ "status": "expired" }), "once");
    assert_eq!(server.decide(code(&begun), &server.key, "approve").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_device_is_turned_away_or_comes_too_late() {
    let server = Server::start().await;
    let begun = server.begin_device().await;
    assert_eq!(server.decide(code(&begun), &server.key, "deny").await.0, StatusCode::OK);
    assert_eq!(server.poll_device(&begun).await, json!({ "status": "denied" }));

    let late = server.begin_device().await;
    server.clock.advance(Span::from_minutes(15));
    assert_eq!(server.poll_device(&late).await, json!({ "status": "expired" }));
    assert_eq!(server.decide(code(&late), &server.key, "approve").await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.poll_device(&json!({ "device_code": "d_unknown" })).await["status"], "expired");
    let missing = server.call_as(None, Method::POST, "/auth/device/token", Some(json!({}))).await;
    assert_eq!(missing.refusal(), (400, "validation_error", "device_code"));
}

#[tokio::test]
async fn only_a_key_that_may_write_lets_a_device_in_and_with_no_more_than_it_has() {
    let server = Server::start().await;
    let begun = server.begin_device().await;
    let reader = server.new_key(vec![Scope::Read], None).await;
    for (key, status) in
        [(reader.as_str(), 403), ("pe_live_00000000000000000000000000000000", 401), ("", 401)]
    {
        let (refused, page) = server.decide(code(&begun), key, "approve").await;
        assert_eq!(refused.as_u16(), status, "{page}");
        assert!(page.contains("role=\"alert\""), "{page}");
    }
    server.clock.advance(Span::from_seconds(5));
    assert_eq!(server.poll_device(&begun).await["status"], "pending");

    let scopes = vec![Scope::Read, Scope::Write, Scope::Approve];
    let small = server.new_key(scopes, Some(START + HOUR)).await;
    assert_eq!(server.decide(code(&begun), &small, "approve").await.0, StatusCode::OK);
    let told = server.poll_device(&begun).await;
    let me = server.call_as(told["api_key"].as_str(), Method::GET, "/me", None).await;
    assert_eq!(me.data()["scopes"], json!(["read", "write"]), "nor more than is asked for");
    assert_eq!(me.data()["api_key"]["expires_at"], (START + HOUR).to_iso_millis());
}

#[tokio::test]
async fn an_organization_with_ten_keys_lets_no_device_in() {
    let server = Server::start().await;
    let begun = server.begin_device().await;
    assert_eq!(server.decide(code(&begun), &server.key, "approve").await.0, StatusCode::OK);
    for _ in 1..10 {
        server.new_key(vec![Scope::Read], None).await;
    }
    let body = json!({ "device_code": begun["device_code"] });
    let full = server.call_as(None, Method::POST, "/auth/device/token", Some(body)).await;
    assert_eq!(full.refusal(), (409, "conflict", ""), "{}", full.body);
    let other = server.begin_device().await;
    assert_eq!(server.decide(code(&other), &server.key, "approve").await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_address_that_floods_is_held_back() {
    let server = Server::with_limits(LIMITS).await;
    let mut last = None;
    for _ in 0..21 {
        last = Some(server.call_as(None, Method::POST, "/auth/device", None).await);
    }
    let last = last.unwrap();
    assert_eq!(last.refusal(), (429, "rate_limit_exceeded", ""));
    assert!(last.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds <= 60));
    server.clock.advance(Span::from_minutes(1));
    assert!(server.call_as(None, Method::POST, "/auth/device", None).await.status.is_success());
}
