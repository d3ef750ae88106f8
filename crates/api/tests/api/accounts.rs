use axum::http::StatusCode;
use serde_json::json;

use crate::support::{DAY, EXPIRED, HEALTHY, START, Server};

#[tokio::test]
async fn the_list_has_the_documented_members_in_the_documented_order() {
    let server = Server::start().await;
    let answer = server.get("/accounts").await;
    assert_eq!(answer.status, StatusCode::OK);
    let account = answer.data()["accounts"][0].as_object().unwrap();
    let members: Vec<&str> = account.keys().map(String::as_str).collect();
    assert_eq!(
        members,
        ["account_id", "id", "platform", "account_name", "avatar_url", "is_active", "created_at", "health"]
    );
    insta::assert_json_snapshot!("account_list", answer.shape());
}

#[tokio::test]
async fn one_account_says_more() {
    let server = Server::start().await;
    insta::assert_json_snapshot!("account", server.get(&format!("/accounts/{EXPIRED}")).await.shape());
    insta::assert_json_snapshot!(
        "account_health",
        server.get(&format!("/accounts/{EXPIRED}/health")).await.shape()
    );
    let healthy = server.get(&format!("/accounts/{HEALTHY}/health")).await;
    assert_eq!(healthy.data()["status"], "healthy");
    assert_eq!(healthy.data()["reasons"], json!([]));
}

#[tokio::test]
async fn access_that_ends_soon_warns_and_stays_healthy_in_the_list() {
    let server = Server::start().await;
    let id = server.connect_until("linkedin", "soon", START + DAY).await;
    let health = server.get(&format!("/accounts/{id}/health")).await;
    assert_eq!(health.data()["status"], "warning");
    assert_eq!(health.data()["reasons"], json!(["token_expiring_soon"]));
    let account = server.get(&format!("/accounts/{id}")).await;
    assert_eq!(account.data()["health"]["status"], "healthy");
    server.clock.advance(DAY);
    let account = server.get(&format!("/accounts/{id}")).await;
    assert_eq!(account.data()["health"]["status"], "expired");
}

#[tokio::test]
async fn what_is_no_account_of_the_workspace_is_not_found() {
    let server = Server::start().await;
    let (_, foreign) = server.stranger().await;
    let foreign = foreign.to_string();
    for id in
        ["999", "0", "-1", "x", "3121.0", "+3121", "99999999999999999999", "%FF", "3121%00", foreign.as_str()]
    {
        for path in [format!("/accounts/{id}"), format!("/accounts/{id}/health")] {
            let answer = server.get(&path).await;
            assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
            assert_eq!(answer.body["error"]["message"], "Account not found.");
        }
    }
}

#[tokio::test]
async fn the_caller_and_the_platform_rules_are_shown() {
    let server = Server::start().await;
    insta::assert_json_snapshot!("me", server.get("/me").await.shape());
    let rules = server.get("/platform-rules").await;
    let platforms = &rules.data()["platforms"];
    assert_eq!(platforms.as_object().unwrap().len(), server.app.registry.entries().len());
    assert_eq!(platforms["bluesky"]["characterLimit"], 300);
    assert_eq!(platforms["bluesky"]["features"], json!(["threads", "quotes", "link_cards"]));
    insta::assert_json_snapshot!("platform_rules_of_x", platforms["x"]);
    assert!(platforms["wordpress"]["blog"].is_object());
    for rule in platforms.as_object().unwrap().values() {
        assert!(rule["media"].get("image").is_some() && rule["media"].get("video").is_some());
    }
}
