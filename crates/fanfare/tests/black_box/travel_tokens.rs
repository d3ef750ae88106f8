//! Access over two months: what can be renewed lives on, what cannot warns and then says so.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use domain::Span;
use serde_json::{Value, json};

use crate::support::{Demo, now, pause};
use crate::travel::clock;

/// Makes an account on the sandbox's LinkedIn and connects it; its tokens, and its id here.
pub(crate) async fn add_linkedin(demo: &Demo, wanted: Value) -> (Value, i64) {
    let (status, text) = demo.post_to_sandbox("/_sandbox/accounts", wanted).await;
    assert!(status == 200 || status == 201, "{text}");
    let said = demo.run_on_folder(&["account", "add", "-"], &text);
    let id = said.split_whitespace().next().unwrap().parse().unwrap_or_else(|_| panic!("{said}"));
    let made: Value = serde_json::from_str(&text).unwrap();
    (made["credentials"].clone(), id)
}

async fn health(demo: &Demo, account: i64) -> Value {
    demo.get(&format!("/accounts/{account}/health")).await
}

/// The account's health once it is so.
async fn health_with(demo: &Demo, account: i64, is_so: impl Fn(&Value) -> bool) -> Value {
    let deadline = now() + Span::from_seconds(20);
    loop {
        let health = health(demo, account).await;
        if is_so(&health) {
            return health;
        }
        assert!(now() < deadline, "{health}");
        pause(Span::from_millis(50)).await;
    }
}

#[tokio::test]
async fn after_two_months_renewable_access_lives_and_the_rest_says_what_is_wrong() {
    let demo = Demo::start();
    let wanted = json!({ "platform": "linkedin", "username": "renewing", "token": true, "refresh": true });
    let (_, renewing) = add_linkedin(&demo, wanted).await;
    let ending = demo.account("linkedin");
    assert_eq!(health(&demo, ending).await["status"], "healthy");

    clock(&demo.sandbox_url, &["advance", "59d"]);
    let living = [demo.account("x"), demo.account("bluesky"), renewing];
    for account in living {
        let health = health(&demo, account).await;
        assert_eq!((&health["status"], &health["reasons"]), (&json!("healthy"), &json!([])), "{health}");
    }
    let soon = health(&demo, ending).await;
    assert_eq!((&soon["status"], &soon["reasons"]), (&json!("warning"), &json!(["token_expiring_soon"])));
    assert_eq!(soon["token"]["expiring_soon"], true);
    // LinkedIn's token was renewed within its margin, though nothing was published.
    health_with(&demo, renewing, |health| health["token"]["last_refresh"].is_string()).await;
    let body =
        json!({ "content": "two months later", "account_ids": [living[0], living[1], living[2], ending] });
    let post = demo.create_post(body).await;
    for result in demo.ended(&post).await {
        assert_eq!(result["status"], "published", "{result}");
    }

    clock(&demo.sandbox_url, &["advance", "2d"]);
    let broken = health_with(&demo, ending, |health| health["needs_reconnection_since"].is_string()).await;
    assert_eq!((&broken["status"], &broken["can_post"]), (&json!("broken"), &json!(false)));
    assert_eq!(broken["reasons"], json!(["needs_reconnection", "token_expired"]));
    let listed = demo.get("/accounts").await;
    let short = listed["accounts"].as_array().unwrap().iter().find(|it| it["account_id"] == ending).unwrap();
    assert_eq!(short["health"], json!({ "status": "expired", "can_post": false }));
    let post = demo.create_post(json!({ "content": "too late", "account_ids": [ending] })).await;
    let result = &demo.ended(&post).await[0];
    assert_eq!(result["status"], "failed", "{result}");
    assert!(result["error"].to_string().contains("access has expired"), "{result}");
    let post = demo.create_post(json!({ "content": "and on", "account_ids": [renewing] })).await;
    assert_eq!(demo.ended(&post).await[0]["status"], "published");
}
