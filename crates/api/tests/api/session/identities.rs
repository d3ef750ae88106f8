//! The logins of other systems that lead to a person: their list, linking one while signed in, and taking one
//! back.

use axum::http::{Method, StatusCode};
use domain::people::{Role, SESSION_FRESH};
use serde_json::{Value, json};

use super::provider::{Visitor, come, problem, start};
use super::{Browser, PASSWORD, add, log};
use crate::support::{Answer, Server};

async fn list(server: &Server, browser: &Browser) -> Vec<Value> {
    browser.get(server, "/session/identities").await.data()["identities"].as_array().unwrap().clone()
}

/// The whole way of linking; where it ends.
async fn link(server: &Server, browser: &Browser, choice: &[(&str, &str)]) -> String {
    let mut visitor = Visitor::default();
    let url = visitor.depart_to_link(server, browser).await;
    let back = visitor.choose(url, choice).await;
    visitor.arrive(server, &back).await
}

async fn unlink(server: &Server, browser: &mut Browser, id: &Value) -> Answer {
    let path = format!("/session/identities/{}", id.as_str().unwrap());
    browser.send(server, Method::DELETE, &path, json!({})).await
}

fn settings(end: &str) -> String {
    format!("/settings?tab=you&link={end}")
}

async fn count(server: &Server, owner: &Browser, action: &str) -> usize {
    log(server, owner).await.iter().filter(|entry| entry["action"] == action).count()
}

#[tokio::test]
async fn a_login_is_linked_used_and_taken_back() {
    let (server, mut owner) = start().await;
    assert_eq!(list(&server, &owner).await, [] as [Value; 0]);
    let bo = [("sandbox_user", "bo@example.org")];
    assert_eq!(link(&server, &owner, &bo).await, settings("done"));
    let listed = list(&server, &owner).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (
            &listed[0]["provider"],
            &listed[0]["host"],
            &listed[0]["open"],
            &listed[0]["email"],
            &listed[0]["name"]
        ),
        (&json!("Example login"), &json!("127.0.0.1"), &json!(true), &json!("bo@example.org"), &json!("Bo"))
    );
    assert_eq!(listed[0]["created_at"], "2027-01-15T08:00:00.000Z");
    server.clock.advance(domain::Span::from_hours(1));
    let (end, visitor) = come(&server, &bo).await;
    let user = visitor.whoami(&server).await["user"].clone();
    assert_eq!((end.as_str(), &user["email"]), ("/posts", &json!("ana@example.org")));
    assert_eq!(list(&server, &owner).await[0]["last_used_at"], "2027-01-15T09:00:00.000Z");
    assert_eq!(count(&server, &owner, "identity_link").await, 1);
    assert_eq!(unlink(&server, &mut owner, &listed[0]["id"]).await.data()["deleted"], true);
    assert_eq!(unlink(&server, &mut owner, &listed[0]["id"]).await.refusal(), (404, "not_found", ""));
    assert_eq!(count(&server, &owner, "identity_unlink").await, 1);
    assert_eq!(come(&server, &bo).await.0, problem("unknown"));
}

#[tokio::test]
async fn what_was_taken_back_does_not_return_by_the_address() {
    let (server, mut owner) = start().await;
    let ana = [("sandbox_user", "ana@example.org")];
    assert_eq!(come(&server, &ana).await.0, "/posts");
    let listed = list(&server, &owner).await;
    assert_eq!(unlink(&server, &mut owner, &listed[0]["id"]).await.status, StatusCode::OK);
    let (end, visitor) = come(&server, &ana).await;
    assert_eq!((end, visitor.session), (problem("not_linked"), None));
    assert_eq!(link(&server, &owner, &ana).await, settings("done"));
    assert_eq!(come(&server, &ana).await.0, "/posts");
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let (server, mut owner) = start().await;
    let body = json!({ "email": "bo@example.org", "role": "editor" });
    assert_eq!(owner.post(&server, "/session/invitations", body).await.status, StatusCode::CREATED);
    let (_, visitor) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    let csrf = visitor.whoami(&server).await["csrf_token"].as_str().map(ToOwned::to_owned);
    let mut bo = Browser { cookie: visitor.session, csrf };
    let listed = list(&server, &bo).await;
    let answer = unlink(&server, &mut bo, &listed[0]["id"]).await;
    assert_eq!(answer.refusal(), (409, "conflict", ""));
    assert!(
        answer.body["error"]["message"].as_str().unwrap().contains("add a passkey first"),
        "{}",
        answer.body
    );
    assert_eq!(list(&server, &bo).await.len(), 1);
    // With a passkey, one of both may go, and then the other one stays.
    super::passkeys::add(&server, &mut bo, 1).await;
    assert_eq!(unlink(&server, &mut bo, &listed[0]["id"]).await.status, StatusCode::OK);
    let passkeys = bo.get(&server, "/session/passkeys").await;
    let path = format!("/session/passkeys/{}", passkeys.data()["passkeys"][0]["id"].as_str().unwrap());
    let answer = bo.send(&server, Method::DELETE, &path, json!({})).await;
    assert_eq!(answer.refusal(), (409, "conflict", ""));
    app::people::operator::set_password(&server.app, "bo@example.org", PASSWORD).await.unwrap();
    let mut bo = Browser::sign_in(&server, "bo@example.org").await;
    assert_eq!(bo.send(&server, Method::DELETE, &path, json!({})).await.data()["deleted"], true);
}

#[tokio::test]
async fn a_login_of_somebody_else_is_not_linked_and_nobody_unlinks_for_others() {
    let (server, owner) = start().await;
    let ana = [("sandbox_user", "ana@example.org")];
    assert_eq!(come(&server, &ana).await.0, "/posts");
    add(&server, &server.organization, "kim@example.org", Role::Admin).await;
    let mut kim = Browser::sign_in(&server, "kim@example.org").await;
    assert_eq!(link(&server, &kim, &ana).await, settings("elsewhere"));
    assert_eq!(list(&server, &kim).await, [] as [Value; 0]);
    let theirs = list(&server, &owner).await;
    assert_eq!(unlink(&server, &mut kim, &theirs[0]["id"]).await.refusal(), (404, "not_found", ""));
    for id in ["x", "%00", "00000000-0000-0000-0000-000000000000"] {
        let path = format!("/session/identities/{id}");
        assert_eq!(kim.send(&server, Method::DELETE, &path, json!({})).await.refusal().0, 404, "{id}");
    }
    assert_eq!(list(&server, &owner).await.len(), 1);
    // One login of a system for each person.
    let again = owner.clone().post(&server, "/session/provider/link", json!({})).await;
    assert_eq!(again.refusal(), (409, "conflict", ""));
}

#[tokio::test]
async fn linking_belongs_to_the_session_that_began_it() {
    let (server, owner) = start().await;
    let bo = [("sandbox_user", "bo@example.org")];
    let other = Browser::sign_in(&server, "ana@example.org").await;
    add(&server, &server.organization, "kim@example.org", Role::Admin).await;
    let kim = Browser::sign_in(&server, "kim@example.org").await;
    for stranger in [other.cookie.clone(), kim.cookie.clone(), None] {
        let mut visitor = Visitor::default();
        let url = visitor.depart_to_link(&server, &owner).await;
        let back = visitor.choose(url, &bo).await;
        // The same browser, in which somebody else or nobody is signed in by now.
        visitor.session = stranger;
        assert_eq!(visitor.arrive(&server, &back).await, problem("over"));
    }
    // Another browser that is sent to where the first one should come back to.
    let mut visitor = Visitor::default();
    let url = visitor.depart_to_link(&server, &owner).await;
    let back = visitor.choose(url, &bo).await;
    let mut victim = Visitor { session: kim.cookie.clone(), ..Visitor::default() };
    assert_eq!(victim.arrive(&server, &back).await, problem("over"));
    for browser in [&owner, &other, &kim] {
        assert_eq!(list(&server, browser).await, [] as [Value; 0]);
    }
    // A visit that began on the sign-in page signs in and links nothing to who is signed in.
    assert_eq!(come(&server, &bo).await.0, problem("unknown"));
    // It works once.
    assert_eq!(visitor.arrive(&server, &back).await, settings("done"));
    assert_eq!(visitor.arrive(&server, &back).await, problem("over"));
}

#[tokio::test]
async fn linking_needs_a_fresh_session_and_says_what_went_wrong() {
    let (server, mut owner) = start().await;
    assert_eq!(link(&server, &owner, &[("sandbox_deny", "1")]).await, settings("denied"));
    let flawed = [("sandbox_user", "bo@example.org"), ("sandbox_flaw", "nonce")];
    assert_eq!(link(&server, &owner, &flawed).await, settings("refused"));
    // Nobody has to vouch for an address: who is signed in says who they are.
    let unverified = [("sandbox_user", "bo@example.org"), ("sandbox_flaw", "unverified")];
    assert_eq!(link(&server, &owner, &unverified).await, settings("done"));
    let listed = list(&server, &owner).await;
    assert_eq!(listed[0]["email"], Value::Null);
    unlink(&server, &mut owner, &listed[0]["id"]).await;
    let forged = Browser { csrf: None, ..owner.clone() };
    let request = forged.request(Method::POST, "/session/provider/link", Some(&json!({})));
    assert_eq!(server.send(request).await.refusal(), (403, "forbidden", ""));
    server.clock.advance(SESSION_FRESH);
    let late = owner.post(&server, "/session/provider/link", json!({})).await;
    assert_eq!(late.refusal(), (403, "forbidden", ""));
}

#[tokio::test]
async fn an_account_that_an_inviter_made_with_a_strangers_address_gets_nothing_of_the_strangers() {
    let (server, owner) = start().await;
    // Mallory manages another organization, invites Bo's address, and opens the link herself.
    app::setup::create_organization(&server.app, "Other", "mallory@example.org", "Mallory").await.unwrap();
    app::people::operator::set_password(&server.app, "mallory@example.org", PASSWORD).await.unwrap();
    let mut mallory = Browser::sign_in(&server, "mallory@example.org").await;
    let body = json!({ "email": "bo@example.org", "role": "viewer" });
    let invited = mallory.post(&server, "/session/invitations", body).await;
    let token = invited.data()["url"].as_str().unwrap().rsplit_once("?token=").unwrap().1.to_owned();
    let body = json!({ "token": token, "name": "Not Bo", "password": PASSWORD });
    let answer = Browser::default().post(&server, "/session/invitations/accept", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body = json!({ "email": "bo@example.org", "role": "admin" });
    let invited = owner.clone().post(&server, "/session/invitations", body).await;
    assert_eq!(invited.status, StatusCode::CREATED);
    // Bo comes by the other system. Neither the login nor the invitation goes to Mallory's account.
    let (end, bo) = come(&server, &[("sandbox_user", "bo@example.org")]).await;
    assert_eq!((end, bo.session), (problem("not_linked"), None));
    let open = owner.get(&server, "/session/invitations").await;
    assert_eq!(open.data()["invitations"].as_array().unwrap().len(), 1);
}
