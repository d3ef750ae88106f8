use axum::http::header;
use domain::{Span, people};
use serde_json::json;

use super::{Browser, PASSWORD, with_owner};
use crate::support::{LIMITS, Server};

async fn attempt(server: &Server, email: &str, password: &str) -> (u16, i64) {
    attempt_from(server, "198.51.100.7", email, password).await
}

/// A try from an address that a proxy on this machine tells of; the answer's status and how long to wait.
async fn attempt_from(server: &Server, address: &str, email: &str, password: &str) -> (u16, i64) {
    use std::net::SocketAddr;
    let body = json!({ "email": email, "password": password });
    let mut request = Browser::default().request(axum::http::Method::POST, "/session/sign-in", Some(&body));
    request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
    let peer: SocketAddr = "127.0.0.1:40000".parse().unwrap();
    request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
    let answer = server.send(request).await;
    let wait = answer.headers.get(header::RETRY_AFTER).map_or("0", |value| value.to_str().unwrap());
    if answer.status == 429 {
        assert_eq!(answer.refusal().1, "rate_limit_exceeded");
    }
    (answer.status.as_u16(), wait.parse().unwrap())
}

#[tokio::test]
async fn guesses_at_one_person_wait_longer_and_longer() {
    let (server, _) = with_owner().await;
    let mut waits = Vec::new();
    for _ in 0..5 {
        assert_eq!(attempt(&server, "ana@example.org", "wrong").await.0, 401);
    }
    for _ in 0..11 {
        assert_eq!(attempt(&server, "Ana@Example.org", "wrong").await.0, 401);
        let (status, wait) = attempt(&server, "ana@example.org", PASSWORD).await;
        assert_eq!(status, 429, "not even the right one is looked at");
        waits.push(wait);
        server.clock.advance(Span::from_seconds(wait));
    }
    assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    assert_eq!(attempt(&server, "ana@example.org", PASSWORD).await.0, 200);
    // Who has signed in starts anew.
    for _ in 0..5 {
        assert_eq!(attempt(&server, "ana@example.org", "wrong").await.0, 401);
    }
}

#[tokio::test]
async fn guesses_wait_for_an_address_that_nobody_has_as_well() {
    let (server, _) = with_owner().await;
    for _ in 0..6 {
        assert_eq!(attempt(&server, "nobody@example.org", "wrong").await.0, 401);
    }
    assert_eq!(attempt(&server, "nobody@example.org", "wrong").await, (429, 2));
    assert_eq!(attempt(&server, "ana@example.org", PASSWORD).await.0, 200, "the others are not held up");
}

#[tokio::test]
async fn guesses_of_one_network_at_many_people_wait_too() {
    let (server, _) = with_owner().await;
    for number in 0..31 {
        let address = format!("2001:db8::{number:x}");
        let email = format!("somebody{number}@example.org");
        assert_eq!(attempt_from(&server, &address, &email, "wrong").await.0, 401, "{number}");
    }
    assert_eq!(attempt_from(&server, "2001:db8::ffff", "ana@example.org", PASSWORD).await, (429, 2));
    assert_eq!(attempt_from(&server, "2001:db8:1::1", "ana@example.org", PASSWORD).await.0, 200);
    // What is counted is forgotten after a day.
    server.clock.advance(Span::from_days(2));
    assert_eq!(attempt_from(&server, "2001:db8::1", "ana@example.org", "wrong").await.0, 401);
    assert_eq!(attempt_from(&server, "2001:db8::1", "ana@example.org", PASSWORD).await.0, 200);
}

#[tokio::test]
async fn the_present_password_cannot_be_guessed_in_a_session_either() {
    let (server, mut owner) = with_owner().await;
    let body = json!({ "current": "wrong", "new": "another long sentence" });
    for _ in 0..6 {
        let answer = owner.post(&server, "/session/password", body.clone()).await;
        assert_eq!(answer.refusal(), (400, "validation_error", "current"));
    }
    assert_eq!(owner.post(&server, "/session/password", body).await.refusal().0, 429);
}

#[tokio::test]
async fn the_operator_sets_a_password_and_nothing_is_held_against_its_person() {
    let (server, owner) = with_owner().await;
    for _ in 0..6 {
        attempt(&server, "ana@example.org", "wrong").await;
    }
    let new = "what the operator chose";
    app::people::operator::set_password(&server.app, "ANA@example.org", new).await.unwrap();
    assert_eq!(owner.get(&server, "/session").await.data()["signed_in"], false);
    assert_eq!(attempt(&server, "ana@example.org", new).await.0, 200);
}

#[tokio::test]
async fn an_address_has_so_many_sign_ins_a_minute_whatever_they_are_for() {
    let server = Server::with_limits(LIMITS).await;
    let body = json!({ "token": "0".repeat(64) });
    for _ in 0..20 {
        let answer = Browser::default().post(&server, "/session/sign-in-link", body.clone()).await;
        assert_eq!(answer.refusal().0, 401);
    }
    for path in ["/session/sign-in-link", "/session/sign-in", "/session/setup", "/session/invitations/accept"]
    {
        let answer = Browser::default().post(&server, path, body.clone()).await;
        assert_eq!(answer.refusal(), (429, "rate_limit_exceeded", ""), "{path}");
    }
}

#[test]
fn pauses_stay_short_enough_for_whom_somebody_locks_out() {
    assert_eq!(people::Subject::Email.pause_after(1_000), Span::from_minutes(5));
}
