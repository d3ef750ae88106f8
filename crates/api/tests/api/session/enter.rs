use app::people::{operator, set_up};
use axum::http::{Method, header};
use domain::Span;
use domain::people::Role;
use serde_json::json;

use super::{Browser, PASSWORD, add, log, with_owner};
use crate::support::Server;

#[tokio::test]
async fn nobody_is_signed_in_at_first_and_that_is_no_error() {
    let server = Server::start().await;
    let answer = Browser::default().get(&server, "/session").await;
    let data = answer.data();
    assert_eq!(data["signed_in"], false);
    assert_eq!(data["setup_needed"], true);
    assert_eq!(data["sandbox"], true);
    assert!(data["version"].as_str().unwrap().starts_with(char::is_numeric));
    for name in ["user", "organization", "role", "csrf_token"] {
        assert!(data[name].is_null(), "{name}");
    }
    assert_eq!(data["organizations"], json!([]));
}

#[tokio::test]
async fn the_first_person_sets_the_installation_up_with_the_printed_link_and_nobody_after_them() {
    let server = Server::start().await;
    let token = set_up::new_setup_token(&server.app).await.unwrap().unwrap();
    let other = set_up::new_setup_token(&server.app).await.unwrap().unwrap();
    let body = |token: &str, organization: &str| {
        json!({ "setup_token": token, "email": "Cy@Example.org", "password": PASSWORD, "name": "Cy",
                "organization_name": organization })
    };
    let mut browser = Browser::default();
    let wrong = browser.post(&server, "/session/setup", body(&"0".repeat(64), "Harbour")).await;
    assert_eq!(wrong.refusal(), (401, "unauthorized", ""));
    for (name, value, field) in [
        ("email", json!("nobody"), "email"),
        ("password", json!("short"), "password"),
        ("password", json!("Cy@example.org"), "password"),
        ("name", json!("   "), "name"),
        ("email", json!(7), "email"),
        ("setup_token", json!(null), "setup_token"),
    ] {
        let mut bad = body(&token, "Harbour");
        bad[name] = value;
        assert_eq!(
            browser.post(&server, "/session/setup", bad).await.refusal(),
            (400, "validation_error", field)
        );
    }
    let answer = browser.post(&server, "/session/setup", body(&token, "Harbour")).await;
    let data = answer.data();
    assert_eq!(data["signed_in"], true);
    assert_eq!(data["organization"]["name"], "Harbour");
    assert_eq!(
        (data["role"].as_str(), data["user"]["email"].as_str()),
        (Some("owner"), Some("Cy@Example.org"))
    );
    assert_eq!(data["setup_needed"], false);
    assert_eq!(data["user"]["is_operator"], true, "who sets it up runs it");
    let again = Browser::default().post(&server, "/session/setup", body(&other, "Again")).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
    assert_eq!(set_up::new_setup_token(&server.app).await.unwrap(), None);
    let signed_in = Browser::sign_in_as(&server, "cy@example.ORG", PASSWORD).await;
    assert_eq!(signed_in.get(&server, "/session").await.data()["organization"]["name"], "Harbour");
}

#[tokio::test]
async fn the_only_organization_is_taken_when_the_first_person_names_none_or_it() {
    for name in ["", "Northlight"] {
        let server = Server::start().await;
        let token = set_up::new_setup_token(&server.app).await.unwrap().unwrap();
        let body = json!({ "setup_token": token, "email": "ana@example.org", "password": PASSWORD,
                           "name": "Ana M", "organization_name": name });
        let mut browser = Browser::default();
        let answer = browser.post(&server, "/session/setup", body).await;
        let data = answer.data();
        assert_eq!(data["organization"]["id"], server.organization.id.to_string());
        assert_eq!(data["user"]["id"], server.organization.user_id.0, "who was there got the password");
        assert_eq!(data["organizations"].as_array().unwrap().len(), 1);
        let me = browser.get(&server, "/v1/me").await;
        assert_eq!(me.data()["user"]["name"], "Ana M");
    }
}

#[tokio::test]
async fn a_setup_link_has_an_end() {
    let server = Server::start().await;
    let token = set_up::new_setup_token(&server.app).await.unwrap().unwrap();
    server.clock.advance(Span::from_days(7));
    let body = json!({ "setup_token": token, "email": "cy@example.org", "password": PASSWORD, "name": "Cy",
                       "organization_name": "Harbour" });
    assert_eq!(Browser::default().post(&server, "/session/setup", body).await.refusal().0, 401);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let (server, owner) = with_owner().await;
    let mut messages = Vec::new();
    for (email, password) in
        [("ana@example.org", "not the password"), ("nobody@example.org", PASSWORD), ("ana", "x")]
    {
        let body = json!({ "email": email, "password": password });
        let answer = Browser::default().post(&server, "/session/sign-in", body).await;
        assert_eq!(answer.refusal(), (401, "unauthorized", ""), "{email}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        messages.push(answer.body["error"]["message"].clone());
    }
    messages.dedup();
    assert_eq!(messages.len(), 1);
    for body in [json!({}), json!({ "email": "a@b" }), json!({ "email": "a@b", "password": 3 }), json!([])] {
        assert_eq!(Browser::default().post(&server, "/session/sign-in", body).await.refusal().0, 400);
    }
    let long = json!({ "email": "ana@example.org", "password": "x".repeat(100_000) });
    assert_eq!(
        Browser::default().post(&server, "/session/sign-in", long).await.refusal(),
        (400, "validation_error", "password")
    );
    let failed = log(&server, &owner).await;
    let failed: Vec<_> = failed.iter().filter(|entry| entry["action"] == "sign_in_failed").collect();
    assert_eq!(failed.len(), 1, "what was tried for a member is written down");
    assert_eq!(failed[0]["actor"], "ana@example.org");
}

#[tokio::test]
async fn the_cookie_is_for_the_browser_alone_and_new_at_every_sign_in() {
    let (server, mut owner) = with_owner().await;
    let before = owner.cookie.clone().unwrap();
    let body = json!({ "email": "ana@example.org", "password": PASSWORD });
    let answer = owner.post(&server, "/session/sign-in", body.clone()).await;
    let set = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=7776000"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Domain"));
    assert_ne!(owner.cookie.as_ref(), Some(&before));
    let old = Browser { cookie: Some(before), csrf: None };
    let answer = old.get(&server, "/session").await;
    assert_eq!(answer.data()["signed_in"], false, "the earlier session of the browser is over");
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    // A token that somebody else chose is never taken over.
    let mut fixed = Browser { cookie: Some("f".repeat(64)), csrf: None };
    fixed.post(&server, "/session/sign-in", body).await;
    assert_ne!(fixed.cookie.as_deref(), Some("f".repeat(64).as_str()));
}

#[tokio::test]
async fn another_site_signs_nobody_in() {
    let server = Server::start().await;
    operator::set_password(&server.app, "ana@example.org", PASSWORD).await.unwrap();
    let body = json!({ "email": "ana@example.org", "password": PASSWORD });
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://social.example.org", 403),
        ("https://social.example.org", 200),
        ("http://localhost:8080", 200),
    ] {
        let mut request = Browser::default().request(Method::POST, "/session/sign-in", Some(&body));
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        request.headers_mut().insert(header::HOST, "localhost:8080".parse().unwrap());
        assert_eq!(server.send(request).await.status, status, "{origin}");
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_not_for_ever() {
    let (server, owner) = with_owner().await;
    let link = operator::new_link(&server.app, "ana@example.org").await.unwrap();
    let body = json!({ "token": link });
    let mut browser = Browser::default();
    let answer = browser.post(&server, "/session/sign-in-link", body.clone()).await;
    assert_eq!(answer.data()["user"]["email"], "ana@example.org");
    let again = Browser::default().post(&server, "/session/sign-in-link", body).await;
    assert_eq!(again.refusal(), (401, "unauthorized", ""));
    let late = operator::new_link(&server.app, "ana@example.org").await.unwrap();
    server.clock.advance(Span::from_days(7));
    let body = json!({ "token": late });
    assert_eq!(Browser::default().post(&server, "/session/sign-in-link", body).await.refusal().0, 401);
    for token in [json!("x"), json!(""), json!("A".repeat(64)), json!(1), json!(null)] {
        let status =
            Browser::default().post(&server, "/session/sign-in-link", json!({ "token": token })).await.status;
        assert!(matches!(status.as_u16(), 400 | 401), "{token}: {status}");
    }
    drop(owner);
}

#[tokio::test]
async fn an_invitation_brings_somebody_new_in_once() {
    let (server, mut owner) = with_owner().await;
    let body = json!({ "email": "Dee@example.org", "role": "editor" });
    let made = owner.post(&server, "/session/invitations", body).await;
    assert_eq!(made.status, 201);
    let url = made.data()["url"].as_str().unwrap().to_owned();
    let token = url.strip_prefix("https://social.example.org/invitation?token=").unwrap().to_owned();
    let listed = owner.get(&server, "/session/invitations").await;
    assert_eq!(listed.data()["invitations"][0]["email"], "dee@example.org");
    assert!(!listed.body.to_string().contains(&token), "the link is shown once");
    let accept = |name: &str, password: &str| json!({ "token": token, "name": name, "password": password });
    let weak = Browser::default().post(&server, "/session/invitations/accept", accept("Dee", "short")).await;
    assert_eq!(weak.refusal(), (400, "validation_error", "password"));
    let mut dee = Browser::default();
    let answer = dee.post(&server, "/session/invitations/accept", accept("Dee", PASSWORD)).await;
    assert_eq!(answer.data()["role"], "editor");
    assert_eq!(answer.data()["organization"]["name"], "Northlight");
    let again =
        Browser::default().post(&server, "/session/invitations/accept", accept("Dee", PASSWORD)).await;
    assert_eq!(again.refusal(), (401, "unauthorized", ""));
    let members = owner.get(&server, "/session/members").await;
    assert_eq!(members.data()["members"].as_array().unwrap().len(), 2);
    let actions: Vec<String> =
        log(&server, &owner).await.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect();
    assert!(actions.contains(&"invitation_create".to_owned()), "{actions:?}");
    assert!(actions.contains(&"invitation_accept".to_owned()), "{actions:?}");
}

#[tokio::test]
async fn an_invitation_opens_nobodys_account_who_has_one() {
    let (server, mut owner) = with_owner().await;
    let other = app::setup::create_organization(&server.app, "Other", "bo@example.org", "Bo").await.unwrap();
    add(&server, &other, "dee@example.org", Role::Owner).await;
    let mut tokens = Vec::new();
    for email in ["dee@example.org", "bo@example.org"] {
        let body = json!({ "email": email, "role": "viewer" });
        let made = owner.post(&server, "/session/invitations", body).await;
        let url = made.data()["url"].as_str().unwrap();
        tokens.push(url.rsplit('=').next().unwrap().to_owned());
    }
    let accept = |token: &str, password: &str| json!({ "token": token, "name": "X", "password": password });
    let path = "/session/invitations/accept";
    let guess = Browser::default().post(&server, path, accept(&tokens[0], "some other password")).await;
    assert_eq!(guess.refusal(), (401, "unauthorized", ""));
    // Who has no password yet gets it from the operator, and not from who invites them.
    let unset = Browser::default().post(&server, path, accept(&tokens[1], PASSWORD)).await;
    assert_eq!(unset.refusal(), (409, "conflict", ""));
    let mut dee = Browser::default();
    let answer = dee.post(&server, path, accept(&tokens[0], PASSWORD)).await;
    assert_eq!(answer.data()["organizations"].as_array().unwrap().len(), 2);
    assert_eq!(answer.data()["user"]["name"], "Somebody", "their name stays");
    let body = json!({ "organization_id": server.organization.id.to_string() });
    let switched = dee.post(&server, "/session/organization", body).await;
    assert_eq!((switched.data()["role"].as_str()), Some("viewer"));
}

#[tokio::test]
async fn an_invitation_ends_when_it_is_taken_back_replaced_or_old() {
    let (server, mut owner) = with_owner().await;
    let invite = json!({ "email": "dee@example.org", "role": "viewer" });
    let token_of = |url: &serde_json::Value| url.as_str().unwrap().rsplit('=').next().unwrap().to_owned();
    let first = owner.post(&server, "/session/invitations", invite.clone()).await;
    let second = owner.post(&server, "/session/invitations", invite.clone()).await;
    let listed = owner.get(&server, "/session/invitations").await;
    assert_eq!(listed.data()["invitations"].as_array().unwrap().len(), 1, "one for each address");
    let path = format!("/session/invitations/{}", second.data()["id"].as_str().unwrap());
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.data()["deleted"], true);
    assert_eq!(owner.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404);
    let third = owner.post(&server, "/session/invitations", invite).await;
    server.clock.advance(Span::from_days(7));
    for made in [first, second, third] {
        let token = token_of(&made.data()["url"]);
        let body = json!({ "token": token, "name": "Dee", "password": PASSWORD });
        let answer = Browser::default().post(&server, "/session/invitations/accept", body).await;
        assert_eq!(answer.refusal(), (401, "unauthorized", ""));
    }
    let listed = owner.get(&server, "/session/invitations").await;
    assert_eq!(listed.data()["invitations"], json!([]));
}
