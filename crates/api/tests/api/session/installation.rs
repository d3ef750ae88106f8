//! Who runs the installation: the apps at platforms, and the last backup.

use app::people::operator;
use axum::http::Method;
use domain::people::Role;
use domain::{PlatformName, Span};
use serde_json::{Value, json};
use store::{BackupRow, PlatformApp};

use super::{Browser, PASSWORD, add, log, with_owner};
use crate::support::{START, Server};

const LINKEDIN: &str = "/session/platform-apps/linkedin";

/// A server whose owner also runs it.
pub(super) async fn with_operator() -> (Server, Browser) {
    let (server, browser) = with_owner().await;
    operator::set_operator(&server.app, "ana@example.org", true).await.unwrap();
    (server, browser)
}

async fn app_of(server: &Server, browser: &Browser, platform: &str) -> Value {
    let answer = browser.get(server, "/session/server").await;
    let platforms = answer.data()["platforms"].as_array().unwrap().clone();
    platforms.into_iter().find(|one| one["platform"] == platform).unwrap()["app"].clone()
}

/// The id with which the server sends people to LinkedIn.
fn used(server: &Server) -> String {
    let name = PlatformName::from_static("linkedin");
    server.app.outside.platforms.get(&name).unwrap().app.client_id.clone()
}

fn app(id: &str, secret: &str) -> Value {
    json!({ "client_id": id, "client_secret": secret })
}

#[tokio::test]
async fn an_app_is_used_as_soon_as_it_is_set_and_its_secret_never_comes_back() {
    let (server, mut browser) = with_operator().await;
    assert_eq!(app_of(&server, &browser, "linkedin").await["source"], "sandbox");
    let answer = browser.send(&server, Method::PUT, LINKEDIN, app(" my-app ", "a-secret-nobody-sees")).await;
    assert!(answer.status.is_success() && !answer.body.to_string().contains("a-secret"), "{}", answer.body);
    let shown = app_of(&server, &browser, "linkedin").await;
    assert_eq!(shown["source"], "stored");
    assert_eq!((shown["client_id"].as_str(), shown["updated_at"].is_string()), (Some("my-app"), true));
    assert!(!browser.get(&server, "/session/server").await.body.to_string().contains("a-secret"));
    assert_eq!(used(&server), "my-app");
    // The engine works with the same settings.
    let link = server.post("/accounts/connect-link", json!({ "platform": "linkedin" })).await;
    assert_eq!(link.status, 201);
    let stored = server.app.store.list_platform_apps().await.unwrap();
    assert_eq!(stored[0].client_secret, "a-secret-nobody-sees");

    let answer = browser.send(&server, Method::DELETE, LINKEDIN, json!({})).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    assert_eq!(used(&server), "sandbox-linkedin-client");
    let again = browser.send(&server, Method::DELETE, LINKEDIN, json!({})).await;
    assert_eq!(again.refusal(), (404, "not_found", ""));
    let mut lines: Vec<(String, String)> = log(&server, &browser)
        .await
        .iter()
        .map(|line| (line["action"].as_str().unwrap().into(), line["detail"].as_str().unwrap().into()))
        .filter(|(action, _): &(String, String)| action.starts_with("platform_app"))
        .collect();
    // Both at the same moment.
    lines.sort();
    assert_eq!(
        lines,
        [
            ("platform_app_remove".to_owned(), "LinkedIn".to_owned()),
            ("platform_app_set".to_owned(), "LinkedIn: my-app".to_owned())
        ]
    );
}

#[tokio::test]
async fn what_another_process_stores_is_found_at_the_next_look() {
    let (server, _) = with_operator().await;
    server.app.installation.refresh(&server.app).await.unwrap();
    let name = PlatformName::from_static("linkedin");
    let stored = PlatformApp {
        platform: name.clone(),
        client_id: "from-the-shell".to_owned(),
        client_secret: "s".to_owned(),
        updated_at: START,
    };
    server.app.store.put_platform_app(stored, [7; 24], Vec::new()).await.unwrap();
    assert_eq!(used(&server), "sandbox-linkedin-client");
    server.app.installation.refresh(&server.app).await.unwrap();
    assert_eq!(used(&server), "from-the-shell");
    server.app.store.remove_platform_app(&name, Vec::new()).await.unwrap();
    server.app.installation.refresh(&server.app).await.unwrap();
    assert_eq!(used(&server), "sandbox-linkedin-client");
}

#[tokio::test]
async fn what_cannot_be_an_app_is_refused_with_its_field() {
    let (server, mut browser) = with_operator().await;
    let long = "x".repeat(1_001);
    for (body, field) in [
        (json!({}), "client_id"),
        (app("", "s"), "client_id"),
        (app("  ", "s"), "client_id"),
        (app("id", ""), "client_secret"),
        (app("i d", "s"), "client_id"),
        (app("id", "s\u{0}"), "client_secret"),
        (app("id", "line\nbreak"), "client_secret"),
        (app(&long, "s"), "client_id"),
        (app("id", &long), "client_secret"),
        (json!({ "client_id": 7, "client_secret": "s" }), "client_id"),
        (json!({ "client_id": "id", "client_secret": ["s"] }), "client_secret"),
    ] {
        let answer = browser.send(&server, Method::PUT, LINKEDIN, body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{}", answer.body);
    }
    for (platform, status, code) in
        [("nowhere", 404, "not_found"), ("bluesky", 409, "conflict"), ("%00", 404, "not_found")]
    {
        let path = format!("/session/platform-apps/{platform}");
        let answer = browser.send(&server, Method::PUT, &path, app("id", "s")).await;
        assert_eq!(answer.refusal(), (status, code, ""), "{platform}");
    }
    assert_eq!(used(&server), "sandbox-linkedin-client");
}

#[tokio::test]
async fn an_owner_who_does_not_run_the_installation_changes_and_sees_nothing_of_it() {
    let (server, mut owner) = with_owner().await;
    let answer = owner.send(&server, Method::PUT, LINKEDIN, app("id", "s")).await;
    assert_eq!(answer.refusal(), (403, "forbidden", ""));
    let answer = owner.send(&server, Method::DELETE, LINKEDIN, json!({})).await;
    assert_eq!(answer.refusal(), (403, "forbidden", ""));
    let shown = owner.get(&server, "/session/server").await;
    assert_eq!(shown.data()["is_operator"], false);
    assert!(shown.data()["backup"].is_null());
    assert!(app_of(&server, &owner, "linkedin").await.is_null());
    assert_eq!(owner.get(&server, "/session").await.data()["user"]["is_operator"], false);

    // One who runs it needs no role for that.
    add(&server, &server.organization, "op@example.org", Role::Viewer).await;
    operator::set_operator(&server.app, "OP@example.org", true).await.unwrap();
    let mut viewer = Browser::sign_in_as(&server, "op@example.org", PASSWORD).await;
    assert_eq!(viewer.get(&server, "/session").await.data()["user"]["is_operator"], true);
    assert!(viewer.send(&server, Method::PUT, LINKEDIN, app("id", "s")).await.status.is_success());
    operator::set_operator(&server.app, "op@example.org", false).await.unwrap();
    let answer = viewer.send(&server, Method::PUT, LINKEDIN, app("other", "s")).await;
    assert_eq!(answer.refusal(), (403, "forbidden", ""));
    assert_eq!(used(&server), "id");
    let lines = log(&server, &owner).await;
    let of = |action: &str| lines.iter().filter(|line| line["action"] == action).count();
    assert_eq!((of("operator_add"), of("operator_remove"), of("platform_app_set")), (1, 1, 1));
}

#[tokio::test]
async fn the_last_backup_is_shown_and_said_to_be_due_after_a_week() {
    let (server, browser) = with_operator().await;
    let shown = async || browser.get(&server, "/session/server").await.data()["backup"].clone();
    let none = shown().await;
    assert_eq!((none["due"].as_bool(), none["last"].is_null()), (Some(true), true));
    let backup = |name: &str, made_at| BackupRow {
        made_at,
        name: name.to_owned(),
        size_bytes: 4_096,
        duration: Span::from_millis(2_500),
    };
    server.app.store.record_backup(backup("monday", START)).await.unwrap();
    // One that began before and ended later.
    server.app.store.record_backup(backup("sunday", START - Span::from_hours(24))).await.unwrap();
    let last = shown().await;
    assert_eq!(last["due"], false);
    assert_eq!(
        last["last"],
        json!({ "made_at": START.to_iso_millis(), "name": "monday", "size_bytes": 4096, "seconds": 2 })
    );
    server.clock.set(START + Span::from_hours(7 * 24));
    assert_eq!(shown().await["due"], false);
    server.clock.set(START + Span::from_hours(7 * 24) + Span::from_seconds(1));
    assert_eq!(shown().await["due"], true);
}
