//! A sandbox on a port of its own, and a channel of it on a bench.

use std::sync::Arc;

use connector::suite::{Bench, Connected, post};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Publication,
    Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::youtube::YouTube;
use sandbox::{
    CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig,
    SystemSandboxClock,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// The smallest piece that YouTube takes.
pub(crate) const CHUNK_BYTES: u64 = 262_144;

/// A sandbox with one connected channel.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    base: String,
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

    /// With these wishes of the emulator for the channel.
    pub(crate) async fn with(extra: &[(&str, Value)]) -> Self {
        let (sandbox, base) = serve().await;
        let mut wanted = CreateAccount { token: true, ..CreateAccount::default() };
        wanted.username = Some("harbourbakery".to_owned());
        wanted.extra = extra.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let account = sandbox.create_account("youtube", &wanted).unwrap();
        let youtube = YouTube::in_chunks_of(CHUNK_BYTES);
        let hosts = Hosts::sandbox(youtube.spec(), &base);
        let moved = sandbox.clone();
        let bench = Bench::new(youtube, connected(hosts, account), sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, base }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("youtube", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let fault = FaultSpec { operation: Some(operation.to_owned()), ..FaultSpec::new("youtube", kind) };
        self.sandbox.add_fault(fault).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// The address of a picture that anybody can fetch.
    pub(crate) fn picture(&self) -> String {
        format!("{}/yt3.ggpht.com/a/picture", self.base)
    }

    /// A film of this many bytes.
    pub(crate) fn film(&mut self, size_bytes: usize) -> MediaItem {
        let mut bytes = b"\0\0\0\x18ftypisom".to_vec();
        bytes.extend((0..size_bytes - bytes.len()).map(|at| u8::try_from(at % 251).unwrap()));
        MediaItem { kind: MediaKind::Video, ..self.bench.image(bytes, "video/mp4", None) }
    }

    /// A video with this description and as many bytes.
    pub(crate) fn video(&mut self, text: &str, size_bytes: usize) -> Publication {
        let mut to = post(text);
        to.settings.0.insert("title".to_owned(), json!("How we bake"));
        to.media = vec![self.film(size_bytes)];
        to
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        for secret in
            [&self.bench.connected.credentials.access_token, &self.bench.connected.app.client_secret]
        {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
        assert!(!said.contains("upload_id="), "{said}");
    }
}

/// Asserts that one video with this description is live, where the receipt says; then takes it down.
pub(crate) fn take_down(sandbox: &Sandbox, text: &str, what: &str, receipt: &Receipt) {
    take_down_all(sandbox, &[text], what, receipt);
}

/// The same with a comment below the video, if there is a second text.
pub(crate) fn take_down_all(sandbox: &Sandbox, texts: &[&str], what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, texts, "{what}");
    for comment in &posts[1..] {
        assert_eq!(comment.reply_to.as_ref(), Some(&posts[0].id), "{what}");
    }
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
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
            refresh_expires_at: held.refresh_expires_at.map(|text| Timestamp::parse(&text).unwrap()),
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}
