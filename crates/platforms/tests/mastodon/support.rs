//! A sandbox on a port of its own, and an account on a bench.

use std::sync::Arc;

use connector::suite::{Bench, Connected, PIXEL};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Receipt,
};
use domain::AccountId;
use fanfare_platforms::mastodon::Mastodon;
use sandbox::{CreateAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig, SystemSandboxClock};
use serde_json::Value;
use tokio::net::TcpListener;

/// A sandbox with one connected account.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) base: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// An account that is made with these extras.
    pub(crate) async fn with(extra: &[(&str, Value)]) -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        let connected = connect(&sandbox, &base, extra);
        let moved = sandbox.clone();
        let bench = Bench::new(Mastodon, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, base }
    }

    pub(crate) fn image(&mut self, alt_text: Option<&str>) -> MediaItem {
        self.bench.image(PIXEL, "image/png", alt_text)
    }

    pub(crate) fn video(&mut self) -> MediaItem {
        let bytes: &[u8] = b"\0\0\0\x18ftypisom and what a film has";
        MediaItem { kind: MediaKind::Video, ..self.bench.image(bytes, "video/mp4", Some("Kneading")) }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("mastodon", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let operation = Some(operation.to_owned());
        self.sandbox.add_fault(FaultSpec { operation, ..FaultSpec::new("mastodon", kind) }).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        assert!(!said.contains(&self.bench.connected.credentials.access_token), "{said}");
    }
}

/// What is live is what was to be published, each part once, each below the one before it; then it
/// is taken down.
#[track_caller]
pub(crate) fn take_down(sandbox: &Sandbox, texts: &[&str], what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, texts, "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    for pair in posts.windows(2) {
        assert_eq!(pair[1].reply_to.as_ref(), Some(&pair[0].id), "{what}");
    }
    sandbox.forget_posts().unwrap();
}

/// Makes an account with a token and connects it.
pub(crate) fn connect(sandbox: &Sandbox, base: &str, extra: &[(&str, Value)]) -> Connected {
    let mut wanted =
        CreateAccount { username: Some("northlight".to_owned()), token: true, ..CreateAccount::default() };
    wanted.extra.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let account = sandbox.create_account("mastodon", &wanted).unwrap();
    let held = account.credentials.unwrap();
    Connected {
        hosts: Hosts::sandbox(Mastodon.spec(), base),
        account: AccountRef {
            id: AccountId(1),
            platform_user_id: account.platform_user_id,
            username: Some(account.username),
            display_name: account.display_name,
            premium: account.extra["premium"] == true,
            service_url: held.service_url,
        },
        credentials: Credentials {
            access_token: held.access_token,
            refresh_token: None,
            access_expires_at: None,
            refresh_expires_at: None,
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials::default(),
    }
}
