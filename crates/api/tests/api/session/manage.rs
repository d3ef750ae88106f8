use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::Span;
use domain::people::Role;
use serde_json::{Value, json};

use super::{Browser, log, member, with_owner};
use crate::support::{HOUR, Server, in_future};

/// The id of the person whose browser it is.
async fn id_of(server: &Server, browser: &Browser) -> i64 {
    browser.get(server, "/session").await.data()["user"]["id"].as_i64().unwrap()
}

async fn set_role(server: &Server, by: &mut Browser, of: i64, role: &str) -> (u16, String) {
    let path = format!("/session/members/{of}");
    let answer = by.send(server, Method::PATCH, &path, json!({ "role": role })).await;
    let (status, code, _) = answer.refusal();
    (status, code.to_owned())
}

async fn remove(server: &Server, by: &mut Browser, of: i64) -> (u16, Value) {
    let answer = by.send(server, Method::DELETE, &format!("/session/members/{of}"), json!({})).await;
    (answer.status.as_u16(), answer.body["data"].clone())
}

#[tokio::test]
async fn members_are_listed_for_everybody_in_the_order_in_which_they_joined() {
    let (server, _) = with_owner().await;
    server.clock.advance(HOUR);
    let viewer = member(&server, Role::Viewer).await;
    let answer = viewer.get(&server, "/session/members").await;
    let members = answer.data()["members"].as_array().unwrap();
    let shown: Vec<(&str, &str)> = members
        .iter()
        .map(|member| (member["email"].as_str().unwrap(), member["role"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, [("ana@example.org", "owner"), ("viewer@example.org", "viewer")]);
    assert!(members[0]["last_seen_at"].is_string());
    assert!(!answer.body.to_string().contains("argon2"), "no hash leaves the server");
}

#[tokio::test]
async fn a_role_changes_at_once_what_its_person_may_do() {
    let (server, mut owner) = with_owner().await;
    let mut editor = member(&server, Role::Editor).await;
    let id = id_of(&server, &editor).await;
    assert_eq!(editor.post(&server, "/v1/campaigns", json!({ "name": "A" })).await.status, 201);
    assert_eq!(set_role(&server, &mut owner, id, "viewer").await.0, 200);
    let refused = editor.post(&server, "/v1/campaigns", json!({ "name": "B" })).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope", ""));
    assert_eq!(set_role(&server, &mut owner, id, "admin").await.0, 200);
    assert_eq!(editor.get(&server, "/session/audit-log").await.status, StatusCode::OK);
    for role in ["boss", "Owner", ""] {
        assert_eq!(set_role(&server, &mut owner, id, role).await.0, 400, "{role}");
    }
    for path in ["/session/members/0", "/session/members/x", "/session/members/99999999999999999999"] {
        let answer = owner.send(&server, Method::PATCH, path, json!({ "role": "viewer" })).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
    }
}

#[tokio::test]
async fn an_organization_keeps_an_owner() {
    let (server, mut owner) = with_owner().await;
    let id = id_of(&server, &owner).await;
    assert_eq!(set_role(&server, &mut owner, id, "admin").await, (409, "conflict".to_owned()));
    assert_eq!(remove(&server, &mut owner, id).await.0, 409);
    let second = member(&server, Role::Editor).await;
    let second_id = id_of(&server, &second).await;
    assert_eq!(set_role(&server, &mut owner, second_id, "owner").await.0, 200);
    assert_eq!(set_role(&server, &mut owner, id, "viewer").await.0, 200);
    assert_eq!(set_role(&server, &mut owner, second_id, "viewer").await, (403, "forbidden".to_owned()));
}

#[tokio::test]
async fn of_two_owners_who_remove_each_other_at_once_one_stays() {
    let (server, owner) = with_owner().await;
    let second = member(&server, Role::Owner).await;
    let (first_id, second_id) = (id_of(&server, &owner).await, id_of(&server, &second).await);
    let (mut one, mut other) = (owner.clone(), second.clone());
    let (left, right) =
        tokio::join!(remove(&server, &mut one, second_id), remove(&server, &mut other, first_id));
    assert_eq!([left.0, right.0].iter().filter(|status| **status == 200).count(), 1, "{left:?} {right:?}");
    let stays = if left.0 == 200 { owner } else { second };
    let members = stays.get(&server, "/session/members").await;
    assert_eq!(members.data()["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_admin_has_no_say_about_owners() {
    let (server, owner) = with_owner().await;
    let mut admin = member(&server, Role::Admin).await;
    let (owner_id, admin_id) = (id_of(&server, &owner).await, id_of(&server, &admin).await);
    assert_eq!(set_role(&server, &mut admin, owner_id, "viewer").await, (403, "forbidden".to_owned()));
    assert_eq!(set_role(&server, &mut admin, admin_id, "owner").await, (403, "forbidden".to_owned()));
    assert_eq!(remove(&server, &mut admin, owner_id).await.0, 403);
    let invite = json!({ "email": "new@example.org", "role": "owner" });
    assert_eq!(admin.post(&server, "/session/invitations", invite).await.refusal(), (403, "forbidden", ""));
    let members = owner.get(&server, "/session/members").await;
    assert_eq!(members.data()["members"][0]["role"], "owner");
}

#[tokio::test]
async fn who_is_removed_is_out_with_the_keys_and_invitations_they_made() {
    let (server, mut owner) = with_owner().await;
    let mut admin = member(&server, Role::Admin).await;
    let id = id_of(&server, &admin).await;
    let made = admin.post(&server, "/session/api-keys", json!({ "name": "mine" })).await;
    let key = made.data()["key"].as_str().unwrap().to_owned();
    assert_eq!(server.call_as(Some(&key), Method::GET, "/me", None).await.status, 200);
    let invite = json!({ "email": "friend@example.org", "role": "admin" });
    admin.post(&server, "/session/invitations", invite).await;
    let (status, data) = remove(&server, &mut owner, id).await;
    assert_eq!((status, data["revoked_keys"].as_u64()), (200, Some(1)));
    assert_eq!(server.call_as(Some(&key), Method::GET, "/me", None).await.refusal().0, 401);
    assert_eq!(owner.get(&server, "/session/invitations").await.data()["invitations"], json!([]));
    assert_eq!(admin.get(&server, "/v1/posts").await.refusal(), (403, "forbidden", ""));
    assert_eq!(remove(&server, &mut owner, id).await.0, 404);
}

#[tokio::test]
async fn invitations_of_who_manages_no_longer_are_taken_back() {
    let (server, mut owner) = with_owner().await;
    let mut admin = member(&server, Role::Admin).await;
    let id = id_of(&server, &admin).await;
    let invite = json!({ "email": "friend@example.org", "role": "admin" });
    assert_eq!(admin.post(&server, "/session/invitations", invite).await.status, 201);
    assert_eq!(set_role(&server, &mut owner, id, "editor").await.0, 200);
    assert_eq!(owner.get(&server, "/session/invitations").await.data()["invitations"], json!([]));
}

#[tokio::test]
async fn a_bad_invitation_is_refused_with_its_field() {
    let (server, mut owner) = with_owner().await;
    for (body, refusal) in [
        (json!({ "email": "new", "role": "viewer" }), (400, "validation_error", "email")),
        (json!({ "email": "a b@c", "role": "viewer" }), (400, "validation_error", "email")),
        (json!({ "email": ["a@b"], "role": "viewer" }), (400, "validation_error", "email")),
        (json!({ "role": "viewer" }), (400, "validation_error", "email")),
        (json!({ "email": "new@example.org" }), (400, "validation_error", "role")),
        (json!({ "email": "new@example.org", "role": "king" }), (400, "validation_error", "role")),
        (json!({ "email": "n\0@example.org", "role": "viewer" }), (400, "validation_error", "email")),
        (json!({ "email": "ANA@example.org", "role": "viewer" }), (409, "conflict", "")),
        (json!("x"), (400, "validation_error", "body")),
    ] {
        let answer = owner.post(&server, "/session/invitations", body.clone()).await;
        assert_eq!(answer.refusal(), refusal, "{body}");
    }
}

#[tokio::test]
async fn a_key_is_made_shown_once_and_revoked() {
    let (server, mut owner) = with_owner().await;
    let ends = in_future(HOUR);
    let body = json!({ "name": "Shop", "scopes": ["read"], "expires_at": ends });
    let made = owner.post(&server, "/session/api-keys", body).await;
    assert_eq!(made.status, 201);
    let data = made.data().clone();
    let secret = data["key"].as_str().unwrap().to_owned();
    assert_eq!((&data["scopes"], &data["expires_at"]), (&json!(["read"]), &json!(ends)));
    assert_eq!(server.call_as(Some(&secret), Method::GET, "/posts", None).await.status, 200);
    let refused = server.call_as(Some(&secret), Method::POST, "/posts", Some(json!({}))).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope", ""));
    let listed = owner.get(&server, "/session/api-keys").await;
    assert!(!listed.body.to_string().contains(&secret));
    assert_eq!(listed.data()["api_keys"].as_array().unwrap().len(), 2);
    let path = format!("/session/api-keys/{}", data["id"].as_str().unwrap());
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.data()["deleted"], true);
    assert_eq!(server.call_as(Some(&secret), Method::GET, "/posts", None).await.refusal().0, 401);
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404);
    for (body, field) in [
        (json!({ "scopes": ["read"] }), "name"),
        (json!({ "name": "k", "scopes": [] }), "scopes"),
        (json!({ "name": "k", "scopes": ["admin"] }), "scopes"),
        (json!({ "name": "k", "scopes": "read" }), "scopes"),
        (json!({ "name": "k", "scopes": [1] }), "scopes[0]"),
        (json!({ "name": "k", "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
        (json!({ "name": "k", "expires_at": "soon" }), "expires_at"),
    ] {
        let answer = owner.post(&server, "/session/api-keys", body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{body}");
    }
    for number in 0..9 {
        let made = owner.post(&server, "/session/api-keys", json!({ "name": format!("k{number}") })).await;
        assert_eq!(made.status, 201, "{number}");
        assert_eq!(made.data()["scopes"], json!(["read", "write", "ai"]), "approve is for who names it");
    }
    let full = owner.post(&server, "/session/api-keys", json!({ "name": "one more" })).await;
    assert_eq!(full.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn the_log_is_read_page_by_page_from_the_latest_on() {
    let (server, mut owner) = with_owner().await;
    for number in 0..5 {
        server.clock.advance(Span::from_seconds(1));
        let name = json!({ "name": format!("Ana {number}") });
        owner.send(&server, Method::PATCH, "/session/user", name).await;
    }
    let whole = log(&server, &owner).await;
    assert_eq!(whole.len(), 7, "the password that the operator set, a sign-in, and five names");
    assert_eq!(whole[0]["detail"], "Ana 4");
    assert_eq!((&whole[6]["action"], &whole[6]["actor"]), (&json!("password_change"), &json!("Operator")));
    let mut seen = Vec::new();
    let mut path = "/session/audit-log?limit=3".to_owned();
    loop {
        let answer = owner.get(&server, &path).await;
        seen.extend(answer.data()["entries"].as_array().unwrap().clone());
        let Some(next) = answer.data()["pagination"]["next_cursor"].as_str() else { break };
        path = format!("/session/audit-log?limit=3&cursor={next}");
    }
    assert_eq!(seen, whole);
    let ids: BTreeSet<&str> = whole.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), whole.len());
    for (query, field) in
        [("limit=0", "limit"), ("limit=x", "limit"), ("cursor=x", "cursor"), ("limit=101", "limit")]
    {
        let answer = owner.get(&server, &format!("/session/audit-log?{query}")).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{query}");
    }
}

#[tokio::test]
async fn a_plan_has_seats_for_members_and_for_who_is_invited() {
    let server = Server::start().await.with_app(|app| {
        let plan = domain::plan::Plan { seats: Some(3), ..domain::plan::Plan::default() };
        app::App { plan: std::sync::Arc::new(plan), ..app }
    });
    app::people::operator::set_password(&server.app, "ana@example.org", super::PASSWORD).await.unwrap();
    let mut owner = Browser::sign_in(&server, "ana@example.org").await;
    let invite = |number: u8| json!({ "email": format!("n{number}@example.org"), "role": "viewer" });
    for number in [1, 2, 2] {
        assert_eq!(owner.post(&server, "/session/invitations", invite(number)).await.status, 201, "{number}");
    }
    let full = owner.post(&server, "/session/invitations", invite(3)).await;
    assert_eq!(full.refusal(), (403, "quota_exceeded", ""));
}

#[tokio::test]
async fn what_an_editor_publishes_waits_where_approvals_are_asked_for_until_an_approver_approves() {
    let (server, mut owner) = with_owner().await;
    let settings = domain::plan::OrganizationSettings {
        approvals_required: true,
        ..domain::plan::OrganizationSettings::default()
    };
    server.app.store.set_organization_settings(server.organization.id, settings).await.unwrap();
    let post =
        json!({ "content": "Menu", "account_ids": [server.accounts[0]], "scheduled_for": in_future(HOUR) });
    let mut editor = member(&server, Role::Editor).await;
    let mut approver = member(&server, Role::Approver).await;
    let mut viewer = member(&server, Role::Viewer).await;
    let made = editor.post(&server, "/v1/posts", post.clone()).await;
    assert_eq!(made.data()["approval"]["state"], "requested", "{}", made.body);
    let path = format!("/v1/posts/{}/approve", made.data()["post_id"].as_str().unwrap());
    for browser in [&mut editor, &mut viewer] {
        let answer = browser.post(&server, &path, json!({})).await;
        assert_eq!(answer.refusal(), (403, "insufficient_scope", ""));
    }
    let done = approver.post(&server, &path, json!({})).await;
    assert!(done.status.is_success(), "{}", done.body);
    let own = owner.post(&server, "/v1/posts", post).await;
    assert_eq!(own.data()["approval"]["state"], "not_required", "an owner asks nobody: {}", own.body);
}
