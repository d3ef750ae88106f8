use axum::http::{Method, StatusCode};
use domain::Span;
use domain::people::{Role, SESSION_FRESH};
use serde_json::json;

use super::email::bo_without_password;
use super::provider::{come, start};
use super::{Browser, PASSWORD, add, log, member, with_owner};

#[tokio::test]
async fn who_signs_out_is_out_and_other_browsers_stay() {
    let (server, mut owner) = with_owner().await;
    let other = Browser::sign_in(&server, "ana@example.org").await;
    let token = owner.cookie.clone();
    let answer = owner.post(&server, "/session/sign-out", json!({})).await;
    assert_eq!(answer.data()["ended"], 1);
    assert!(owner.cookie.is_none() && answer.header("set-cookie").contains("Max-Age=0"));
    let gone = Browser { cookie: token, csrf: None };
    assert_eq!(gone.get(&server, "/v1/posts").await.refusal(), (401, "unauthorized", ""));
    assert_eq!(other.get(&server, "/v1/posts").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_signs_out_everywhere_is_out_everywhere_and_nobody_else_is() {
    let (server, mut owner) = with_owner().await;
    let other = Browser::sign_in(&server, "ana@example.org").await;
    let editor = member(&server, Role::Editor).await;
    assert_eq!(owner.post(&server, "/session/sign-out-everywhere", json!({})).await.data()["ended"], 2);
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], false);
    assert_eq!(editor.get(&server, "/session").await.data()["signed_in"], true);
}

#[tokio::test]
async fn people_see_their_sessions_and_end_one() {
    let (server, mut owner) = with_owner().await;
    server.clock.advance(Span::from_minutes(10));
    let other = Browser::sign_in(&server, "ana@example.org").await;
    member(&server, Role::Editor).await;
    let answer = owner.get(&server, "/session/sessions").await;
    let sessions = answer.data()["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    for session in &sessions {
        assert_eq!(session["user_agent"], "Firefox");
        assert!(session["address"].is_string() && session["last_seen_at"].is_string());
    }
    let not_mine = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/session/sessions/{}", not_mine["id"].as_str().unwrap());
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.data()["deleted"], true);
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], false);
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404);
    assert_eq!(owner.send(&server, Method::DELETE, "/session/sessions/x", json!({})).await.refusal().0, 404);
}

#[tokio::test]
async fn a_session_ends_after_two_weeks_of_rest_and_after_ninety_days_of_use() {
    let (server, owner) = with_owner().await;
    let resting = Browser::sign_in(&server, "ana@example.org").await;
    for _ in 0..7 {
        server.clock.advance(Span::from_days(12));
        assert_eq!(owner.get(&server, "/v1/accounts").await.status, StatusCode::OK);
    }
    assert_eq!(resting.get(&server, "/v1/accounts").await.refusal(), (401, "unauthorized", ""));
    server.clock.advance(Span::from_days(6));
    assert_eq!(owner.get(&server, "/v1/accounts").await.refusal(), (401, "unauthorized", ""));
    assert_eq!(owner.get(&server, "/session").await.data()["signed_in"], false);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_needs_the_old_one() {
    let (server, mut owner) = with_owner().await;
    let other = Browser::sign_in(&server, "ana@example.org").await;
    let new = "a whole new sentence";
    let change = |current: &str, new: &str| json!({ "current": current, "new": new });
    let wrong = owner.post(&server, "/session/password", change("not it at all", new)).await;
    assert_eq!(wrong.refusal(), (400, "validation_error", "current"));
    let weak = owner.post(&server, "/session/password", change(PASSWORD, "short")).await;
    assert_eq!(weak.refusal(), (400, "validation_error", "new"));
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], true);
    let done = owner.post(&server, "/session/password", change(PASSWORD, new)).await;
    assert_eq!(done.data()["changed"], true);
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], false);
    assert_eq!(owner.get(&server, "/session").await.data()["signed_in"], true);
    Browser::sign_in_as(&server, "ana@example.org", new).await;
    let body = json!({ "email": "ana@example.org", "password": PASSWORD });
    assert_eq!(Browser::default().post(&server, "/session/sign-in", body).await.refusal().0, 401);
    assert!(log(&server, &owner).await.iter().any(|entry| entry["action"] == "password_change"));
}

#[tokio::test]
async fn who_has_no_password_sets_one_in_a_fresh_session() {
    let (server, mut owner) = start().await;
    let mut bo = bo_without_password(&server, &mut owner).await;
    let weak = bo.post(&server, "/session/password", json!({ "new": "short" })).await;
    assert_eq!(weak.refusal(), (400, "validation_error", "new"));
    server.clock.advance(SESSION_FRESH);
    let late = bo.post(&server, "/session/password", json!({ "new": PASSWORD })).await;
    assert_eq!(late.refusal(), (403, "forbidden", ""));
    let (_, visitor) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    let csrf = visitor.whoami(&server).await["csrf_token"].as_str().map(ToOwned::to_owned);
    let mut again = Browser { cookie: visitor.session, csrf };
    let done = again.post(&server, "/session/password", json!({ "new": PASSWORD })).await;
    assert_eq!(done.data()["changed"], true, "{}", done.body);
    assert_eq!(bo.get(&server, "/session").await.data()["signed_in"], false, "the other session ends");
    assert_eq!(again.get(&server, "/session").await.data()["user"]["has_password"], true);
    Browser::sign_in(&server, "bo@example.org").await;
    // From now on it is asked for.
    let other = again.post(&server, "/session/password", json!({ "new": "a whole new sentence" })).await;
    assert_eq!(other.refusal(), (400, "validation_error", "current"));
}

#[tokio::test]
async fn people_change_their_name() {
    let (server, mut owner) = with_owner().await;
    let answer = owner.send(&server, Method::PATCH, "/session/user", json!({ "name": "  Ana M. " })).await;
    assert_eq!(answer.data()["user"]["name"], "Ana M.");
    assert_eq!(answer.data()["csrf_token"].as_str(), owner.csrf.as_deref(), "the session goes on");
    for name in [json!(""), json!("x".repeat(101)), json!("a\nb"), json!("a\0b"), json!(["a"]), json!(null)] {
        let answer = owner.send(&server, Method::PATCH, "/session/user", json!({ "name": name })).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "name"), "{name}");
    }
}

#[tokio::test]
async fn somebody_of_two_organizations_looks_at_one_at_a_time() {
    let (server, _) = with_owner().await;
    let other =
        app::setup::create_organization(&server.app, "Other", "ANA@example.org", "Ana").await.unwrap();
    assert_eq!(other.user_id, server.organization.user_id, "one person, however the address is written");
    let mut ana = Browser::sign_in(&server, "ana@example.org").await;
    let accounts = |browser: Browser| {
        let server = &server;
        async move { browser.get(server, "/v1/accounts").await.data()["accounts"].as_array().unwrap().len() }
    };
    assert_eq!(accounts(ana.clone()).await, 2);
    let body = json!({ "organization_id": other.id.to_string() });
    let answer = ana.post(&server, "/session/organization", body).await;
    assert_eq!(answer.data()["organization"]["name"], "Other");
    assert_eq!(accounts(ana.clone()).await, 0);
    for id in [json!("x"), json!(7), json!(null)] {
        let answer = ana.post(&server, "/session/organization", json!({ "organization_id": id })).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "organization_id"), "{id}");
    }
}

#[tokio::test]
async fn who_belongs_to_nothing_is_signed_in_and_told_so() {
    let (server, mut owner) = with_owner().await;
    add(&server, &server.organization, "dee@example.org", Role::Editor).await;
    let dee = Browser::sign_in(&server, "dee@example.org").await;
    let id = dee.get(&server, "/session").await.data()["user"]["id"].as_i64().unwrap();
    owner.send(&server, Method::DELETE, &format!("/session/members/{id}"), json!({})).await;
    let answer = dee.get(&server, "/session").await;
    let data = answer.data();
    assert_eq!((&data["signed_in"], &data["organizations"]), (&json!(true), &json!([])));
    assert!(data["organization"].is_null() && data["role"].is_null());
    for path in ["/v1/posts", "/session/members", "/session/audit-log"] {
        assert_eq!(dee.get(&server, path).await.refusal(), (403, "forbidden", ""), "{path}");
    }
}
