//! A sandbox on a port of its own, and a Page of it on a bench.

use std::sync::Arc;

use connector::suite::{Bench, Connected, PIXEL};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::facebook::Facebook;
use sandbox::{
    CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig,
    SystemSandboxClock,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// A sandbox with one connected Page.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) base: String,
}

/// A sandbox that serves, and its address.
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

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With these wishes of the emulator for the Page.
    pub(crate) async fn with(extra: &[(&str, Value)]) -> Self {
        let (sandbox, base) = serve().await;
        let mut wanted = CreateAccount { token: true, ..CreateAccount::default() };
        wanted.username = Some("harbourbakery".to_owned());
        wanted.extra = extra.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let account = sandbox.create_account("facebook", &wanted).unwrap();
        let hosts = Hosts::sandbox(Facebook.spec(), &base);
        let moved = sandbox.clone();
        let bench = Bench::new(Facebook, connected(hosts, account), sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, base }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("facebook", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let fault = FaultSpec { operation: Some(operation.to_owned()), ..FaultSpec::new("facebook", kind) };
        self.sandbox.add_fault(fault).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    pub(crate) fn photo(&mut self, alt: Option<&str>) -> MediaItem {
        self.bench.image(PIXEL, "image/png", alt)
    }

    /// A film of this many bytes.
    pub(crate) fn film(&mut self, size_bytes: usize) -> MediaItem {
        let mut bytes = b"\0\0\0\x18ftypisom".to_vec();
        bytes.extend((0..size_bytes - bytes.len()).map(|at| u8::try_from(at % 251).unwrap()));
        MediaItem { kind: MediaKind::Video, ..self.bench.image(bytes, "video/mp4", None) }
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        for secret in
            [&self.bench.connected.credentials.access_token, &self.bench.connected.app.client_secret]
        {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
    }
}

/// Asserts that these texts are live, each once and in this order, the first where the receipt
/// says and the others as answers to it; then takes them down.
pub(crate) fn take_down(sandbox: &Sandbox, texts: &[&str], what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, texts, "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    for comment in &posts[1..] {
        assert_eq!(comment.reply_to.as_ref(), Some(&posts[0].id), "{what}");
    }
    sandbox.forget_posts().unwrap();
}

fn connected(hosts: Hosts, account: CreatedAccount) -> Connected {
    let held = account.credentials.unwrap();
    Connected {
        hosts,
        account: AccountRef {
            id: AccountId(1),
            platform_user_id: account.platform_user_id,
            username: Some(account.username),
            display_name: account.display_name,
            premium: false,
            service_url: None,
        },
        credentials: Credentials {
            access_token: held.access_token,
            refresh_token: held.refresh_token,
            access_expires_at: held.expires_at.map(|text| Timestamp::parse(&text).unwrap()),
            refresh_expires_at: None,
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}
