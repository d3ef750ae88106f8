//! What the tests ask of a server, and what holds for every answer.

use std::sync::Arc;

use app::people::provider::{Provider, ProviderConfig};
use app::{App, setup};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use connector::{Credentials, Identity};
use domain::api_key::Scope;
use domain::{AccountId, PlatformName, Span, Timestamp};
use fanfare_api::{ApiState, Limits, MetricsAccess, Observation, Settings};
use serde_json::{Value, json};
use store::OrganizationRow;
use tower::ServiceExt as _;

/// 2027-01-15T08:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// The account that can post, and the one whose access has ended.
pub(crate) const HEALTHY: i64 = 3121;
pub(crate) const EXPIRED: i64 = 3122;
/// The largest body that the server under test takes.
pub(crate) const BODY_BYTES: usize = 2 * 1024 * 1024;

pub(crate) const LIMITS: Limits = Limits {
    requests_per_minute: 60,
    requests_per_hour: 1_000,
    posts_per_minute: 60,
    posts_per_hour: 200,
    posts_per_day: 1_000,
    ai_per_hour: 60,
};

/// A server with one organization, a key with every scope, and two accounts of which the second
/// one's access has ended.
pub(crate) struct Server {
    kit: testkit::Server,
    pub(crate) accounts: [AccountId; 2],
    router: Router,
}

impl std::ops::Deref for Server {
    type Target = testkit::Server;

    fn deref(&self) -> &testkit::Server {
        &self.kit
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with_limits(testkit::NO_LIMITS).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::over(testkit::Server::start().await, limits).await
    }

    /// A server whose webhooks may lead to this machine.
    pub(crate) async fn with_private_networks() -> Self {
        Self::over(testkit::Server::with_private_networks().await, testkit::NO_LIMITS).await
    }

    /// A server whose files are in a bucket, to which callers send them straight.
    pub(crate) async fn with_bucket() -> Self {
        Self::over(testkit::Server::with_bucket().await, testkit::NO_LIMITS).await
    }

    /// A server on this machine's network, to which people also sign in by another system.
    pub(crate) async fn with_provider(provider: impl FnOnce(&str) -> ProviderConfig) -> Self {
        let mut server = Self::with_private_networks().await;
        let provider = Provider::new(provider(&server.kit.sandbox_url));
        let state = ApiState::new(server.app.clone(), settings(testkit::NO_LIMITS));
        server.router = fanfare_api::router(state.with_provider(provider));
        server
    }

    async fn over(kit: testkit::Server, limits: Limits) -> Self {
        kit.clock.set(START);
        let router = fanfare_api::router(ApiState::new(kit.app.clone(), settings(limits)));
        let healthy = kit.connect("x").await;
        let mut server = Self { kit, accounts: [healthy; 2], router };
        server.accounts[1] = server.connect_until("bluesky", "northlight.example.org", START - HOUR).await;
        assert_eq!(server.accounts, [AccountId(HEALTHY), AccountId(EXPIRED)]);
        server
    }

    /// The routes, for what is no call of the API.
    pub(crate) fn routes(&self) -> Router {
        self.router.clone()
    }

    /// Another node on the same database, whose limits hold for all such nodes together.
    pub(crate) fn node(&self, limits: Limits) -> Router {
        let counters = Arc::new(app::counters::StoredCounters(self.kit.app.store.clone()));
        fanfare_api::router(ApiState::shared(self.kit.app.clone(), settings(limits), counters))
    }

    /// Asks a node with the server's own key.
    pub(crate) async fn ask(&self, node: &Router, method: Method, path: &str, body: Value) -> Answer {
        let mut request = self.request(method, &format!("/api/v1{path}"), body.to_string());
        let json = axum::http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        let (parts, body) = node.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        answer.check();
        answer
    }

    /// The same server with other use cases.
    pub(crate) fn with_app(mut self, change: impl FnOnce(App) -> App) -> Self {
        self.kit.app = change(self.kit.app.clone());
        self.router = fanfare_api::router(ApiState::new(self.kit.app.clone(), settings(testkit::NO_LIMITS)));
        self
    }

    /// The same server with another way to tell the engine that something is due.
    pub(crate) fn with_wake(mut self, wake: impl Fn(Timestamp) + Send + Sync + 'static) -> Self {
        let app = App { wake: Arc::new(wake), ..self.kit.app.clone() };
        self.router = fanfare_api::router(ApiState::new(app, settings(testkit::NO_LIMITS)));
        self
    }

    /// The same server, which shows what it does.
    pub(crate) fn observed(
        mut self,
        observation: Observation,
        access: MetricsAccess,
        limits: Limits,
    ) -> Self {
        let state = ApiState::new(self.app.clone(), settings(limits));
        self.router = fanfare_api::router(state.observed(Arc::new(observation), access));
        self
    }

    /// Connects an account whose access ends then.
    pub(crate) async fn connect_until(&self, platform: &str, name: &str, ends: Timestamp) -> AccountId {
        self.connect_for(&self.organization, platform, name, Some(ends)).await
    }

    async fn connect_for(
        &self,
        organization: &OrganizationRow,
        platform: &str,
        name: &str,
        ends: Option<Timestamp>,
    ) -> AccountId {
        let identity = Identity {
            platform_user_id: format!("{platform}-{name}"),
            username: Some(name.to_owned()),
            display_name: "Northlight Studio".to_owned(),
            avatar_url: None,
            premium: false,
            service_url: None,
        };
        let credentials = Credentials {
            access_token: "secret-access-token".to_owned(),
            refresh_token: None,
            access_expires_at: ends,
            refresh_expires_at: None,
            scopes: Vec::new(),
            secret: None,
            renews_itself: false,
        };
        let platform = PlatformName::from_text(platform);
        let (org, workspace) = (organization.id, organization.workspace_id);
        let connected =
            setup::connect_account(&self.app, org, workspace, &platform, identity, &credentials).await;
        connected.unwrap().0
    }

    /// The key and the account of another organization.
    pub(crate) async fn stranger(&self) -> (String, AccountId) {
        let other = setup::create_organization(&self.app, "Other", "bo@example.org", "Bo").await.unwrap();
        let key = setup::create_key(&self.app, &other, "key", Scope::USUAL.to_vec(), None).await.unwrap();
        let account = self.connect_for(&other, "x", "other", None).await;
        (key.secret, account)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// Calls the API with the server's own key.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_as(Some(&self.key), method, path, body).await
    }

    /// Calls the API with a key, or with none.
    pub(crate) async fn call_as(
        &self,
        key: Option<&str>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(key) = key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// A request with the server's own key, to be changed and sent.
    pub(crate) fn request(&self, method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .body(body.into())
            .unwrap()
    }

    /// Sends a request and checks what holds for every answer of the API.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (status, headers, bytes) = self.raw(request).await;
        let text = String::from_utf8_lossy(&bytes);
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("no JSON: {text:?}"));
        let answer = Answer { status, headers, body };
        answer.check();
        answer
    }

    /// Sends a request.
    pub(crate) async fn raw(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, bytes.to_vec())
    }

    /// A post's id.
    pub(crate) async fn make_post(&self, body: Value) -> String {
        let answer = self.post("/posts", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.data()["post_id"].as_str().unwrap().to_owned()
    }

    /// The id of a post for tomorrow to the healthy account.
    pub(crate) async fn make_scheduled(&self) -> String {
        self.make_post(json!({
            "content": "Autumn menu is live.",
            "account_ids": [self.accounts[0]],
            "scheduled_for": in_future(DAY),
        }))
        .await
    }
}

pub(crate) fn settings(limits: Limits) -> Settings {
    Settings {
        base_url: "https://social.example.org".to_owned(),
        sandbox_url: Some("http://127.0.0.1:9090".to_owned()),
        body_bytes: BODY_BYTES,
        limits,
    }
}

pub(crate) const HOUR: Span = Span::from_hours(1);
pub(crate) const DAY: Span = Span::from_days(1);

/// A moment so much later, as the API writes it.
pub(crate) fn in_future(span: Span) -> String {
    (START + span).to_iso_millis()
}

impl Answer {
    pub(crate) fn data(&self) -> &Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        &self.body["data"]
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
    }

    /// The status, the error's code and the field that it names.
    pub(crate) fn refusal(&self) -> (u16, &str, &str) {
        let error = &self.body["error"];
        let field = error["details"]["field"].as_str().unwrap_or("");
        (self.status.as_u16(), error["code"].as_str().unwrap_or(""), field)
    }

    fn check(&self) {
        let body = &self.body;
        let members: Vec<&str> = body.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["data", "error", "meta"]);
        assert_eq!(self.header("content-type"), "application/json");
        let id = body["meta"]["request_id"].as_str().unwrap();
        assert_eq!(self.header("x-request-id"), id);
        assert!(id.len() == 8 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        assert_eq!(body["meta"]["timestamp"].as_str().unwrap().len(), 24);
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(self.header(name).parse::<u64>().is_ok(), "{name}");
        }
        // Of a call with many posts none was made: the one refusal that says what became of each.
        let has_results =
            self.status == StatusCode::UNPROCESSABLE_ENTITY && body["data"]["results"].is_array();
        if self.status.is_success() || has_results {
            assert!(body["data"].is_object() && body["error"].is_null(), "{body}");
        } else {
            assert!(body["data"].is_null(), "{body}");
            let error = &body["error"];
            assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
            assert!(error["code"].is_string() && error["retryable"].is_boolean(), "{body}");
            assert!(error.get("status").is_none());
        }
        assert!(!body.to_string().contains("secret-access-token"));
    }

    /// The body with every id replaced, for snapshots.
    pub(crate) fn shape(&self) -> Value {
        let mut body = self.body.clone();
        hide_ids(&mut body);
        body
    }
}

fn hide_ids(value: &mut Value) {
    match value {
        Value::String(text) => *text = hide_in(text),
        Value::Array(items) => items.iter_mut().for_each(hide_ids),
        Value::Object(members) => {
            if let Some(id) = members.get_mut("request_id") {
                *id = json!("<request>");
            }
            members.values_mut().for_each(hide_ids);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces UUIDs, the platforms' long numbers, the sandbox's port and what is signed, wherever they stand
/// in a text.
fn hide_in(text: &str) -> String {
    if let Some((before, signed)) = text.split_once("/media/")
        && let Some((_, name)) = signed.split_once('/')
    {
        return format!("{before}/media/<signed>/{name}");
    }
    let is_uuid = |part: &str| {
        part.len() == 36
            && part.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let is_number = |part: &str| part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut shown = String::new();
    for part in text.split_inclusive(|c: char| !(c.is_ascii_hexdigit() || c == '-')) {
        let (word, end) = match part.char_indices().next_back() {
            Some((at, last)) if !(last.is_ascii_hexdigit() || last == '-') => part.split_at(at),
            _ => (part, ""),
        };
        match word {
            _ if is_uuid(word) => shown.push_str("<uuid>"),
            _ if is_number(word) => shown.push_str("<number>"),
            _ if shown.ends_with("127.0.0.1:") => shown.push_str("<port>"),
            _ => shown.push_str(word),
        }
        shown.push_str(end);
    }
    shown
}
