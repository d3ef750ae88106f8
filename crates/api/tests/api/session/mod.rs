//! People who sign in: a browser with its cookie, and what it may do.

mod ai_provider;
mod authenticator;
mod changes;
mod email;
mod enter;
mod identities;
mod installation;
mod limits;
mod manage;
mod own;
mod passkeys;
mod provider;
mod requests;
mod table;

use app::people::operator;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::people::Role;
use serde_json::{Value, json};
use store::OrganizationRow;

use crate::support::{Answer, Server};

/// A password that is taken.
pub(super) const PASSWORD: &str = "correct horse battery";

/// A browser. It keeps its cookie and knows its CSRF token, as the dashboard's pages do.
#[derive(Clone, Debug, Default)]
pub(super) struct Browser {
    pub(super) cookie: Option<String>,
    pub(super) csrf: Option<String>,
}

impl Browser {
    /// A request of this browser.
    pub(super) fn request(&self, method: Method, path: &str, body: Option<&Value>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header(header::USER_AGENT, "Firefox");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("theme=dark; fanfare_session={cookie}"));
        }
        if let Some(csrf) = &self.csrf {
            request = request.header("x-csrf-token", csrf);
        }
        match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string()))
                .unwrap(),
            None => request.body(Body::empty()).unwrap(),
        }
    }

    pub(super) async fn get(&self, server: &Server, path: &str) -> Answer {
        server.send(self.request(Method::GET, path, None)).await
    }

    /// A change; the cookie that comes back is kept.
    pub(super) async fn send(&mut self, server: &Server, method: Method, path: &str, body: Value) -> Answer {
        let answer = server.send(self.request(method, path, Some(&body))).await;
        if let Some(set) = answer.headers.get(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            let token = set.strip_prefix("fanfare_session=").unwrap().split(';').next().unwrap();
            self.cookie = Some(token.to_owned()).filter(|token| !token.is_empty());
            self.csrf = answer.body["data"]["csrf_token"].as_str().map(ToOwned::to_owned);
        }
        answer
    }

    pub(super) async fn post(&mut self, server: &Server, path: &str, body: Value) -> Answer {
        self.send(server, Method::POST, path, body).await
    }

    /// Signs in with the password that everybody has here.
    pub(super) async fn sign_in(server: &Server, email: &str) -> Self {
        Self::sign_in_as(server, email, PASSWORD).await
    }

    /// Signs in.
    pub(super) async fn sign_in_as(server: &Server, email: &str, password: &str) -> Self {
        let mut browser = Self::default();
        let body = json!({ "email": email, "password": password });
        let answer = browser.post(server, "/session/sign-in", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(browser.cookie.is_some() && browser.csrf.is_some());
        browser
    }
}

/// Makes a member who can sign in.
pub(super) async fn add(server: &Server, organization: &OrganizationRow, email: &str, role: Role) {
    operator::create_user(&server.app, organization, email, "Somebody", role, PASSWORD).await.unwrap();
}

/// A server whose owner has a password, with the owner's browser.
pub(super) async fn with_owner() -> (Server, Browser) {
    let server = Server::start().await;
    operator::set_password(&server.app, "ana@example.org", PASSWORD).await.unwrap();
    let owner = Browser::sign_in(&server, "ana@example.org").await;
    (server, owner)
}

/// A member of this role and their browser.
pub(super) async fn member(server: &Server, role: Role) -> Browser {
    let email = format!("{}@example.org", role.as_str());
    add(server, &server.organization, &email, role).await;
    Browser::sign_in(server, &email).await
}

/// The audit log's actions, the latest first.
pub(super) async fn log(server: &Server, owner: &Browser) -> Vec<Value> {
    let answer = owner.get(server, "/session/audit-log?limit=100").await;
    answer.data()["entries"].as_array().unwrap().clone()
}
