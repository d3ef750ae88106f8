//! Renewals against the emulated platforms: what fails there is no revocation unless it is one.

use domain::{AccountId, Span};
use testkit::{FaultKind, FaultSpec, Server};

const HOUR: Span = Span::from_hours(1);

fn fault(platform: &str, operation: &str, kind: FaultKind, times: u32) -> FaultSpec {
    FaultSpec { operation: Some(operation.to_owned()), times: Some(times), ..FaultSpec::new(platform, kind) }
}

async fn health(server: &Server, account: AccountId) -> serde_json::Value {
    server.get(&format!("/api/v1/accounts/{account}/health")).await
}

fn renewals(server: &Server, operation: &str) -> usize {
    server.sandbox.requests().iter().filter(|call| call.operation == operation).count()
}

#[tokio::test]
async fn a_platform_that_is_down_when_access_is_renewed_revokes_nothing() {
    for (platform, operation) in [("x", "refresh_token"), ("bluesky", "refresh_session")] {
        for kind in [FaultKind::Error, FaultKind::ResetBefore, FaultKind::RateLimit] {
            let server = Server::start().await;
            let account = server.connect(platform).await;
            server.refresh_tokens().await;
            server.fault(fault(platform, operation, kind, 4));
            server.clock.advance(HOUR.times(3));
            server.refresh_tokens().await;
            let down = health(&server, account).await;
            assert_eq!(
                (&down["status"], &down["needs_reconnection"]),
                (&"healthy".into(), &false.into()),
                "{down}"
            );
            for _ in 0..12 {
                server.clock.advance(Span::from_minutes(10));
                server.refresh_tokens().await;
            }
            let up = health(&server, account).await;
            assert_eq!(up["status"], "healthy", "{platform} {kind:?}: {up}");
            assert!(up["token"]["last_refresh"].is_string(), "{platform} {kind:?}: {up}");
            let post =
                server.create_post(serde_json::json!({ "content": "alive", "account_ids": [account] })).await;
            server.tick().await;
            let results = server.get(&format!("/api/v1/posts/{post}/results")).await;
            assert_eq!(results["results"][0]["status"], "published", "{results}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_token_that_is_used_once_ends_with_the_owner_and_not_in_a_loop() {
    let server = Server::start().await;
    let account = server.connect("x").await;
    server.refresh_tokens().await;
    server.fault(fault("x", "refresh_token", FaultKind::DropAfterAccept, 1));
    server.clock.advance(HOUR.times(3));
    for _ in 0..12 {
        server.refresh_tokens().await;
        server.clock.advance(HOUR);
    }
    let lost = health(&server, account).await;
    assert_eq!((&lost["status"], &lost["needs_reconnection"]), (&"broken".into(), &true.into()), "{lost}");
    assert_eq!(renewals(&server, "refresh_token"), 2, "the same once more, and then no more");
}

#[tokio::test]
async fn a_lost_answer_is_harmless_where_the_platform_repeats_it() {
    let server = Server::start().await;
    let account = server.connect("bluesky").await;
    server.refresh_tokens().await;
    server.fault(fault("bluesky", "refresh_session", FaultKind::DropAfterAccept, 1));
    server.clock.advance(HOUR.times(3));
    server.refresh_tokens().await;
    let health = health(&server, account).await;
    assert_eq!(health["status"], "healthy", "{health}");
    assert!(health["token"]["last_refresh"].is_string(), "{health}");
}

#[tokio::test]
async fn a_token_that_the_owner_revoked_is_found_by_a_probe() {
    let server = Server::start().await;
    let account = server.connect("linkedin").await;
    server.refresh_tokens().await;
    server.fault(fault("linkedin", "userinfo", FaultKind::TokenRevoked, 1));
    for _ in 0..10 {
        server.clock.advance(HOUR);
        server.refresh_tokens().await;
    }
    let health = health(&server, account).await;
    assert_eq!((&health["status"], &health["can_post"]), (&"broken".into(), &false.into()), "{health}");
    assert_eq!(health["reasons"], serde_json::json!(["needs_reconnection"]));
}
