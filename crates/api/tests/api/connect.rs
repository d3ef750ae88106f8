//! Connecting accounts, from the link to the account, with the sandbox as the platform.

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::Span;
use domain::plan::{Limit, OrganizationSettings, PlanChanges};
use serde_json::{Value, json};
use testkit::CreateAccount;
use url::Url;

use crate::support::{Answer, EXPIRED, HEALTHY, Server};

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
async fn a_member_is_connected_at_once_and_pages_are_chosen() {
    let server = Server::start().await;
    let ana = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    let (_, back) = server.go("linkedin", &[("sandbox_user", "ana")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("LinkedIn is connected") && page.text.contains("Ana Ruiz"), "{}", page.text);

    for (name, role) in [
        ("Harbour Bakery", "ADMINISTRATOR"),
        ("Mill & Sons", "CONTENT_ADMINISTRATOR"),
        ("Old Mill", "ANALYST"),
    ] {
        let mut page = user(&name.to_lowercase().replace([' ', '&'], "-"), name);
        page.organization = true;
        page.extra.insert("admin".to_owned(), json!(ana));
        page.extra.insert("role".to_owned(), json!(role));
        server.platform_user("linkedin", &page);
    }
    let link =
        server.post("/accounts/connect-link", json!({ "platform": "linkedin", "login": "pages" })).await;
    let link = link.data().clone();
    let authorize = server.open(link["url"].as_str().unwrap()).await.location();
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let choice = server.open(&back).await;
    let cookie = choice.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/connect/choose/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let place = choice.location();
    assert_eq!(server.state_of(&link).await["status"], "pending");
    assert_eq!(server.open(place.as_str()).await.status, StatusCode::NOT_FOUND, "another browser");

    let shown = |query: &str| {
        let request = Request::get(format!("{}{query}", place.path())).header(header::COOKIE, &cookie);
        server.visit(request.body(Body::empty()).unwrap())
    };
    let page = shown("").await;
    for name in ["Ana Ruiz", "Harbour Bakery", "Mill &amp; Sons", "Old Mill", "may not publish"] {
        assert!(page.text.contains(name), "{name}: {}", page.text);
    }
    assert_eq!(page.text.matches(" disabled").count(), 1);
    let narrowed = shown("?q=mill").await;
    assert!(narrowed.text.contains("Mill &amp; Sons") && !narrowed.text.contains("Harbour Bakery"));

    let token =
        page.text.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let send = |body: String| {
        let request = Request::post(place.path())
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        server.visit(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(send("do=connect&pick=1&form=forged".to_owned()).await.status, StatusCode::NOT_FOUND);
    // Two and one more are there already: for one there is room, for two there is none.
    let most = |most| PlanChanges { accounts: Some(Limit::AtMost(most)), ..PlanChanges::default() };
    server.limit(most(4)).await;
    let full = send(format!("do=connect&pick=1&pick=2&form={token}")).await;
    assert_eq!(full.status, StatusCode::FORBIDDEN);
    assert!(full.text.contains("may have 4 connected accounts"), "{}", full.text);
    assert_eq!(server.count().await, 3, "none of them is connected");
    server.limit(most(5)).await;
    let none = send(format!("do=connect&form={token}")).await;
    assert!(none.text.contains("Nothing is ticked"), "{}", none.text);
    let hindered = send(format!("do=connect&pick=3&pick=99&form={token}")).await;
    assert!(hindered.text.contains("Nothing is ticked"), "{}", hindered.text);
    let searched = send(format!("do=search&q=mill&pick=1&form={token}")).await;
    assert!(searched.text.contains("type=\"hidden\" name=\"pick\" value=\"1\""), "{}", searched.text);
    let done = send(format!("do=connect&pick=1&pick=2&form={token}")).await;
    assert!(done.text.contains("Harbour Bakery") && done.text.contains("Mill &amp; Sons"), "{}", done.text);
    assert_eq!(send(format!("do=connect&pick=1&form={token}")).await.status, StatusCode::GONE);

    let state = server.state_of(&link).await;
    assert_eq!(state["accounts"].as_array().unwrap().len(), 2);
    let detail = server.get(&format!("/accounts/{}", state["account"]["account_id"])).await;
    let urn = detail.data()["platform_user_id"].as_str().unwrap();
    assert!(urn.starts_with("urn:li:organization:"), "{urn}");

    // It is renewed by the login that opened it, and by nobody's choice again.
    let id = &state["account"]["account_id"];
    let again = server.call(Method::POST, &format!("/accounts/{id}/reconnect"), None).await;
    let authorize = server.open(again.data()["url"].as_str().unwrap()).await.location();
    assert!(authorize.as_str().contains("rw_organization_admin"), "{authorize}");
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let page = server.open(&back).await;
    assert!(
        page.text.contains("LinkedIn is connected again") && page.text.contains("Harbour Bakery"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn of_a_google_accounts_channels_the_one_picked_there_is_connected() {
    let server = Server::start().await;
    for (handle, title) in [("mill", "Mill"), ("mill.kitchen", "Mill's Kitchen")] {
        server.platform_user("youtube", &user(handle, title));
    }
    let mut nobody = user("visitor", "Visitor");
    nobody.extra.insert("channel".to_owned(), json!(false));
    server.platform_user("youtube", &nobody);

    let (link, back) = server.go("youtube", &[("sandbox_user", "mill.kitchen")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("<h1>YouTube is connected</h1>"), "{}", page.text);
    let state = server.state_of(&link).await;
    assert_eq!(state["status"], "completed");
    assert_eq!(state["account"]["account_name"], "@mill.kitchen");
    assert_eq!(state["account"]["health"], json!({ "status": "healthy", "can_post": true }));

    let (link, back) = server.go("youtube", &[("sandbox_user", "visitor")]).await;
    let page = server.open(&back).await;
    assert!(page.text.contains("has no YouTube channel"), "{}", page.text);
    assert_eq!(server.state_of(&link).await["status"], "cancelled");
    assert_eq!(server.count().await, 3);
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

async fn bluesky(server: &Server, path: &str, handle: &str, password: &str) -> Answer {
    let body = json!({ "platform": "bluesky", "handle": handle, "app_password": password });
    server.post(path, body).await
}

#[tokio::test]
async fn credentials_are_tried_before_anything_is_stored() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("ana", "Ana") };
    let made = server.sandbox.create_account("bluesky", &wanted).unwrap();
    let (handle, password) = (made.username, made.credentials.unwrap().app_password.unwrap());
    let path = "/accounts/connect-credential";
    for (wrong, secret) in
        [(handle.as_str(), "aaaa-bbbb-cccc-dddd"), ("nobody.test", &password), (&handle, "hunter22")]
    {
        let answer = bluesky(&server, path, wrong, secret).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(secret));
    }
    assert_eq!(bluesky(&server, path, "", &password).await.refusal(), (400, "validation_error", "handle"));
    assert_eq!(server.count().await, 2);

    let first = bluesky(&server, path, &handle, &password).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data()["account"]["account_name"], format!("@{handle}"));
    let id = first.data()["account"]["account_id"].clone();
    let again = bluesky(&server, "/auth/social-connect/bluesky", &handle, &password).await;
    assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
    assert_eq!(again.data()["account"]["account_id"], id);
    assert_eq!(server.count().await, 3);
}

#[tokio::test]
async fn a_mastodon_account_is_connected_by_its_server_and_token() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("ana", "Ana") };
    let made = server.sandbox.create_account("mastodon", &wanted).unwrap();
    let token = made.credentials.unwrap().access_token;
    let connect = async |server_url: &str, token: &str| {
        let body = json!({ "platform": "mastodon", "server_url": server_url, "access_token": token });
        server.post("/accounts/connect-credential", body).await
    };
    for (server_url, token) in [("mastodon.social", "nonsense"), ("https://10.0.0.1", &token)] {
        let answer = connect(server_url, token).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(token));
    }
    let first = connect("mastodon.social", &token).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(first.data()["account"]["account_name"], "@ana@mastodon.social");
    let again = connect("@ana@mastodon.social", &token).await;
    assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
}

#[tokio::test]
async fn a_bots_token_and_a_webhooks_address_open_a_chat_and_a_channel() {
    let server = Server::start().await;
    let wanted = CreateAccount { token: true, ..user("northlight", "Northlight") };
    let chat = server.sandbox.create_account("telegram", &wanted).unwrap();
    let token = chat.credentials.unwrap().access_token;
    let bot = json!({ "platform": "telegram", "bot_token": token, "channel": chat.extra["channel"] });
    let channel = server.sandbox.create_account("discord", &wanted).unwrap();
    let address = channel.extra["webhook_url"].as_str().unwrap();
    let hook = json!({ "platform": "discord", "webhook_url": address });
    let elsewhere =
        json!({ "platform": "discord", "webhook_url": address.replace("discord.com", "127.0.0.1") });
    let nobody = json!({ "platform": "telegram", "bot_token": token, "channel": "@nobody_there" });
    for (wrong, secret) in [(&nobody, token.as_str()), (&elsewhere, address)] {
        let answer = server.post("/accounts/connect-credential", wrong.clone()).await;
        assert_eq!(answer.refusal(), (400, "invalid_credentials", ""), "{}", answer.body);
        assert!(!answer.body.to_string().contains(secret));
    }
    for (platform, right) in [("telegram", &bot), ("discord", &hook)] {
        let first = server.post("/accounts/connect-credential", right.clone()).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
        assert_eq!(first.data()["account"]["platform"], platform);
        assert!(!first.body.to_string().contains(&token) && !first.body.to_string().contains(address));
        let path = format!("/auth/social-connect/{platform}");
        let again = server.post(&path, right.clone()).await;
        assert_eq!((again.status, again.data()["created"].clone()), (StatusCode::OK, json!(false)));
    }
    assert_eq!(server.count().await, 4);
}

#[tokio::test]
async fn a_platform_that_cannot_be_asked_is_no_wrong_password() {
    let server = Server::start().await;
    server.fault(testkit::FaultSpec {
        status: Some(503),
        operation: Some("create_session".to_owned()),
        ..testkit::FaultSpec::new("bluesky", testkit::FaultKind::Error)
    });
    let answer = bluesky(&server, "/accounts/connect-credential", "ana.test", "abcd-efgh-ijkl-mnop").await;
    assert_eq!(answer.refusal(), (503, "service_unavailable", ""), "{}", answer.body);
    assert_eq!(answer.body["error"]["retryable"], true);
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

/// A notice as a platform signs it.
fn signed(payload: &Value, secret: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(payload.as_bytes());
    format!("signed_request={}.{payload}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_person_who_leaves_takes_their_accounts_along() {
    let server = Server::start().await;
    let owner = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    let (link, back) = server.go("linkedin", &[("sandbox_user", "ana")]).await;
    server.open(&back).await;
    let id = server.state_of(&link).await["account"]["account_id"].clone();
    let send = |path: &str, body: String| {
        let request =
            Request::post(path.to_owned()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        server.raw(request.body(Body::from(body)).unwrap())
    };
    let notice = json!({ "algorithm": "HMAC-SHA256", "user_id": owner });
    for forged in [signed(&notice, "other"), "signed_request=a.b".to_owned(), String::new()] {
        for path in ["/connect/linkedin/deauthorize", "/connect/linkedin/data-deletion"] {
            assert_eq!(send(path, forged.clone()).await.0, StatusCode::BAD_REQUEST, "{path} {forged}");
        }
    }
    assert_eq!(server.get(&format!("/accounts/{id}/health")).await.data()["status"], "healthy");

    let good = signed(&notice, "sandbox-linkedin-secret");
    assert_eq!(send("/connect/linkedin/deauthorize", good.clone()).await.0, StatusCode::OK);
    let health = server.get(&format!("/accounts/{id}/health")).await;
    assert_eq!(health.data()["reasons"], json!(["needs_reconnection"]));
    let events = server.app.store.list_events(server.organization.id, 10).await.unwrap();
    assert!(events.iter().any(|event| event.kind == "account.reconnect_needed"));

    let (status, _, bytes) = send("/connect/linkedin/data-deletion", good).await;
    assert_eq!(status, StatusCode::OK);
    let told: Value = serde_json::from_slice(&bytes).unwrap();
    let url = told["url"].as_str().unwrap();
    assert!(url.ends_with(told["confirmation_code"].as_str().unwrap()));
    let page = server.open(url).await;
    assert!(page.text.contains("1 account was switched off"), "{}", page.text);
    assert_eq!(server.open("/connect/deletion/none").await.status, StatusCode::NOT_FOUND);
    let account = server.get(&format!("/accounts/{id}")).await;
    assert_eq!(account.data()["display_name"], "Removed account");
    assert_eq!(account.data()["is_active"], false);
}

#[tokio::test]
async fn five_hundred_pages_are_one_list_that_can_be_searched_and_sent() {
    let server = Server::start().await;
    let ana = server.platform_user("linkedin", &user("ana", "Ana Ruiz"));
    for number in 0..500 {
        let mut page = user(&format!("page-{number}"), &format!("Branch No. {number:03}"));
        page.organization = true;
        page.extra.insert("admin".to_owned(), json!(ana));
        server.platform_user("linkedin", &page);
    }
    let link =
        server.post("/accounts/connect-link", json!({ "platform": "linkedin", "login": "pages" })).await;
    let authorize = server.open(link.data()["url"].as_str().unwrap()).await.location();
    let back = server.agree(&authorize, &[("sandbox_user", "ana")]).await;
    let choice = server.open(&back).await;
    let cookie = choice.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let place = choice.location().path().to_owned();
    let request = |method: Method, body: String| {
        let request = Request::builder().method(method).uri(&place).header(header::COOKIE, &cookie);
        let form = "application/x-www-form-urlencoded";
        server.visit(request.header(header::CONTENT_TYPE, form).body(Body::from(body)).unwrap())
    };
    let page = request(Method::GET, String::new()).await;
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 501);
    let token = page.text.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let found = request(Method::POST, format!("do=search&q=no.+04&form={token}")).await;
    assert_eq!(found.text.matches("type=\"checkbox\"").count(), 10);
    assert!(found.text.contains("10 of 501 shown."), "{}", found.text);
    let all: Vec<String> = (0..=500).map(|place| format!("pick={place}")).collect();
    let done = request(Method::POST, format!("do=connect&form={token}&{}", all.join("&"))).await;
    assert!(done.text.contains("Branch No. 499"), "{}", done.text);
    assert_eq!(server.count().await, 503);
}
