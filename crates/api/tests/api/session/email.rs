//! A person's own address: who changes it, and what a changed address must not open.

use axum::http::{Method, StatusCode};
use domain::people::{Role, SESSION_FRESH};
use serde_json::{Value, json};

use super::provider::{come, problem, start};
use super::{Browser, PASSWORD, add, log, member, with_owner};
use crate::support::{Answer, Server};

async fn change(server: &Server, browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.post(server, "/session/email", json!({ "email": email, "password": password })).await
}

#[tokio::test]
async fn a_new_address_signs_in_and_the_other_sessions_end() {
    let (server, mut owner) = with_owner().await;
    let other = Browser::sign_in(&server, "ana@example.org").await;
    let editor = member(&server, Role::Editor).await;
    let wrong = change(&server, &mut owner, "ana@new.example", "not it at all").await;
    assert_eq!(wrong.refusal(), (400, "validation_error", "password"));
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], true);
    let done = change(&server, &mut owner, "  Ana@New.example ", PASSWORD).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(done.data()["user"]["email"], "Ana@New.example");
    assert_eq!(done.data()["csrf_token"].as_str(), owner.csrf.as_deref(), "the session goes on");
    assert_eq!(other.get(&server, "/session").await.data()["signed_in"], false);
    assert_eq!(editor.get(&server, "/session").await.data()["signed_in"], true);
    Browser::sign_in(&server, "ana@new.EXAMPLE").await;
    let body = json!({ "email": "ana@example.org", "password": PASSWORD });
    assert_eq!(Browser::default().post(&server, "/session/sign-in", body).await.refusal().0, 401);
    let entries = log(&server, &owner).await;
    let line = entries.iter().find(|entry| entry["action"] == "email_change").unwrap();
    assert_eq!(
        (&line["actor"], &line["detail"]),
        (&json!("ana@example.org"), &json!("ana@example.org is now Ana@New.example"))
    );
    // Nobody has the old address now.
    add(&server, &server.organization, "ana@example.org", Role::Viewer).await;
}

#[tokio::test]
async fn an_address_of_somebody_is_refused_however_it_is_written() {
    let (server, mut owner) = with_owner().await;
    add(&server, &server.organization, "bo@example.org", Role::Editor).await;
    let mut bo = Browser::sign_in(&server, "bo@example.org").await;
    for taken in ["ana@example.org", "ANA@Example.org", " ana@example.ORG "] {
        // Who does not know the password learns nothing of others.
        let guess = change(&server, &mut bo, taken, "not it at all").await;
        assert_eq!(guess.refusal(), (400, "validation_error", "password"), "{taken}");
        let answer = change(&server, &mut bo, taken, PASSWORD).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "email"), "{taken}");
        assert_eq!(answer.body["error"]["message"], "You cannot use this address here.");
    }
    assert!(!log(&server, &owner).await.iter().any(|entry| entry["action"] == "email_change"));
    // One's own address in another case is one's own.
    assert_eq!(
        change(&server, &mut owner, "Ana@Example.org", PASSWORD).await.data()["user"]["email"],
        "Ana@Example.org"
    );
    let again = change(&server, &mut owner, "Ana@Example.org", PASSWORD).await;
    assert_eq!(again.refusal(), (400, "validation_error", "email"));
}

#[tokio::test]
async fn who_tries_addresses_has_to_wait() {
    let (server, mut owner) = with_owner().await;
    add(&server, &server.organization, "bo@example.org", Role::Editor).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(change(&server, &mut owner, "bo@example.org", PASSWORD).await.refusal().0);
    }
    assert_eq!(answers[..5], [400; 5]);
    assert_eq!(answers[7], 429, "{answers:?}");
    // The password is not blocked by it.
    Browser::sign_in(&server, "ana@example.org").await;
}

#[tokio::test]
async fn what_is_no_address_is_refused_by_its_field() {
    let (server, mut owner) = with_owner().await;
    for email in [
        json!(""),
        json!("ana"),
        json!("a b@example.org"),
        json!("ana@example.org\0"),
        json!("a\u{1}@example.org"),
        json!(format!("{}@example.org", "a".repeat(250))),
        json!("a".repeat(5_000)),
        json!(["a@b"]),
        json!(7),
        json!(null),
    ] {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = owner.post(&server, "/session/email", body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "email"), "{email}");
    }
    for password in [json!(""), json!(null), json!(7), json!("x".repeat(5_000))] {
        let body = json!({ "email": "new@example.org", "password": password });
        let answer = owner.post(&server, "/session/email", body).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "password"), "{password}");
    }
    let answer = owner.post(&server, "/session/email", json!([])).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "body"));
    let forged = Browser { csrf: None, ..owner.clone() };
    let body = json!({ "email": "new@example.org", "password": PASSWORD });
    let answer = server.send(forged.request(Method::POST, "/session/email", Some(&body))).await;
    assert_eq!(answer.refusal(), (403, "forbidden", ""));
}

/// A browser of somebody who came by single sign-on and has no password.
pub(super) async fn bo_without_password(server: &Server, owner: &mut Browser) -> Browser {
    let body = json!({ "email": "bo@example.org", "role": "editor" });
    assert_eq!(owner.post(server, "/session/invitations", body).await.status, StatusCode::CREATED);
    let (end, visitor) = come(server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!(end, "/posts");
    let state = visitor.whoami(server).await;
    let csrf = state["csrf_token"].as_str().map(ToOwned::to_owned);
    Browser { cookie: visitor.session, csrf }
}

#[tokio::test]
async fn who_has_no_password_changes_the_address_in_a_fresh_session() {
    let (server, mut owner) = start().await;
    let mut bo = bo_without_password(&server, &mut owner).await;
    assert_eq!(bo.get(&server, "/session").await.data()["user"]["has_password"], false);
    assert_eq!(owner.get(&server, "/session").await.data()["user"]["has_password"], true);
    let answer = bo.post(&server, "/session/email", json!({ "email": "bo@new.example" })).await;
    assert_eq!(answer.data()["user"]["email"], "bo@new.example");
    server.clock.advance(SESSION_FRESH);
    let answer = bo.post(&server, "/session/email", json!({ "email": "bo@late.example" })).await;
    assert_eq!(answer.refusal(), (403, "forbidden", ""));
    // The login leads to the same person as before, whatever their address is here.
    let (end, again) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    let user = again.whoami(&server).await["user"].clone();
    assert_eq!((end.as_str(), &user["email"]), ("/posts", &json!("bo@new.example")));
}

/// Members of another organization, which does not know those of the first one.
async fn invited_elsewhere(server: &Server, email: &str) -> Browser {
    app::setup::create_organization(&server.app, "Other", "olga@example.org", "Olga").await.unwrap();
    app::people::operator::set_password(&server.app, "olga@example.org", PASSWORD).await.unwrap();
    let mut olga = Browser::sign_in(server, "olga@example.org").await;
    let body = json!({ "email": email, "role": "admin" });
    assert_eq!(olga.post(server, "/session/invitations", body).await.status, StatusCode::CREATED);
    olga
}

fn names(state: &Value) -> Vec<&str> {
    let all = state["organizations"].as_array().unwrap();
    all.iter().map(|organization| organization["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_changed_address_gets_neither_the_login_nor_the_invitation_of_its_real_owner() {
    let (server, mut owner) = start().await;
    add(&server, &server.organization, "mallory@example.org", Role::Editor).await;
    let mut mallory = Browser::sign_in(&server, "mallory@example.org").await;
    let olga = invited_elsewhere(&server, "bo@example.org").await;
    assert_eq!(change(&server, &mut mallory, "bo@example.org", PASSWORD).await.status, StatusCode::OK);
    // Bo comes, and the other system vouches for the address. Nothing of Bo's goes to Mallory.
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!((end, bo.session), (problem("not_linked"), None));
    let open = olga.get(&server, "/session/invitations").await;
    assert_eq!(open.data()["invitations"].as_array().unwrap().len(), 1, "it is Bo's still");
    assert_eq!(mallory.get(&server, "/session/identities").await.data()["identities"], json!([]));
    assert_eq!(names(mallory.get(&server, "/session").await.data()), ["Northlight"]);
    // The operator gives Mallory another address, and Bo comes in.
    app::people::operator::change_email(&server.app, "bo@example.org", "mallory@example.org").await.unwrap();
    assert_eq!(mallory.get(&server, "/session").await.data()["signed_in"], false);
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!((end.as_str(), names(&bo.whoami(&server).await)), ("/posts", vec!["Other"]));
    let entries = log(&server, &owner).await;
    assert_eq!(entries.iter().filter(|entry| entry["action"] == "email_change").count(), 2);
    assert!(entries.iter().any(|entry| entry["actor"] == "Operator"));
    // Whom the operator vouches for is led by the address again.
    owner.post(&server, "/session/sign-out", json!({})).await;
    add(&server, &server.organization, "kim@example.org", Role::Editor).await;
    app::people::operator::change_email(&server.app, "kim@example.org", "kim@elsewhere.example")
        .await
        .unwrap();
    assert_eq!(come(&server, &[("sandbox_user", "kim@elsewhere.example")]).await.0, "/posts");
}

#[tokio::test]
async fn an_invitation_to_the_old_address_stays_where_it_was_sent() {
    let (server, mut owner) = start().await;
    let mut bo = bo_without_password(&server, &mut owner).await;
    let body = json!({ "email": "bo@new.example" });
    assert_eq!(bo.post(&server, "/session/email", body).await.status, StatusCode::OK);
    let olga = invited_elsewhere(&server, "bo@new.example").await;
    let (_, again) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!(names(&again.whoami(&server).await), ["Northlight"], "nobody vouched for the new address");
    let open = olga.get(&server, "/session/invitations").await;
    assert_eq!(open.data()["invitations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_operator_takes_no_address_from_anybody() {
    let (server, owner) = with_owner().await;
    add(&server, &server.organization, "bo@example.org", Role::Editor).await;
    let change = async |old: &str, new: &str| {
        app::people::operator::change_email(&server.app, old, new).await.unwrap_err().to_string()
    };
    assert_eq!(
        change("bo@example.org", "Ana@example.org").await,
        "somebody else has the address Ana@example.org"
    );
    assert_eq!(change("nobody@example.org", "x@example.org").await, "User not found.");
    assert!(change("bo@example.org", "x").await.contains("must be an e-mail address"));
    assert_eq!(owner.get(&server, "/session").await.data()["signed_in"], true);
}
