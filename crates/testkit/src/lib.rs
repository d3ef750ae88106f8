//! A whole server in a test's hands: a fresh database, a frozen clock, seeded randomness, the
//! sandbox on a port of its own, and the API without one.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test's set-up may panic")]

mod answer;
mod clock;
mod database;
mod files;
mod receiver;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

pub use api::Limits;
use api::{ApiState, Settings};
use app::ai::AiInUse;
use app::key_uses::KeyUses;
use app::platform_apps::AppSources;
use app::{App, Outside};
use axum::body::Body;
use axum::http::Request;
use connector::{AppCredentials, Credentials, Hosts, Identity, PlatformConfigs, Registry};
use domain::api_key::Scope;
use domain::plan::Plan;
use domain::retry::RetryPolicy;
use domain::{AccountId, PlatformName, Span, Timestamp};
use engine::{Engine, EngineConfig, Library, LibraryParts, Parts, PlatformConfig, TokensReport, Wake};
use media::{MediaLimits, Tools};
use net::{ClientConfig, Clock, Entropy, FrozenClock, GuardedClient, GuardedConfig, Hook, SeededEntropy};
use sandbox::SandboxConfig;
use serde_json::Value;
use store::{Keyring, OrganizationRow};
use tower::ServiceExt as _;

pub use answer::Answer;
pub use database::open_store;
pub use files::{BUCKET, FilesIn};
pub use receiver::{Reaction, Received, Receiver};
pub use sandbox::{CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox};

/// When every test begins.
pub const START: Timestamp = Timestamp::from_seconds(1_795_000_000);

/// Generous limits, so that only tests about limits meet them.
pub const NO_LIMITS: Limits = Limits {
    requests_per_minute: 1_000_000,
    requests_per_hour: 1_000_000,
    posts_per_minute: 1_000_000,
    posts_per_hour: 1_000_000,
    posts_per_day: 1_000_000,
    ai_per_hour: 1_000_000,
};

/// The key that the server has for captions and pictures.
pub const AI_KEY: &str = "sk-sandbox-testkit";

/// A server.
pub struct Server {
    /// The use cases, for what a test sets up without the API.
    pub app: App,
    /// The clock; stands still until the test moves it.
    pub clock: Arc<FrozenClock>,
    /// The emulated platforms.
    pub sandbox: Sandbox,
    /// Where they are reached.
    pub sandbox_url: String,
    /// The organization that the key belongs to.
    pub organization: OrganizationRow,
    /// A key with every scope.
    pub key: String,
    router: axum::Router,
    engine: Engine,
    folder: PathBuf,
    /// The server of the bucket, if files are in one.
    pub s3: Option<s3::S3Server>,
    served: tokio::task::JoinHandle<()>,
}

impl Server {
    /// A server without limits.
    pub async fn start() -> Self {
        Self::with_limits(NO_LIMITS).await
    }

    /// A server with these limits.
    pub async fn with_limits(limits: Limits) -> Self {
        Self::with(limits, None).await
    }

    /// A server whose requests to platforms meet the fate that `hook` decides.
    pub async fn with_hook(hook: Arc<dyn Hook>) -> Self {
        Self::with(NO_LIMITS, Some(hook)).await
    }

    /// A server whose webhooks may lead to this machine.
    pub async fn with_private_networks() -> Self {
        Self::with_guard(NO_LIMITS, None, true, FilesIn::wanted()).await
    }

    /// A server whose files are in a bucket, to which callers send them straight.
    pub async fn with_bucket() -> Self {
        Self::with_guard(NO_LIMITS, None, true, FilesIn::BucketDirectly).await
    }

    async fn with(limits: Limits, hook: Option<Arc<dyn Hook>>) -> Self {
        Self::with_guard(limits, hook, false, FilesIn::wanted()).await
    }

    async fn with_guard(
        limits: Limits,
        hook: Option<Arc<dyn Hook>>,
        inside: bool,
        files_in: FilesIn,
    ) -> Self {
        let folder = new_folder();
        let (media, s3) = files_in.open(&folder).await;
        let clock = Arc::new(FrozenClock::new(START));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        let (sandbox, sandbox_url, served) = start_sandbox(&clock).await;
        let registry = Arc::new(platforms::registry());
        let keyring = Keyring::new([5; 32]);
        let store = open_store(&folder, keyring).await;
        let http = net::Client::new(ClientConfig::default()).unwrap();
        let config = GuardedConfig { allow_private_networks: inside, ..GuardedConfig::default() };
        let guarded = GuardedClient::new(config).unwrap();
        let configs = platform_configs(&registry, &sandbox_url);
        let apps = configs.iter().map(|(name, config)| (name.clone(), config.app.clone())).collect();
        let platforms = PlatformConfigs::from(configs);
        let outside = Outside {
            http: http.clone(),
            guarded: guarded.clone(),
            platforms: platforms.clone(),
            apps: Arc::new(AppSources::new(HashSet::new(), apps)),
            logins: HashMap::new(),
            webhook_timeout: app::WEBHOOK_TIMEOUT,
        };
        let app = App {
            store: store.clone(),
            outside: Arc::new(outside),
            registry: Arc::clone(&registry),
            media: Arc::new(media),
            tools: Tools::none(),
            media_limits: MediaLimits::default(),
            plan: Arc::new(Plan { ai_credits: Some(50), ..Plan::default() }),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::clone(&entropy),
            ai: AiInUse::new(ai_settings(&sandbox_url), false),
            installation: Arc::default(),
            passwords: Arc::default(),
            key_uses: Arc::new(KeyUses::default()),
            requests: Arc::default(),
            refuse_duplicates: false,
            wake: Arc::new(|_| {}),
            wake_media: Arc::new(|| {}),
        };
        let organization =
            app::setup::create_organization(&app, "Northlight", "ana@example.org", "Ana").await.unwrap();
        let key =
            app::setup::create_key(&app, &organization, "test", Scope::USUAL.to_vec(), None).await.unwrap();
        let parts = Parts {
            store,
            registry: Arc::clone(&registry),
            media: Arc::clone(&app.media),
            http: match hook {
                Some(hook) => http.with_hook(hook),
                None => http,
            },
            guarded,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy,
        };
        let engine = Engine::new(parts, engine_config(platforms), Wake::default());
        let settings = Settings {
            base_url: "http://fanfare.test".to_owned(),
            sandbox_url: Some(sandbox_url.clone()),
            body_bytes: 2 * 1024 * 1024,
            limits,
        };
        let base_url = settings.base_url.clone();
        let router = api::router(ApiState::new(app.clone(), settings));
        let router = router.clone().merge(mcp::routes(&app, router, &base_url));
        Self {
            app,
            clock,
            sandbox,
            sandbox_url,
            organization,
            key: key.secret,
            router,
            engine,
            folder,
            s3,
            served,
        }
    }

    /// Connects an account that the sandbox makes, with the handle `northlight`.
    pub async fn connect(&self, platform: &'static str) -> AccountId {
        let wanted = CreateAccount {
            username: Some("northlight".to_owned()),
            display_name: Some("Northlight Studio".to_owned()),
            token: true,
            ..CreateAccount::default()
        };
        self.connect_like(platform, &wanted).await
    }

    /// Connects an account that the sandbox makes as it is `wanted`, with a token.
    pub async fn connect_like(&self, platform: &'static str, wanted: &CreateAccount) -> AccountId {
        let (identity, credentials) = opened(self.sandbox.create_account(platform, wanted).unwrap());
        let identity = Identity { premium: identity.premium || wanted.premium, ..identity };
        self.connect_with(platform, identity, credentials).await
    }

    /// Connects an account on Threads whose access has ended.
    pub async fn connect_expired(&self) -> AccountId {
        let identity = Identity {
            platform_user_id: "1784".to_owned(),
            username: Some("northlight.studio".to_owned()),
            display_name: "Northlight Studio".to_owned(),
            avatar_url: None,
            premium: false,
            service_url: None,
        };
        let credentials = Credentials {
            access_token: "ended".to_owned(),
            refresh_token: None,
            access_expires_at: Some(START - Span::from_days(2)),
            refresh_expires_at: None,
            scopes: Vec::new(),
            secret: None,
            renews_itself: false,
        };
        self.connect_with("threads", identity, credentials).await
    }

    async fn connect_with(
        &self,
        platform: &'static str,
        identity: Identity,
        credentials: Credentials,
    ) -> AccountId {
        let (organization, workspace) = (self.organization.id, self.organization.workspace_id);
        let platform = PlatformName::from_static(platform);
        app::setup::connect_account(&self.app, organization, workspace, &platform, identity, &credentials)
            .await
            .unwrap()
            .0
    }

    /// A further key of the same organization.
    pub async fn new_key(&self, scopes: Vec<Scope>, expires_at: Option<Timestamp>) -> String {
        let made = app::setup::create_key(&self.app, &self.organization, "other", scopes, expires_at).await;
        made.unwrap().secret
    }

    /// The key of another organization.
    pub async fn foreign_key(&self) -> String {
        let other = app::setup::create_organization(&self.app, "Other", "b@example.org", "B").await.unwrap();
        let made = app::setup::create_key(&self.app, &other, "other", Scope::USUAL.to_vec(), None).await;
        made.unwrap().secret
    }

    /// Puts a small image into the library and gives its id.
    pub async fn image(&self) -> String {
        const PIXEL: &[u8] = include_bytes!("pixel.png");
        self.store_file("pixel.png", PIXEL).await
    }

    /// Puts a file into the library and gives its id.
    pub async fn store_file(&self, filename: &str, bytes: &[u8]) -> String {
        let (organization, workspace) = (self.organization.id, self.organization.workspace_id);
        let stored = app::media::add(&self.app, organization, workspace, filename, bytes).await;
        stored.unwrap().id.to_string()
    }

    /// Calls the API with the key of every scope.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call_as(Some(&self.key), method, path, body).await
    }

    /// Calls the API with this key, or none.
    pub async fn call_as(&self, key: Option<&str>, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string().into_bytes()));
        self.send(key, method, path, body).await
    }

    /// Sends a body as it is.
    pub async fn send(
        &self,
        key: Option<&str>,
        method: &str,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let request = match body {
            Some((content_type, bytes)) => {
                request.header("content-type", content_type).body(Body::from(bytes)).unwrap()
            }
            None => request.body(Body::empty()).unwrap(),
        };
        self.send_request(request).await
    }

    /// Sends a request as it is.
    pub async fn send_request(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A GET that has to succeed; gives `data`.
    #[track_caller]
    pub fn get(&self, path: &str) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        let call = self.call("GET", path, None);
        async move {
            let answer = call.await;
            assert_eq!(answer.status, 200, "{caller}: {}", answer.body);
            answer.body["data"].clone()
        }
    }

    /// Creates a post, which has to succeed; gives its id.
    pub async fn create_post(&self, body: Value) -> String {
        let answer = self.call("POST", "/api/v1/posts", Some(&body)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["data"]["post_id"].as_str().unwrap().to_owned()
    }

    /// Publishes what is due until nothing is due any more. The clock does not move.
    pub async fn tick(&self) {
        while self.engine.run_once().await.unwrap() > 0 {}
    }

    /// Moves the clock and publishes what became due on the way, each thing at its time.
    pub async fn advance(&self, span: Span) {
        let end = self.clock.now() + span;
        loop {
            self.tick().await;
            match self.app.store.next_due(self.clock.now()).await.unwrap() {
                Some(next) if next <= end => self.clock.set(next),
                _ => break,
            }
        }
        self.clock.set(end);
        self.tick().await;
    }

    /// Delivers to webhooks what is due. The clock does not move.
    pub async fn deliver(&self) {
        self.engine.deliverer(Wake::default()).run_once().await.unwrap();
    }

    /// Reads what is due of posts and accounts. The clock does not move.
    pub async fn read_metrics(&self) {
        self.engine.reader(Wake::default()).run_once().await.unwrap();
    }

    /// Renews and probes what is due, as the refresher does beside the publish loop.
    pub async fn refresh_tokens(&self) -> TokensReport {
        self.engine.refresher().run_once().await.unwrap()
    }

    /// Fits the media of scheduled posts that are to be prepared now; how many posts that were.
    pub async fn prepare(&self) -> usize {
        self.engine.preparer().run_once().await.unwrap()
    }

    /// The library's worker, which runs only when a test says so.
    pub fn library(&self) -> Library {
        library_of(&self.app)
    }

    /// The publish loop, which runs only when a test says so.
    pub fn engine(&self) -> Engine {
        self.engine.clone()
    }

    /// Where the database is.
    pub fn database(&self) -> PathBuf {
        self.folder.join("test.db")
    }

    /// How many files are stored, and how many are on their way in.
    pub fn files(&self) -> (usize, usize) {
        files::count(&self.folder, self.s3.as_ref())
    }

    /// Makes a platform misbehave.
    pub fn fault(&self, fault: FaultSpec) {
        self.sandbox.add_fault(fault).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.served.abort();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whose an account of the sandbox is that was made with a token, and what opens it.
pub fn opened(made: CreatedAccount) -> (Identity, Credentials) {
    let tokens = made.credentials.unwrap();
    let moment = |text: Option<String>| text.map(|text| Timestamp::parse(&text).unwrap());
    let flag = |name: &str| made.extra.get(name).and_then(Value::as_bool).unwrap_or(false);
    let credentials = Credentials {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        access_expires_at: moment(tokens.expires_at),
        refresh_expires_at: moment(tokens.refresh_expires_at),
        scopes: tokens.scopes,
        secret: tokens.app_password,
        renews_itself: flag("renews_itself"),
    };
    let identity = Identity {
        premium: flag("premium"),
        platform_user_id: made.platform_user_id,
        username: Some(made.username),
        display_name: made.display_name,
        avatar_url: Some(made.avatar_url),
        service_url: tokens.service_url,
    };
    (identity, credentials)
}

/// Emulated platforms on a port of their own, at the time of this clock: with their address and what
/// serves them.
pub async fn start_sandbox(clock: &Arc<FrozenClock>) -> (Sandbox, String, tokio::task::JoinHandle<()>) {
    let config =
        SandboxConfig { data_dir: None, clock: Arc::new(clock::Shared(Arc::clone(clock))), seed: Some(1) };
    let sandbox = Sandbox::open(config).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    sandbox.set_base_url(&url);
    let serving = sandbox.clone();
    let served = tokio::spawn(async move { serving.serve(listener, std::future::pending()).await.unwrap() });
    (sandbox, url, served)
}

fn platform_configs(registry: &Registry, sandbox_url: &str) -> HashMap<PlatformName, PlatformConfig> {
    let of = |entry: &connector::Entry| {
        let name = entry.spec.name.clone();
        let app = AppCredentials {
            client_id: format!("sandbox-{name}-client"),
            client_secret: format!("sandbox-{name}-secret"),
        };
        let hosts = Hosts::sandbox(entry.spec, sandbox_url);
        (name, PlatformConfig { hosts, app })
    };
    registry.entries().iter().map(of).collect()
}

/// The sandbox in place of a provider of captions and pictures.
fn ai_settings(sandbox_url: &str) -> app::ai::AiSettings {
    app::ai::AiSettings {
        base_url: Some(format!("{sandbox_url}/api.openai.com/v1").parse().unwrap()),
        api_key: AI_KEY.to_owned(),
        caption_model: "gpt-4.1-mini".to_owned(),
        image_model: "gpt-image-1".to_owned(),
        timeout: std::time::Duration::from_secs(10),
        ..app::ai::AiSettings::default()
    }
}

/// The library's worker over the same things as these use cases.
pub fn library_of(app: &App) -> Library {
    let parts = LibraryParts {
        store: app.store.clone(),
        media: Arc::clone(&app.media),
        limits: app.media_limits,
        plan: Arc::clone(&app.plan),
        tools: app.tools.clone(),
        guarded: app.outside.guarded.clone(),
        clock: Arc::clone(&app.clock),
        entropy: Arc::clone(&app.entropy),
    };
    Library::new(parts, Arc::default())
}

fn engine_config(platforms: PlatformConfigs) -> EngineConfig {
    let tools = media::Tools::find_in(std::env::var_os("PATH").as_deref());
    EngineConfig { retry: RetryPolicy::default(), platforms, tools, ..EngineConfig::default() }
}

fn new_folder() -> PathBuf {
    let mut name = [0; 8];
    net::SystemEntropy.fill(&mut name);
    let folder = std::env::temp_dir().join(format!("fanfare-testkit-{:016x}", u64::from_le_bytes(name)));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
