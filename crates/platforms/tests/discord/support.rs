//! A sandbox on a port of its own, and a webhook on a bench.

use std::collections::BTreeMap;
use std::sync::Arc;

use connector::suite::{Bench, Connected};
use connector::{
    AccountRef, AppCredentials, Connectable, Connector as _, Failure, Hosts, MediaItem, Receipt, SignInCx,
};
use domain::AccountId;
use fanfare_platforms::discord::Discord;
use net::{Client, ClientConfig, FrozenClock, GuardedClient, GuardedConfig, SeededEntropy};
use sandbox::{
    CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig,
    SystemSandboxClock,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// A sandbox with one connected webhook.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) made: CreatedAccount,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A webhook that is made with these extras.
    pub(crate) async fn with(extra: &[(&str, Value)]) -> Self {
        let (sandbox, base) = serve().await;
        let made = make(&sandbox, extra);
        let address = made.extra["webhook_url"].as_str().unwrap().to_owned();
        let found = sign_in(&sandbox, &base, &address).await.unwrap();
        let connected = Connected {
            hosts: Hosts::sandbox(Discord.spec(), &base),
            account: AccountRef {
                id: AccountId(1),
                platform_user_id: found.identity.platform_user_id,
                username: found.identity.username,
                display_name: found.identity.display_name,
                premium: false,
                service_url: None,
            },
            credentials: found.credentials,
            app: AppCredentials::default(),
        };
        let moved = sandbox.clone();
        let bench = Bench::new(Discord, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, made }
    }

    pub(crate) fn image(&mut self, alt_text: Option<&str>) -> MediaItem {
        let item = self.bench.image(picture(640, 480), "image/png", alt_text);
        MediaItem { filename: "loaf.png".to_owned(), ..item }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("discord", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind) {
        let operation = Some("create_post".to_owned());
        self.sandbox.add_fault(FaultSpec { operation, ..FaultSpec::new("discord", kind) }).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// Neither a failure so far nor the sandbox's log has said the token.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let log = self.sandbox.requests();
        assert!(!log.is_empty());
        let said = format!("{} {:?} {log:?}", self.bench.said(), self.bench.connected);
        assert!(!said.contains(&self.bench.connected.credentials.access_token), "{said}");
    }
}

/// A sandbox on a port of its own, and its address.
pub(crate) async fn serve() -> (Sandbox, String) {
    let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
    let sandbox = Sandbox::open(config).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    sandbox.set_base_url(&base);
    let served = sandbox.clone();
    tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
    (sandbox, base)
}

/// Makes the webhook.
pub(crate) fn make(sandbox: &Sandbox, extra: &[(&str, Value)]) -> CreatedAccount {
    let mut wanted =
        CreateAccount { username: Some("Orchard".to_owned()), token: true, ..CreateAccount::default() };
    wanted.extra.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    sandbox.create_account("discord", &wanted).unwrap()
}

/// Signs in with what an owner enters.
pub(crate) async fn sign_in(sandbox: &Sandbox, base: &str, address: &str) -> Result<Connectable, Failure> {
    let http = Client::new(ClientConfig::default()).unwrap();
    let guarded = GuardedClient::new(GuardedConfig::default()).unwrap();
    let hosts = Hosts::sandbox(Discord.spec(), base);
    let cx = SignInCx {
        http: &http,
        guarded: &guarded,
        clock: &FrozenClock::new(sandbox.now()),
        entropy: &SeededEntropy::new(5),
        hosts: &hosts,
        app: &AppCredentials::default(),
    };
    let fields = BTreeMap::from([("webhook_url".to_owned(), address.to_owned())]);
    let connector = Discord;
    let credential = connector.auth().credential().unwrap();
    assert_eq!(credential.fields(), ["webhook_url"]);
    let login = credential.sign_in(&cx, &fields).await?;
    Ok(login.found.into_iter().next().unwrap())
}

/// What is live is what was to be published, once; then it is taken down.
#[track_caller]
pub(crate) fn take_down(sandbox: &Sandbox, text: &str, what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, [text], "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    sandbox.forget_posts().unwrap();
}

/// A PNG that says to be this large.
pub(crate) fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    png
}
