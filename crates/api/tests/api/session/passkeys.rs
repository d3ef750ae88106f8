//! Passkeys: adding one, signing in with it, and everything that must not work.

use axum::http::{Method, StatusCode};
use domain::people::Role;
use domain::{Span, people};
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::{Browser, add as add_member, log, with_owner};
use crate::support::{Answer, Server};

async fn begin_adding(server: &Server, browser: &mut Browser) -> Value {
    let answer = browser.post(server, "/session/passkeys/challenge", json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.data().clone()
}

async fn finish_adding(server: &Server, browser: &mut Browser, asked: &Value, credential: Value) -> Answer {
    let body = json!({ "token": asked["token"], "name": "Laptop", "credential": credential });
    browser.post(server, "/session/passkeys", body).await
}

/// Adds a passkey to whoever is signed in.
pub(super) async fn add(server: &Server, browser: &mut Browser, id: u8) -> Authenticator {
    let mut authenticator = Authenticator::new(id);
    let asked = begin_adding(server, browser).await;
    let credential = authenticator.create(&asked["options"]);
    let answer = finish_adding(server, browser, &asked, credential).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    authenticator
}

async fn challenge(server: &Server) -> Value {
    Browser::default().post(server, "/session/passkeys/sign-in/challenge", json!({})).await.data().clone()
}

async fn answer_with(server: &Server, browser: &mut Browser, asked: &Value, credential: &Value) -> Answer {
    let body = json!({ "token": asked["token"], "credential": credential });
    browser.post(server, "/session/passkeys/sign-in", body).await
}

/// Signs in, or tries to.
async fn sign_in(server: &Server, authenticator: &mut Authenticator) -> (Answer, Browser) {
    let mut browser = Browser::default();
    let asked = challenge(server).await;
    let credential = authenticator.get(&asked["options"]);
    let answer = answer_with(server, &mut browser, &asked, &credential).await;
    (answer, browser)
}

type Change = fn(&mut Authenticator);

const REFUSED: (u16, &str, &str) = (401, "unauthorized", "");

#[tokio::test]
async fn a_passkey_signs_its_person_in_without_an_address_or_a_password() {
    let (server, mut owner) = with_owner().await;
    assert_eq!(owner.get(&server, "/session").await.data()["ways_in"]["passkeys"], true);
    let mut key = add(&server, &mut owner, 1).await;
    server.clock.advance(Span::from_hours(1));
    key.count = 1;
    let (answer, mut browser) = sign_in(&server, &mut key).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.data()["user"]["email"], "ana@example.org");
    assert_eq!(answer.data()["role"], "owner");
    let list = browser.get(&server, "/session/passkeys").await.data()["passkeys"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["name"], "Laptop");
    assert_eq!(list[0]["created_at"], "2027-01-15T08:00:00.000Z");
    assert_eq!(list[0]["last_used_at"], "2027-01-15T09:00:00.000Z");
    let entries = log(&server, &owner).await;
    assert_eq!((&entries[0]["action"], &entries[0]["detail"]), (&json!("sign_in"), &json!("passkey")));
    let made = entries.iter().find(|entry| entry["action"] == "passkey_create").unwrap();
    assert_eq!(made["detail"], "Laptop");
    // Removed, it opens nothing.
    let path = format!("/session/passkeys/{}", list[0]["id"].as_str().unwrap());
    let gone = browser.send(&server, Method::DELETE, &path, json!({})).await;
    assert_eq!(gone.data()["deleted"], true);
    assert_eq!(browser.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404);
    key.count = 2;
    assert_eq!(sign_in(&server, &mut key).await.0.refusal(), REFUSED);
    assert!(log(&server, &owner).await.iter().any(|entry| entry["action"] == "passkey_delete"));
}

#[tokio::test]
async fn a_signature_counts_once_and_for_its_own_challenge() {
    let (server, mut owner) = with_owner().await;
    let mut key = add(&server, &mut owner, 1).await;
    let (asked, other) = (challenge(&server).await, challenge(&server).await);
    let credential = key.get(&asked["options"]);
    let mut browser = Browser::default();
    assert_eq!(answer_with(&server, &mut browser, &other, &credential).await.refusal(), REFUSED);
    assert_eq!(answer_with(&server, &mut browser, &asked, &credential).await.status, StatusCode::OK);
    let mut thief = Browser::default();
    assert_eq!(answer_with(&server, &mut thief, &asked, &credential).await.refusal(), REFUSED);
    // A challenge that was answered wrongly is used as well.
    let credential = key.get(&other["options"]);
    assert_eq!(answer_with(&server, &mut thief, &other, &credential).await.refusal(), REFUSED);
    assert!(thief.cookie.is_none());
    let (failed, entries) = ("sign_in_failed", log(&server, &owner).await);
    assert_eq!(entries.iter().filter(|entry| entry["action"] == failed).count(), 3);
}

#[tokio::test]
async fn a_challenge_works_for_five_minutes() {
    let (server, mut owner) = with_owner().await;
    let mut key = add(&server, &mut owner, 1).await;
    for (wait, status) in [(Span::from_seconds(299), 200), (people::PASSKEY_CHALLENGE_LIFE, 401)] {
        let asked = challenge(&server).await;
        let credential = key.get(&asked["options"]);
        server.clock.advance(wait);
        let answer = answer_with(&server, &mut Browser::default(), &asked, &credential).await;
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    let mut browser = Browser::sign_in(&server, "ana@example.org").await;
    let asked = begin_adding(&server, &mut browser).await;
    let credential = Authenticator::new(2).create(&asked["options"]);
    server.clock.advance(people::PASSKEY_CHALLENGE_LIFE);
    let answer = finish_adding(&server, &mut browser, &asked, credential).await;
    assert_eq!(answer.refusal(), (400, "validation_error", "token"));
}

#[tokio::test]
async fn other_sites_and_unasked_people_sign_nothing() {
    let (server, mut owner) = with_owner().await;
    let wrong: [(&str, Change); 5] = [
        ("origin", |key| key.origin = "https://social.example.org.evil.example".to_owned()),
        ("port", |key| key.origin = "https://social.example.org:8443".to_owned()),
        ("scheme", |key| key.origin = "http://social.example.org".to_owned()),
        ("site", |key| key.site = "example.org".to_owned()),
        ("verification", |key| key.verifies = false),
    ];
    for (what, change) in wrong {
        let mut new = Authenticator::new(9);
        change(&mut new);
        let asked = begin_adding(&server, &mut owner).await;
        let credential = new.create(&asked["options"]);
        let answer = finish_adding(&server, &mut owner, &asked, credential).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "credential"), "{what}");
    }
    for (number, (what, change)) in (1..).zip(wrong) {
        let mut key = add(&server, &mut owner, number).await;
        change(&mut key);
        assert_eq!(sign_in(&server, &mut key).await.0.refusal(), REFUSED, "{what}");
    }
}

#[tokio::test]
async fn a_count_of_uses_that_goes_back_shows_a_copy() {
    let (server, mut owner) = with_owner().await;
    let mut key = add(&server, &mut owner, 1).await;
    for (count, status) in [(5, 200), (4, 401), (5, 401), (6, 200), (6, 401), (0, 401), (7, 200)] {
        key.count = count;
        let (answer, _) = sign_in(&server, &mut key).await;
        assert_eq!(answer.status, status, "{count}: {}", answer.body);
    }
}

#[tokio::test]
async fn nobody_signs_in_as_somebody_else() {
    let (server, mut owner) = with_owner().await;
    add_member(&server, &server.organization, "bo@example.org", Role::Viewer).await;
    let mut bo = Browser::sign_in(&server, "bo@example.org").await;
    let ana_key = add(&server, &mut owner, 1).await;
    let mut bo_key = add(&server, &mut bo, 2).await;
    // Bo's signature under Ana's handle, and Bo's signature under the name of Ana's passkey.
    let own = std::mem::replace(&mut bo_key.handle, ana_key.handle.clone());
    assert_eq!(sign_in(&server, &mut bo_key).await.0.refusal(), REFUSED);
    let id = std::mem::replace(&mut bo_key.id, ana_key.id.clone());
    assert_eq!(sign_in(&server, &mut bo_key).await.0.refusal(), REFUSED);
    (bo_key.handle, bo_key.id) = (own, id);
    let (answer, browser) = sign_in(&server, &mut bo_key).await;
    assert_eq!(answer.data()["user"]["email"], "bo@example.org");
    // Neither list nor removal reach the other's.
    let ana_list = owner.get(&server, "/session/passkeys").await.data()["passkeys"].clone();
    let bo_list = browser.get(&server, "/session/passkeys").await.data()["passkeys"].clone();
    assert_eq!((ana_list.as_array().unwrap().len(), bo_list.as_array().unwrap().len()), (1, 1));
    assert_ne!(ana_list[0]["id"], bo_list[0]["id"]);
    let path = format!("/session/passkeys/{}", ana_list[0]["id"].as_str().unwrap());
    assert_eq!(bo.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404);
    // A challenge for Ana adds nothing to Bo, and the one passkey belongs to one person.
    let asked = begin_adding(&server, &mut owner).await;
    let credential = Authenticator::new(3).create(&asked["options"]);
    let stolen = finish_adding(&server, &mut bo, &asked, credential).await;
    assert_eq!(stolen.refusal(), (400, "validation_error", "token"));
    let asked = begin_adding(&server, &mut bo).await;
    let mut same = Authenticator::new(1);
    let credential = same.create(&asked["options"]);
    assert_eq!(finish_adding(&server, &mut bo, &asked, credential).await.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn a_session_that_was_left_open_adds_no_passkey() {
    let (server, mut owner) = with_owner().await;
    let asked = begin_adding(&server, &mut owner).await;
    let credential = Authenticator::new(1).create(&asked["options"]);
    server.clock.advance(people::SESSION_FRESH);
    let late = owner.post(&server, "/session/passkeys/challenge", json!({})).await;
    assert_eq!(late.refusal(), (403, "forbidden", ""));
    assert_eq!(finish_adding(&server, &mut owner, &asked, credential).await.refusal().0, 403);
    let mut again = Browser::sign_in(&server, "ana@example.org").await;
    add(&server, &mut again, 1).await;
}

#[tokio::test]
async fn the_same_authenticator_is_not_asked_twice_and_there_is_an_end() {
    let (server, mut owner) = with_owner().await;
    for number in 1..=20 {
        add(&server, &mut owner, number).await;
    }
    let asked = begin_adding(&server, &mut owner).await;
    assert_eq!(asked["options"]["excludeCredentials"].as_array().unwrap().len(), 20);
    let credential = Authenticator::new(21).create(&asked["options"]);
    let answer = finish_adding(&server, &mut owner, &asked, credential).await;
    assert_eq!(answer.refusal().1, "quota_exceeded");
}

#[tokio::test]
async fn guesses_at_a_passkey_wait_and_the_password_still_works() {
    let (server, mut owner) = with_owner().await;
    let mut key = add(&server, &mut owner, 1).await;
    key.site = "evil.example".to_owned();
    for _ in 0..6 {
        assert_eq!(sign_in(&server, &mut key).await.0.status, 401);
    }
    key.site = "social.example.org".to_owned();
    let (answer, _) = sign_in(&server, &mut key).await;
    assert_eq!(answer.refusal().1, "rate_limit_exceeded");
    assert_eq!(answer.headers["retry-after"], "2");
    Browser::sign_in(&server, "ana@example.org").await;
    server.clock.advance(Span::from_seconds(2));
    assert_eq!(sign_in(&server, &mut key).await.0.status, 200);
}

#[tokio::test]
async fn what_is_no_credential_is_refused_with_its_field() {
    let (server, mut owner) = with_owner().await;
    let good = challenge(&server).await["token"].clone();
    for (body, field) in [
        (json!({}), "token"),
        (json!({ "token": 7, "credential": {} }), "token"),
        (json!({ "token": good }), "credential"),
        (json!({ "token": good, "credential": "x" }), "credential"),
        (json!({ "token": good, "credential": { "id": "\0", "rawId": "!", "type": 1 } }), "credential.id"),
        (
            json!({ "token": good, "credential": { "id": "AA", "rawId": "AA", "type": "x", "response": {} } }),
            "credential",
        ),
        (json!({ "token": good, "credential": [[[]]] }), "credential"),
    ] {
        let answer = Browser::default().post(&server, "/session/passkeys/sign-in", body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", field), "{body}");
    }
    let asked = begin_adding(&server, &mut owner).await;
    let credential = Authenticator::new(1).create(&asked["options"]);
    for (name, status) in
        [(json!(""), 400), (json!("a\0"), 400), (json!("x".repeat(101)), 400), (json!(1), 400)]
    {
        let body = json!({ "token": asked["token"], "name": name, "credential": credential });
        let answer = owner.post(&server, "/session/passkeys", body).await;
        assert_eq!((answer.status.as_u16(), answer.refusal().2), (status, "name"), "{name}");
    }
    // Signatures that are none, in every length.
    let mut key = add(&server, &mut owner, 2).await;
    for cut in [0, 1, 36, 37, 60] {
        let asked = challenge(&server).await;
        let mut credential = key.get(&asked["options"]);
        for part in ["authenticatorData", "signature", "clientDataJSON"] {
            let text = credential["response"][part].as_str().unwrap();
            credential["response"][part] = json!(text[..cut.min(text.len()) / 4 * 4]);
            let answer = answer_with(&server, &mut Browser::default(), &asked, &credential).await;
            assert!(matches!(answer.status.as_u16(), 401 | 429), "{cut} {part}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_passkey_gets_another_name() {
    let (server, mut owner) = with_owner().await;
    let mut key = add(&server, &mut owner, 1).await;
    let id = owner.get(&server, "/session/passkeys").await.data()["passkeys"][0]["id"].clone();
    let path = format!("/session/passkeys/{}", id.as_str().unwrap());
    let renamed = owner.send(&server, Method::PATCH, &path, json!({ "name": "  Blue key " })).await;
    assert_eq!((&renamed.data()["id"], &renamed.data()["name"]), (&id, &json!("Blue key")));
    assert_eq!(owner.get(&server, "/session/passkeys").await.data()["passkeys"][0]["name"], "Blue key");
    let entries = log(&server, &owner).await;
    let line = entries.iter().find(|entry| entry["action"] == "passkey_change").unwrap();
    assert_eq!(line["detail"], "Laptop is now Blue key");
    key.count = 1;
    assert_eq!(sign_in(&server, &mut key).await.0.status, StatusCode::OK);
    for name in [json!(""), json!(" "), json!("x".repeat(101)), json!("a\0b"), json!(["a"]), json!(null)] {
        let answer = owner.send(&server, Method::PATCH, &path, json!({ "name": name })).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "name"), "{name}");
    }
    // Nobody else's.
    add_member(&server, &server.organization, "bo@example.org", Role::Owner).await;
    let mut bo = Browser::sign_in(&server, "bo@example.org").await;
    let answer = bo.send(&server, Method::PATCH, &path, json!({ "name": "Mine" })).await;
    assert_eq!(answer.refusal(), (404, "not_found", ""));
    assert_eq!(owner.get(&server, "/session/passkeys").await.data()["passkeys"][0]["name"], "Blue key");
}
