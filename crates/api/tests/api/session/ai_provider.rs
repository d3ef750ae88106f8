//! The provider of captions and pictures, set by who runs the installation.

use app::App;
use app::ai::AiInUse;
use app::people::operator;
use axum::http::Method;
use serde_json::{Value, json};
use testkit::{FaultKind, FaultSpec};

use super::installation::with_operator;
use super::{Browser, PASSWORD, log};
use crate::support::{Answer, Server};

const PROVIDER: &str = "/session/ai-provider";
const TEST: &str = "/session/ai-provider/test";

/// A server that lets private networks through, with its operator.
async fn inside() -> (Server, Browser) {
    let server = Server::with_private_networks().await;
    operator::set_password(&server.app, "ana@example.org", PASSWORD).await.unwrap();
    operator::set_operator(&server.app, "ana@example.org", true).await.unwrap();
    let browser = Browser::sign_in(&server, "ana@example.org").await;
    (server, browser)
}

async fn put(server: &Server, browser: &mut Browser, body: Value) -> Answer {
    browser.send(server, Method::PUT, PROVIDER, body).await
}

async fn shown(server: &Server, browser: &Browser) -> Value {
    browser.get(server, "/session/server").await.data()["ai"].clone()
}

/// The sandbox's provider under its own address, as if it were somebody's.
fn of_sandbox(server: &Server, key: &str) -> Value {
    let base = format!("{}/api.openai.com/v1", server.sandbox_url);
    json!({ "base_url": base, "api_key": key, "caption_model": "gpt-4.1-mini", "image_model": "" })
}

#[tokio::test]
async fn a_provider_that_is_set_is_asked_from_then_on_and_its_key_never_comes_back() {
    let (server, mut browser) = inside().await;
    let good = server.app.ai.now().api_key.clone();
    assert_eq!(shown(&server, &browser).await["provider"]["source"], "sandbox");
    let answer = put(&server, &mut browser, of_sandbox(&server, "sk-sandbox-wrong-key")).await;
    assert!(answer.status.is_success() && !answer.body.to_string().contains("wrong-key"), "{}", answer.body);
    let ai = shown(&server, &browser).await;
    assert_eq!(
        (ai["provider"]["source"].as_str(), ai["provider"]["has_key"].as_bool()),
        (Some("stored"), Some(true))
    );
    assert_eq!(ai["image_models"], json!([]));

    // What the provider says of the key, and nothing of the key.
    let made = server.app.ai.now().api_key.clone();
    assert_eq!(made, "sk-sandbox-wrong-key");
    server.fault(FaultSpec { status: Some(401), ..FaultSpec::new("openai", FaultKind::Error) });
    let tested = browser.post(&server, TEST, json!({})).await;
    assert_eq!(
        (tested.data()["works"].as_bool(), tested.data()["passing"].as_bool()),
        (Some(false), Some(false))
    );
    assert!(
        tested.data()["message"].as_str().unwrap().contains("refuses this server's key"),
        "{}",
        tested.body
    );

    assert!(put(&server, &mut browser, of_sandbox(&server, &good)).await.status.is_success());
    let tested = browser.post(&server, TEST, json!({})).await;
    assert_eq!(tested.data()["works"], true, "{}", tested.body);
    // Without a key the stored one stays, for the same provider only.
    let mut body = of_sandbox(&server, "");
    body.as_object_mut().unwrap().remove("api_key");
    assert!(put(&server, &mut browser, body.clone()).await.status.is_success());
    assert_eq!(server.app.ai.now().api_key, good);
    body["base_url"] = json!("http://127.0.0.1:1/v1");
    assert_eq!(
        put(&server, &mut browser, body.clone()).await.refusal(),
        (400, "validation_error", "api_key")
    );

    body["api_key"] = json!("");
    assert!(put(&server, &mut browser, body).await.status.is_success());
    let tested = browser.post(&server, TEST, json!({})).await;
    assert_eq!(tested.data()["passing"], true, "{}", tested.body);
    assert!(tested.data()["message"].as_str().unwrap().contains("does not answer"));

    assert!(browser.send(&server, Method::DELETE, PROVIDER, json!({})).await.status.is_success());
    assert_eq!(shown(&server, &browser).await["provider"]["source"], "sandbox");
    let again = browser.send(&server, Method::DELETE, PROVIDER, json!({})).await;
    assert_eq!(again.refusal(), (404, "not_found", ""));
    // All at the same moment, so in no order.
    let lines = log(&server, &browser).await;
    let of = |action: &str| lines.iter().filter(|line| line["action"] == action).count();
    assert_eq!((of("ai_provider_set"), of("ai_provider_remove")), (4, 1));
}

#[tokio::test]
async fn what_cannot_be_a_provider_is_refused_with_its_field() {
    let (server, mut browser) = with_operator().await;
    let good = json!({ "base_url": "https://ai.example.org/v1", "api_key": "k", "caption_model": "m" });
    for (name, value, field) in [
        ("base_url", json!(null), "base_url"),
        ("base_url", json!("nowhere"), "base_url"),
        ("base_url", json!("ftp://ai.example.org"), "base_url"),
        ("base_url", json!("http://ai.example.org/v1"), "base_url"),
        ("base_url", json!("https://me:secret@ai.example.org/v1"), "base_url"),
        ("base_url", json!("https://ai.example.org/v1?key=1"), "base_url"),
        ("base_url", json!("https://127.0.0.1/v1"), "base_url"),
        ("base_url", json!("https://[::1]/v1"), "base_url"),
        ("base_url", json!(7), "base_url"),
        ("api_key", json!("a\u{0}b"), "api_key"),
        ("api_key", json!(null), "api_key"),
        ("caption_model", json!(""), "caption_model"),
        ("caption_model", json!("two words"), "caption_model"),
        ("image_model", json!("m".repeat(1_001)), "image_model"),
    ] {
        let mut body = good.clone();
        body[name] = value.clone();
        let answer = put(&server, &mut browser, body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{name} {value}: {}", answer.body);
    }
    assert_eq!(shown(&server, &browser).await["provider"]["source"], "sandbox");
}

#[tokio::test]
async fn the_provider_of_the_configuration_is_not_changed() {
    let (server, mut browser) = with_operator().await;
    let server = server.with_app(|app| App { ai: AiInUse::new((*app.ai.now()).clone(), true), ..app });
    let body = json!({ "base_url": "https://ai.example.org/v1", "api_key": "k", "caption_model": "m" });
    assert_eq!(put(&server, &mut browser, body).await.refusal(), (409, "conflict", ""));
    let answer = browser.send(&server, Method::DELETE, PROVIDER, json!({})).await;
    assert_eq!(answer.refusal(), (409, "conflict", ""));
    assert_eq!(shown(&server, &browser).await["provider"]["source"], "configuration");
    assert_eq!(browser.post(&server, TEST, json!({})).await.data()["works"], true);
}
