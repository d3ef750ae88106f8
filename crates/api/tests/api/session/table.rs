//! Who may ask for what: every route under `/session`, for everybody.

use axum::http::Method;
use domain::people::Role;
use serde_json::{Value, json};

use super::{Browser, PASSWORD, member, with_owner};
use crate::support::Server;

/// Where browsers come back to from the other system. It leads them on instead of answering in JSON.
const CALLBACK: &str = "/session/provider/callback";

/// Whom a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// Whoever comes, signed in or not.
    Everybody,
    /// Who is signed in, whatever they are.
    Members,
    /// Owners and admins.
    Managers,
    /// Who runs the installation.
    Operators,
}

/// Each route, whom it is for, and something to send it that an owner may send.
fn table() -> Vec<(&'static str, &'static str, For, Value)> {
    use For::{Everybody, Managers, Members, Operators};
    let nothing = json!({});
    let token = "0".repeat(64);
    vec![
        ("GET", "/session", Everybody, nothing.clone()),
        (
            "POST",
            "/session/setup",
            Everybody,
            json!({ "setup_token": token, "email": "a@b", "password": PASSWORD, "name": "A" }),
        ),
        ("POST", "/session/sign-in", Everybody, json!({ "email": "a@b", "password": PASSWORD })),
        ("POST", "/session/sign-in-link", Everybody, json!({ "token": token })),
        (
            "POST",
            "/session/invitations/accept",
            Everybody,
            json!({ "token": token, "name": "A", "password": PASSWORD }),
        ),
        ("POST", "/session/passkeys/sign-in/challenge", Everybody, nothing.clone()),
        (
            "POST",
            "/session/passkeys/sign-in",
            Everybody,
            json!({ "token": token, "credential": { "id": "AA", "type": "public-key" } }),
        ),
        ("POST", "/session/provider", Everybody, nothing.clone()),
        ("GET", CALLBACK, Everybody, nothing.clone()),
        ("POST", "/session/sign-out", Members, nothing.clone()),
        ("POST", "/session/sign-out-everywhere", Members, nothing.clone()),
        ("POST", "/session/organization", Members, json!({ "organization_id": uuid::Uuid::nil() })),
        ("GET", "/session/sessions", Members, nothing.clone()),
        ("DELETE", "/session/sessions/{id}", Members, nothing.clone()),
        ("PATCH", "/session/user", Members, json!({ "name": "Somebody else" })),
        ("POST", "/session/email", Members, json!({ "email": "new@example.org", "password": "wrong" })),
        ("POST", "/session/password", Members, json!({ "current": "wrong", "new": "another long one" })),
        ("GET", "/session/passkeys", Members, nothing.clone()),
        ("POST", "/session/passkeys/challenge", Members, nothing.clone()),
        ("POST", "/session/passkeys", Members, json!({ "token": token, "name": "Key", "credential": {} })),
        ("PATCH", "/session/passkeys/{id}", Members, json!({ "name": "Key" })),
        ("DELETE", "/session/passkeys/{id}", Members, nothing.clone()),
        ("GET", "/session/identities", Members, nothing.clone()),
        ("DELETE", "/session/identities/{id}", Members, nothing.clone()),
        ("POST", "/session/provider/link", Members, nothing.clone()),
        ("GET", "/session/members", Members, nothing.clone()),
        ("PATCH", "/session/members/{user_id}", Managers, json!({ "role": "viewer" })),
        ("DELETE", "/session/members/{user_id}", Managers, nothing.clone()),
        ("GET", "/session/invitations", Managers, nothing.clone()),
        ("POST", "/session/invitations", Managers, json!({ "email": "new@example.org", "role": "editor" })),
        ("DELETE", "/session/invitations/{id}", Managers, nothing.clone()),
        ("GET", "/session/api-keys", Managers, nothing.clone()),
        ("POST", "/session/api-keys", Managers, json!({ "name": "k", "scopes": ["read"] })),
        ("DELETE", "/session/api-keys/{id}", Managers, nothing.clone()),
        ("GET", "/session/audit-log", Managers, nothing.clone()),
        ("GET", "/session/requests", Managers, nothing.clone()),
        ("GET", "/session/server", Managers, nothing.clone()),
        (
            "PUT",
            "/session/platform-apps/{platform}",
            Operators,
            json!({ "client_id": "id", "client_secret": "secret" }),
        ),
        ("DELETE", "/session/platform-apps/{platform}", Operators, nothing.clone()),
        (
            "PUT",
            "/session/ai-provider",
            Operators,
            json!({ "base_url": "https://ai.example.org/v1", "api_key": "k", "caption_model": "m" }),
        ),
        ("DELETE", "/session/ai-provider", Operators, nothing.clone()),
        ("POST", "/session/ai-provider/test", Operators, nothing),
    ]
}

#[test]
fn every_route_is_in_the_table() {
    let mut listed: Vec<(&str, &str)> =
        table().into_iter().map(|(method, path, ..)| (method, path)).collect();
    let mut there = fanfare_api::SESSION_ROUTES.to_vec();
    listed.sort_unstable();
    there.sort_unstable();
    assert_eq!(listed, there);
}

/// Asks as somebody, for things that nobody has: who may ask is told so, and who may not is refused
/// before.
async fn outcome(server: &Server, browser: &Browser, route: &(&str, &str, For, Value)) -> (u16, String) {
    let (method, path, _, body) = route;
    let method: Method = method.parse().unwrap();
    let path = path.replace("{id}", &uuid::Uuid::nil().to_string()).replace("{user_id}", "999");
    let path = path.replace("{platform}", "x");
    let body = (method != Method::GET).then_some(body);
    if path == CALLBACK {
        let (status, ..) = server.raw(browser.request(method, &path, body)).await;
        return (status.as_u16(), String::new());
    }
    let answer = server.send(browser.request(method, &path, body)).await;
    let (status, code, _) = answer.refusal();
    (status, code.to_owned())
}

#[tokio::test]
async fn every_route_is_for_whom_the_table_says() {
    let (server, owner) = with_owner().await;
    let key = Browser::default();
    for route in table() {
        let (method, path, who, _) = &route;
        let at = format!("{method} {path}");
        // Nobody is signed in.
        let (status, code) = outcome(&server, &key, &route).await;
        match who {
            For::Everybody => assert_ne!(code, "forbidden", "{at}"),
            For::Members | For::Managers | For::Operators => {
                assert_eq!((status, code.as_str()), (401, "unauthorized"), "{at}");
            }
        }
    }
    for role in [Role::Viewer, Role::Approver, Role::Editor, Role::Admin] {
        let browser = member(&server, role).await;
        for route in table() {
            let (method, path, who, _) = &route;
            let at = format!("{} {method} {path}", role.as_str());
            if *path == "/session/sign-out" || *path == "/session/sign-out-everywhere" {
                // In a session of their own, so that the others go on.
                let own = Browser::sign_in(&server, &format!("{}@example.org", role.as_str())).await;
                if *path == "/session/sign-out" {
                    assert_eq!(outcome(&server, &own, &route).await.0, 200, "{at}");
                }
                continue;
            }
            let (status, code) = outcome(&server, &browser, &route).await;
            match who {
                For::Managers if !role.manages() => {
                    assert_eq!((status, code.as_str()), (403, "forbidden"), "{at}");
                }
                For::Operators => assert_eq!((status, code.as_str()), (403, "forbidden"), "{at}"),
                For::Members | For::Managers => {
                    assert!(!matches!(status, 401 | 403 | 405 | 500), "{at}: {status} {code}");
                }
                For::Everybody => assert!(!matches!(status, 403 | 405 | 500), "{at}: {status} {code}"),
            }
        }
    }
    app::people::operator::set_operator(&server.app, "ana@example.org", true).await.unwrap();
    for route in table().iter().filter(|(_, path, ..)| !path.contains("sign-out")) {
        let (status, code) = outcome(&server, &owner, route).await;
        let wrong = route.2 != For::Everybody && status == 401;
        assert!(!wrong && !matches!(status, 403 | 405 | 500), "owner {route:?}: {status} {code}");
    }
}

#[tokio::test]
async fn nothing_of_another_organization_is_reached() {
    let (server, mut owner) = with_owner().await;
    let other = app::setup::create_organization(&server.app, "Other", "bo@example.org", "Bo").await.unwrap();
    app::people::operator::set_password(&server.app, "bo@example.org", PASSWORD).await.unwrap();
    let mut stranger = Browser::sign_in(&server, "bo@example.org").await;
    let made = stranger
        .post(&server, "/session/invitations", json!({ "email": "c@example.org", "role": "viewer" }))
        .await;
    let invitation = made.data()["id"].as_str().unwrap().to_owned();
    let made = stranger.post(&server, "/session/api-keys", json!({ "name": "theirs" })).await;
    let key = made.data()["id"].as_str().unwrap().to_owned();
    let sessions = stranger.get(&server, "/session/sessions").await;
    let session = sessions.data()["sessions"][0]["id"].as_str().unwrap().to_owned();
    for path in [
        format!("/session/invitations/{invitation}"),
        format!("/session/api-keys/{key}"),
        format!("/session/sessions/{session}"),
        format!("/session/members/{}", other.user_id),
    ] {
        let answer = owner.send(&server, Method::DELETE, &path, json!({})).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
    }
    let path = format!("/session/members/{}", other.user_id);
    let answer = owner.send(&server, Method::PATCH, &path, json!({ "role": "viewer" })).await;
    assert_eq!(answer.refusal().0, 404);
    let body = json!({ "organization_id": other.id.to_string() });
    assert_eq!(owner.post(&server, "/session/organization", body).await.refusal().0, 404);
    for (path, list) in [
        ("/session/members", "members"),
        ("/session/invitations", "invitations"),
        ("/session/api-keys", "api_keys"),
        ("/session/audit-log", "entries"),
        ("/session/requests", "requests"),
    ] {
        let answer = owner.get(&server, path).await;
        let shown = answer.data()[list].to_string();
        assert!(!shown.contains("bo@example.org") && !shown.contains("theirs"), "{path}: {shown}");
        assert!(!shown.contains("c@example.org"), "{path}: {shown}");
    }
    // Theirs is all there still.
    assert_eq!(stranger.get(&server, "/session").await.data()["signed_in"], true);
    let theirs = stranger.get(&server, "/session/invitations").await;
    assert_eq!(theirs.data()["invitations"].as_array().unwrap().len(), 1);
}
