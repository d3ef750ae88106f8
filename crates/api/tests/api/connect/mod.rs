//! Connecting accounts, from the link to the account, with the sandbox as the platform.

mod chosen;
mod credentials;
mod leaving;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::Span;
use domain::plan::{OrganizationSettings, PlanChanges};
use serde_json::{Value, json};
use testkit::CreateAccount;
use url::Url;

use crate::support::{EXPIRED, HEALTHY, Server};

const BASE: &str = "https://social.example.org";

/// A page, or a redirect.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Page {
    fn location(&self) -> Url {
        let location = self.headers.get(header::LOCATION);
        let location = location.unwrap_or_else(|| panic!("{} {}", self.status, self.text));
        Url::parse(location.to_str().unwrap()).unwrap()
    }
}

impl Server {
    async fn visit(&self, request: Request<Body>) -> Page {
        let (status, headers, bytes) = self.raw(request).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cache-control"], "no-store");
        let text = String::from_utf8(bytes).unwrap();
        for outside in ["<script", "src=", " style=", "http:", "https:"] {
            assert!(!text.contains(outside), "{outside}: {text}");
        }
        Page { status, headers, text }
    }

    /// Opens an address of this server.
    async fn open(&self, address: &str) -> Page {
        let path = address.strip_prefix(BASE).unwrap_or(address);
        self.visit(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// What the platform does when its user agrees (or, with `sandbox_deny`, does not): where the
    /// browser is sent.
    async fn agree(&self, authorize: &Url, changes: &[(&str, &str)]) -> String {
        let mut url = authorize.clone();
        let kept: Vec<(String, String)> = authorize
            .query_pairs()
            .into_owned()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
            .collect();
        url.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(changes);
        let answer = self.app.outside.http.send(app::net::Request::get(url)).await.unwrap();
        answer.header("location").unwrap_or_else(|| panic!("{:?}", answer.body)).to_owned()
    }

    async fn link(&self, platform: &str) -> Value {
        let answer = self.post("/accounts/connect-link", json!({ "platform": platform })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data().clone()
    }

    /// From a new link to the callback's address.
    async fn go(&self, platform: &str, changes: &[(&str, &str)]) -> (Value, String) {
        let link = self.link(platform).await;
        let authorize = self.open(link["url"].as_str().unwrap()).await.location();
        let back = self.agree(&authorize, changes).await;
        (link, back)
    }

    async fn state_of(&self, link: &Value) -> Value {
        let id = link["session_id"].as_str().unwrap();
        self.get(&format!("/auth/social-connect/poll/{id}")).await.data().clone()
    }

    fn platform_user(&self, platform: &str, wanted: &CreateAccount) -> String {
        self.sandbox.create_account(platform, wanted).unwrap().platform_user_id
    }

    async fn limit(&self, limits: PlanChanges) {
        let settings = OrganizationSettings { limits, ..OrganizationSettings::default() };
        assert!(self.app.store.set_organization_settings(self.organization.id, settings).await.unwrap());
    }

    async fn count(&self) -> u64 {
        self.get("/accounts").await.data()["total"].as_u64().unwrap()
    }
}

fn user(username: &str, name: &str) -> CreateAccount {
    CreateAccount {
        username: Some(username.to_owned()),
        display_name: Some(name.to_owned()),
        ..CreateAccount::default()
    }
}

#[tokio::test]
async fn a_link_leads_to_the_platform_and_back_to_a_connected_account() {
    let server = Server::start().await;
    server.platform_user("x", &user("bakery", "Harbour <b>Bakery</b>"));
    let link = server.link("x").await;
    assert_eq!(link["url"], link["authorize_url"]);
    assert_eq!(link["platform"], "x");
    assert_eq!(link["expires_in"], 600);
    assert!(link.get("account_id").is_none());
    assert_eq!(server.state_of(&link).await["status"], "pending");

    let authorize = server.open(link["url"].as_str().unwrap()).await.location();
    let query: std::collections::HashMap<_, _> = authorize.query_pairs().into_owned().collect();
    assert_eq!(query["redirect_uri"], format!("{BASE}/connect/callback/x"));
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["scope"], "tweet.read tweet.write users.read media.write offline.access");
    assert!(authorize.as_str().contains("/x.com/i/oauth2/authorize?"), "{authorize}");

    let back = server.agree(&authorize, &[("sandbox_user", "bakery")]).await;
    let page = server.open(&back).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("<h1>X is connected</h1>") && page.text.contains("@bakery"), "{}", page.text);

    let state = server.state_of(&link).await;
    assert_eq!(state["status"], "completed");
    assert_eq!(state["account"]["account_name"], "@bakery");
    assert_eq!(state["account"]["health"], json!({ "status": "healthy", "can_post": true }));
    assert_eq!(server.count().await, 3);

    // It publishes with what it was given.
    let id = state["account"]["account_id"].clone();
    let post = server.make_post(json!({ "content": "Fresh rye", "account_ids": [id] })).await;
    server.tick().await;
    let results = server.get(&format!("/posts/{post}/results")).await;
    assert_eq!(results.data()["results"][0]["status"], "published", "{}", results.body);
}

#[tokio::test]
async fn a_state_works_once_for_ten_minutes_and_for_its_platform_alone() {
    let server = Server::start().await;
    server.platform_user("x", &user("bakery", "Bakery"));
    let (link, back) = server.go("x", &[("sandbox_user", "bakery")]).await;

    let elsewhere = server.open(&back.replace("/callback/x", "/callback/linkedin")).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    assert!(elsewhere.text.contains("from another platform"), "{}", elsewhere.text);

    for forged in
        ["/connect/callback/x", "/connect/callback/x?state=&code=1", "/connect/callback/x?state=AAAA&code=1"]
    {
        let page = server.open(forged).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{forged}");
    }
    assert_eq!(server.count().await, 2);
    assert_eq!(server.open(&back).await.status, StatusCode::OK);
    let again = server.open(&back).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.text.contains("was used already"), "{}", again.text);
    assert_eq!(server.open(link["url"].as_str().unwrap()).await.status, StatusCode::GONE);

    let (link, back) = server.go("x", &[("sandbox_user", "bakery")]).await;
    server.clock.advance(Span::from_minutes(10));
    assert_eq!(server.state_of(&link).await["status"], "expired");
    let late = server.open(&back).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.text.contains("has expired"), "{}", late.text);
    assert_eq!(server.open(link["url"].as_str().unwrap()).await.status, StatusCode::GONE);
    for unknown in ["/connect/x", "/connect/0192f5a0-0000-7000-8000-000000000000"] {
        assert_eq!(server.open(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_no_names_the_scopes_and_cancels() {
    let server = Server::start().await;
    server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    for platform in ["x", "linkedin"] {
        let (link, back) = server.go(platform, &[("sandbox_deny", "1")]).await;
        let page = server.open(&back).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text.contains("was not connected"), "{}", page.text);
        let scope = if platform == "x" { "tweet.write" } else { "w_member_social" };
        assert!(page.text.contains(&format!("<li>{scope}</li>")), "{}", page.text);
        let state = server.state_of(&link).await;
        assert_eq!(state["status"], "cancelled");
        assert!(state["message"].as_str().unwrap().contains(scope), "{state}");
    }
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn what_publishing_cannot_do_without_must_be_granted() {
    let server = Server::start().await;
    server.platform_user("x", &user("bakery", "Bakery"));
    let less = [("sandbox_user", "bakery"), ("scope", "tweet.read users.read offline.access")];
    let (link, back) = server.go("x", &less).await;
    let page = server.open(&back).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for missing in ["tweet.write", "media.write"] {
        assert!(page.text.contains(&format!("<li>{missing}</li>")), "{}", page.text);
    }
    assert!(!page.text.contains("<li>users.read</li>"));
    assert_eq!(server.state_of(&link).await["status"], "cancelled");
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn a_platforms_error_is_shown_as_text_and_leads_nowhere() {
    let server = Server::start().await;
    let link = server.link("x").await;
    let authorize = server.open(link["url"].as_str().unwrap()).await.location();
    let state = authorize.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let said = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let back = format!(
        "/connect/callback/x?state={state}&error=invalid_scope&error_description={said}&redirect=//evil.example&next=//evil.example"
    );
    let page = server.open(&back).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.text.contains("&lt;script&gt;alert(1)"), "{}", page.text);
    assert!(!page.text.contains("evil.example"));
    assert!(page.headers.get(header::LOCATION).is_none());
    assert_eq!(server.state_of(&link).await["status"], "cancelled");

    let link = server.link("x").await;
    let authorize = server.open(link["url"].as_str().unwrap()).await.location();
    let state = authorize.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let page = server.open(&format!("/connect/callback/x?state={state}&code=wrong")).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.text.contains("no longer takes this sign-in"), "{}", page.text);
}

#[tokio::test]
async fn a_reconnect_repairs_in_place_and_takes_no_other_profile() {
    let server = Server::start().await;
    let path = format!("/accounts/{HEALTHY}");
    server.platform_user("x", &user("stranger", "Stranger"));
    let disconnected = server.delete(&path).await;
    assert_eq!(disconnected.data()["account"]["is_active"], false);
    assert_eq!(disconnected.data()["account"]["health"]["can_post"], false);
    assert_eq!(server.delete(&path).await.data()["disconnected"], true, "again is no error");
    let post = server.make_post(json!({ "content": "Into the void", "account_ids": [HEALTHY] })).await;
    server.tick().await;
    let results = server.get(&format!("/posts/{post}/results")).await;
    assert_eq!(results.data()["results"][0]["error"], "The account is switched off; connect it again.");

    let reconnect = async |who: &str| {
        let answer = server.call(Method::POST, &format!("{path}/reconnect"), None).await;
        let link = answer.data().clone();
        assert_eq!(link["account_id"], HEALTHY);
        let authorize = server.open(link["url"].as_str().unwrap()).await.location();
        let back = server.agree(&authorize, &[("sandbox_user", who)]).await;
        (link, server.open(&back).await)
    };
    let (link, wrong) = reconnect("stranger").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    for name in ["@northlight", "@stranger"] {
        assert!(wrong.text.contains(name), "{}", wrong.text);
    }
    assert_eq!(server.state_of(&link).await["status"], "cancelled");
    assert_eq!(server.get(&path).await.data()["is_active"], false);

    let (link, right) = reconnect("northlight").await;
    assert!(right.text.contains("X is connected again"), "{}", right.text);
    assert_eq!(server.state_of(&link).await["account"]["account_id"], HEALTHY);
    let health = server.get(&format!("{path}/health")).await;
    assert_eq!(health.data()["status"], "healthy", "{}", health.body);
    assert_eq!(server.count().await, 2);
}

#[tokio::test]
async fn the_same_profile_is_one_account_here_and_another_one_in_another_organization() {
    let server = Server::start().await;
    let (stranger, _) = server.stranger().await;
    let (link, back) = server.go("x", &[("sandbox_user", "northlight")]).await;
    server.open(&back).await;
    assert_eq!(server.state_of(&link).await["account"]["account_id"], HEALTHY);

    let body = json!({ "platform": "x" });
    let theirs = server.call_as(Some(&stranger), Method::POST, "/accounts/connect-link", Some(body)).await;
    let theirs = theirs.data().clone();
    let poll = format!("/auth/social-connect/poll/{}", theirs["session_id"].as_str().unwrap());
    assert_eq!(server.get(&poll).await.refusal(), (404, "not_found", ""), "another tenant's session");
    let authorize = server.open(theirs["url"].as_str().unwrap()).await.location();
    let back = server.agree(&authorize, &[("sandbox_user", "northlight")]).await;
    server.open(&back).await;
    let state = server.call_as(Some(&stranger), Method::GET, &poll, None).await;
    assert_ne!(state.data()["account"]["account_id"], HEALTHY);
    for (method, path) in [
        (Method::POST, format!("/accounts/{HEALTHY}/reconnect")),
        (Method::DELETE, format!("/accounts/{HEALTHY}")),
    ] {
        let answer = server.call_as(Some(&stranger), method, &path, None).await;
        assert_eq!(answer.refusal(), (404, "not_found", ""), "{path}");
    }
}

#[tokio::test]
async fn tiktok_is_connected_and_says_what_was_not_ticked() {
    let server = Server::start().await;
    server.platform_user("tiktok", &user("orchard.films", "Orchard"));
    let some = [("sandbox_user", "orchard.films"), ("sandbox_decline", "video.list,user.info.stats")];
    let (link, back) = server.go("tiktok", &some).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("<h1>TikTok is connected</h1>"), "{}", page.text);
    assert!(page.text.contains("video.list"), "{}", page.text);
    let state = server.state_of(&link).await;
    assert_eq!(state["account"]["account_name"], "@orchard.films");
    assert_eq!(state["account"]["health"], json!({ "status": "healthy", "can_post": true }));

    let none = [("sandbox_user", "orchard.films"), ("sandbox_decline", "video.publish")];
    let (link, back) = server.go("tiktok", &none).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("video.publish"), "{}", page.text);
    assert_eq!(server.state_of(&link).await["status"], "cancelled");
}

#[tokio::test]
async fn what_cannot_be_connected_this_way_says_how_or_why_not() {
    let server = Server::start().await;
    let link = "/accounts/connect-link";
    let credential = "/accounts/connect-credential";
    for (path, body, refusal, words) in [
        (link, json!({}), (400, "validation_error", "platform"), "missing"),
        (link, json!({ "platform": "myspace" }), (400, "validation_error", "platform"), "no platform"),
        (link, json!({ "platform": "bluesky" }), (400, "validation_error", "platform"), "connect-credential"),
        (link, json!({ "platform": "x", "login": "other" }), (400, "validation_error", "login"), "one of x"),
        (credential, json!({ "platform": "x" }), (400, "validation_error", "platform"), "connect-link"),
        (
            credential,
            json!({ "platform": "bluesky", "handle": "a" }),
            (400, "validation_error", "app_password"),
            "missing",
        ),
        (
            "/auth/social-connect/start",
            json!({ "platform": "x", "mode": "reconnect" }),
            (400, "validation_error", "account_id"),
            "missing",
        ),
        (
            "/auth/social-connect/start",
            json!({ "platform": "linkedin", "mode": "reconnect", "account_id": HEALTHY }),
            (400, "validation_error", "platform"),
            "is on x",
        ),
        (
            "/auth/social-connect/start",
            json!({ "platform": "x", "mode": "other" }),
            (400, "validation_error", "mode"),
            "reconnect",
        ),
    ] {
        let answer = server.post(path, body.clone()).await;
        assert_eq!(answer.refusal(), refusal, "{path} {body}");
        assert!(answer.body["error"]["message"].as_str().unwrap().contains(words), "{}", answer.body);
    }
    let again = server.call(Method::POST, &format!("/accounts/{EXPIRED}/reconnect"), None).await;
    assert_eq!(again.refusal(), (400, "validation_error", "platform"), "Bluesky is renewed by credentials");
    let twitter = server.post(link, json!({ "platform": "twitter" })).await;
    assert_eq!(twitter.data()["platform"], "x");
}
