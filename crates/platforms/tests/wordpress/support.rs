//! A site with its users, a bench for one of them, and what can be read of the site by its own API.

use std::collections::BTreeMap;
use std::sync::Arc;

use connector::suite::{Bench, Connected, post};
use connector::{
    AccountRef, AppCredentials, Connectable, Connector as _, Failure, Hosts, MediaItem, MediaKind,
    Publication, SignInCx,
};
use domain::{AccountId, DestinationId, Timestamp};
use fanfare_platforms::wordpress::WordPress;
use net::{
    Client, ClientConfig, Clock as _, GuardedClient, GuardedConfig, Request, SystemClock, SystemEntropy,
};
use sandbox::{CreateAccount, FaultKind, FaultSpec, Sandbox, SandboxConfig, SystemSandboxClock};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;
use uuid::Uuid;

use crate::real::Real;

/// The first bytes of every MP4 file, and a little behind them.
pub(crate) const FILM: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free";

/// A site.
pub(crate) struct Site {
    /// What a person would enter.
    pub(crate) url: String,
    /// Application passwords by user name.
    pub(crate) passwords: BTreeMap<String, String>,
    /// The emulator behind it, if it is one.
    pub(crate) sandbox: Option<Sandbox>,
    /// Keeps the real one running.
    pub(crate) real: Option<Real>,
}

/// An account on a site.
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) bench: Bench,
}

impl Site {
    /// An emulated site; `extra` is for the account's making.
    pub(crate) async fn emulated(extra: Value) -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        let mut site = Self {
            url: String::new(),
            passwords: BTreeMap::new(),
            sandbox: Some(sandbox.clone()),
            real: None,
        };
        for (name, role) in
            [("ada", "administrator"), ("ana", "author"), ("cora", "contributor"), ("sue", "subscriber")]
        {
            let mut wanted = CreateAccount {
                username: Some(name.to_owned()),
                display_name: Some("Harbour Bakery".to_owned()),
                token: true,
                ..CreateAccount::default()
            };
            wanted.extra.extend(extra.as_object().unwrap().clone());
            wanted.extra.insert("role".to_owned(), json!(role));
            let made = sandbox.create_account("wordpress", &wanted).unwrap();
            made.extra["site_url"].as_str().unwrap().clone_into(&mut site.url);
            site.passwords.insert(name.to_owned(), made.credentials.unwrap().app_password.unwrap());
        }
        site
    }

    /// The emulated site, and the real one if it can be had.
    pub(crate) async fn both() -> Vec<Self> {
        let mut sites = vec![Self::emulated(json!({})).await];
        sites.extend(Real::start("pretty"));
        sites
    }

    /// Signs in as a person would.
    pub(crate) async fn sign_in(&self, user: &str, password: &str) -> Result<Connectable, Failure> {
        let guarded = GuardedConfig { allow_private_networks: true, ..GuardedConfig::default() };
        sign_in(&self.url, user, password, &GuardedClient::new(guarded).unwrap()).await
    }

    /// A bench for one of its users.
    pub(crate) async fn world(self, user: &str) -> World {
        let Connectable { identity, credentials, obstacle, .. } =
            self.sign_in(user, &self.passwords[user]).await.unwrap();
        assert_eq!(obstacle, None);
        let connected = Connected {
            hosts: Hosts::real(WordPress.spec()),
            account: AccountRef {
                id: AccountId(1),
                platform_user_id: identity.platform_user_id,
                username: identity.username,
                display_name: identity.display_name,
                premium: identity.premium,
                service_url: identity.service_url,
            },
            credentials,
            app: AppCredentials::default(),
        };
        let now: Timestamp = self.sandbox.as_ref().map_or_else(|| SystemClock.now(), Sandbox::now);
        let bench = Bench::new(WordPress, connected, now).unwrap();
        World { site: self, bench }
    }

    async fn call(&self, request: Request) -> Value {
        let password = &self.passwords["ada"];
        let request = request.header("authorization", &basic("ada", password));
        let answer = Client::new(ClientConfig::default()).unwrap().send(request).await.unwrap();
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.is_success(), "{text}");
        serde_json::from_str(&text).unwrap()
    }

    fn route(&self, route: &str) -> Url {
        Url::parse(&format!("{}/?rest_route=/wp/v2/{route}", self.url)).unwrap()
    }

    /// Everything under a route, oldest first, as an administrator sees it.
    pub(crate) async fn list(&self, route: &str) -> Vec<Value> {
        let status = if route == "posts" { "&status=publish,future,draft,pending,private" } else { "" };
        let url = self.route(&format!("{route}&context=edit&per_page=100&orderby=id&order=desc{status}"));
        let mut all = self.call(Request::get(url)).await.as_array().unwrap().clone();
        all.sort_by_key(|one| one["id"].as_u64());
        all
    }

    /// Makes something.
    pub(crate) async fn make(&self, route: &str, body: &Value) -> Value {
        self.call(Request::post(self.route(route)).json(body)).await
    }

    /// A post goes.
    pub(crate) async fn remove_post(&self, id: &str) {
        self.call(Request::new(http::Method::DELETE, self.route(&format!("posts/{id}&force=true")))).await;
    }

    /// Everything that was published and uploaded goes.
    pub(crate) async fn clear(&self) {
        if let Some(sandbox) = &self.sandbox {
            return sandbox.forget_posts().unwrap();
        }
        for route in ["posts", "media"] {
            for one in self.list(route).await {
                let url = self.route(&format!("{route}/{}&force=true", one["id"]));
                self.call(Request::new(http::Method::DELETE, url)).await;
            }
        }
    }
}

impl World {
    /// Another destination of the same account.
    pub(crate) fn post(number: u128, text: &str, settings: &Value) -> Publication {
        let mut to = post(text);
        to.destination_id =
            DestinationId(Uuid::from_u128(0x0190_0000_0000_7000_8000_abcd_0000_0000 + number));
        to.settings.0 = settings.as_object().unwrap().clone();
        to
    }

    /// A video of the library.
    pub(crate) fn film(&mut self) -> MediaItem {
        MediaItem { kind: MediaKind::Video, ..self.bench.image(FILM, "video/mp4", None) }
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let operation = Some(operation.to_owned());
        let fault = FaultSpec { operation, ..FaultSpec::new("wordpress", kind) };
        self.site.sandbox.as_ref().unwrap().add_fault(fault).unwrap();
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        for secret in self.site.passwords.values().chain([&self.bench.connected.credentials.access_token]) {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
    }
}

/// Signs in through this client.
pub(crate) async fn sign_in(
    url: &str,
    user: &str,
    password: &str,
    guarded: &GuardedClient,
) -> Result<Connectable, Failure> {
    let http = Client::new(ClientConfig::default()).unwrap();
    let cx = SignInCx {
        http: &http,
        guarded,
        clock: &SystemClock,
        entropy: &SystemEntropy,
        hosts: &Hosts::real(WordPress.spec()),
        app: &AppCredentials::default(),
    };
    let fields = [("site_url", url), ("username", user), ("app_password", password)];
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let login = WordPress.auth().credential().unwrap().sign_in(&cx, &fields).await?;
    Ok(login.found.into_iter().next().unwrap())
}

fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}
