//! A sandbox on a port of its own, and an account on a bench.

use std::sync::Arc;

use connector::suite::{Bench, Connected, PIXEL, post};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Publication,
    Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::pinterest::Pinterest;
use sandbox::{CreateAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig, SystemSandboxClock};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A sandbox with one connected account.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) base: String,
    /// The account's boards, in order.
    pub(crate) boards: Vec<String>,
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
        let mut wanted = CreateAccount {
            username: Some("northlight".to_owned()),
            token: true,
            ..CreateAccount::default()
        };
        wanted.extra.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let (connected, boards) = connect(&sandbox, &base, &wanted);
        let moved = sandbox.clone();
        let bench = Bench::new(Pinterest, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        Self { sandbox, bench, base, boards }
    }

    /// A pin with these words and a picture, for the first board.
    pub(crate) fn pin(&mut self, text: &str) -> Publication {
        let mut to = post(text);
        to.media = vec![self.image(None)];
        to.settings.0.insert("boardId".to_owned(), json!(self.boards[0]));
        to
    }

    pub(crate) fn image(&mut self, alt_text: Option<&str>) -> MediaItem {
        self.bench.image(PIXEL, "image/png", alt_text)
    }

    pub(crate) fn video(&mut self) -> MediaItem {
        let bytes: &[u8] = b"\0\0\0\x18ftypisom and what a film has";
        MediaItem { kind: MediaKind::Video, ..self.bench.image(bytes, "video/mp4", Some("Kneading")) }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("pinterest", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let operation = Some(operation.to_owned());
        self.sandbox.add_fault(FaultSpec { operation, ..FaultSpec::new("pinterest", kind) }).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        let held = &self.bench.connected;
        let refresh = held.credentials.refresh_token.clone().unwrap();
        for secret in [&held.credentials.access_token, &refresh, &held.app.client_secret] {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
    }
}

/// There is one pin, the one that the receipt names; then it is taken down.
#[track_caller]
pub(crate) fn take_down(sandbox: &Sandbox, text: &str, what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    assert_eq!(posts.len(), 1, "{what}");
    assert_eq!(posts[0].text, text, "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    sandbox.forget_posts().unwrap();
}

/// Makes an account with a token and connects it; answers its boards as well.
pub(crate) fn connect(sandbox: &Sandbox, base: &str, wanted: &CreateAccount) -> (Connected, Vec<String>) {
    let account = sandbox.create_account("pinterest", wanted).unwrap();
    let boards = account.extra["boards"].as_array().unwrap();
    let boards = boards.iter().map(|board| board["id"].as_str().unwrap().to_owned()).collect();
    let held = account.credentials.unwrap();
    let end = |text: Option<String>| text.map(|text| Timestamp::parse(&text).unwrap());
    let connected = Connected {
        hosts: Hosts::sandbox(Pinterest.spec(), base),
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
            access_expires_at: end(held.expires_at),
            refresh_expires_at: end(held.refresh_expires_at),
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    };
    (connected, boards)
}
