//! People who sign in: the demo's link, the link that `serve` prints first, and the operator's commands.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Demo, Folder, fanfare, run, run_well};

/// A browser.
struct Browser {
    http: reqwest::Client,
    base_url: String,
    cookie: String,
    csrf: String,
}

impl Browser {
    fn at(base_url: &str) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test's own client")]
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self { http, base_url: base_url.to_owned(), cookie: String::new(), csrf: String::new() }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.http.get(format!("{}{path}", self.base_url)).header("cookie", &self.cookie);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.base_url))
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf)
            .header("origin", &self.base_url)
            .json(&body);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        if let Some(set) = answer.headers().get("set-cookie") {
            set.to_str().unwrap().split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        let body: Value = answer.json().await.unwrap();
        if let Some(csrf) = body["data"]["csrf_token"].as_str() {
            csrf.clone_into(&mut self.csrf);
        }
        (status, body)
    }
}

/// The token at the end of a link.
fn token_of(link: &str) -> Value {
    json!(link.rsplit_once("?token=").unwrap_or_else(|| panic!("no token in {link}")).1)
}

#[tokio::test]
async fn the_demo_signs_its_owner_in_and_the_operator_sets_another_password() {
    let demo = Demo::start();
    let link = demo.ready["dashboard_url"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/sign-in?token=", demo.base_url)), "{link}");
    let mut browser = Browser::at(&demo.base_url);
    let (status, body) = browser.post("/session/sign-in-link", json!({ "token": token_of(link) })).await;
    assert_eq!((status, &body["data"]["role"]), (200, &json!("owner")), "{body}");
    assert_eq!(
        Browser::at(&demo.base_url).post("/session/sign-in-link", json!({ "token": token_of(link) })).await.0,
        401
    );
    let (status, accounts) = browser.get("/v1/accounts").await;
    assert_eq!(status, 200);
    let account = accounts["data"]["accounts"][0]["id"].clone();
    assert!(account.is_i64(), "{accounts}");
    let draft = json!({ "name": "From the dashboard" });
    assert_eq!(browser.post("/v1/campaigns", draft).await.0, 201);
    let (_, log) = browser.get("/session/audit-log").await;
    assert_eq!(log["data"]["entries"][0]["detail"], "POST /campaigns");

    let email = demo.ready["email"].as_str().unwrap();
    let sign_in = |password: &Value| json!({ "email": email, "password": password });
    let mut other = Browser::at(&demo.base_url);
    assert_eq!(other.post("/session/sign-in", sign_in(&demo.ready["password"])).await.0, 200);
    let said = demo.run_on_folder(&["user", "set-password", email], "what the operator chose\n");
    assert!(said.contains("is set"), "{said}");
    assert_eq!(browser.get("/session").await.1["data"]["signed_in"], false);
    assert_eq!(other.post("/session/sign-in", sign_in(&demo.ready["password"])).await.0, 401);
    assert_eq!(other.post("/session/sign-in", sign_in(&json!("what the operator chose"))).await.0, 200);

    demo.run_on_folder(&["user", "create", "bo@example.org", "--role", "viewer"], "a viewer's password");
    let listed = demo.run_on_folder(&["user", "list"], "");
    assert!(listed.contains("bo@example.org") && listed.contains("viewer of Northlight"), "{listed}");
    let said = demo.run_on_folder(&["user", "email", "Bo@example.org", "bo@new.example"], "");
    assert!(said.contains("Bo@example.org is now bo@new.example"), "{said}");
    let mut viewer = Browser::at(&demo.base_url);
    let body = json!({ "email": "bo@new.example", "password": "a viewer's password" });
    assert_eq!(viewer.post("/session/sign-in", body).await.1["data"]["role"], "viewer");
    assert_eq!(viewer.post("/v1/campaigns", json!({ "name": "No" })).await.0, 403);
}

/// A server that ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_first_person_comes_in_by_the_link_that_serve_prints() {
    let folder = Folder::new();
    run_well(&folder.0, &["--data-dir", "data", "org", "create", "Northlight", "--email", "ana@example.org"]);
    let start = || {
        let mut child = fanfare()
            .args(["--data-dir", "data", "serve", "--listen", "127.0.0.1:0"])
            .env("FANFARE_LOG", "warn")
            .current_dir(&folder.0)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Dashboard: ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        (Serving(child), url)
    };
    let (first, url) = start();
    let base_url = url.split("/setup").next().unwrap().to_owned();
    let body = json!({ "setup_token": token_of(&url), "email": "ana@example.org", "name": "Ana",
                       "password": "the first password", "organization_name": "" });
    let mut browser = Browser::at(&base_url);
    assert_eq!(browser.get("/session").await.1["data"]["setup_needed"], true);
    let (status, body) = browser.post("/session/setup", body).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["data"]["organization"]["name"], "Northlight");
    drop(first);
    let (_second, url) = start();
    assert!(!url.contains("token"), "who can sign in needs no link: {url}");
    browser.base_url = url.trim_end_matches('/').to_owned();
    assert_eq!(browser.get("/session").await.1["data"]["signed_in"], true, "sessions outlive a restart");
}

#[test]
fn wrong_commands_are_told_what_is_wrong() {
    let folder = Folder::new();
    run_well(&folder.0, &["--data-dir", "d", "org", "create", "One", "--email", "ana@example.org"]);
    for (arguments, words) in [
        (&["user", "set-password", "nobody@example.org"][..], "nobody here has the address"),
        (&["user", "set-password", "ana@example.org"], "standard input"),
        (&["user", "email", "nobody@example.org", "x@example.org"], "nobody here has the address"),
        (&["user", "email", "ana@example.org", "no address"], "must be an e-mail address"),
        (&["user", "create", "bo@example.org", "--role", "king"], "is no role"),
    ] {
        let (succeeded, said) = run(&folder.0, &[&["--data-dir", "d"], arguments].concat());
        assert!(!succeeded && said.contains(words), "{arguments:?}: {said}");
    }
}
