//! A sandbox on a port of its own, an account of it on a bench, and a server for its media.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use connector::suite::{Bench, Connected};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::instagram::Instagram;
use sandbox::{
    CreateAccount, CreatedAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig,
    SystemSandboxClock,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Files by the path they are served under.
type Served = Arc<Mutex<HashMap<String, Bytes>>>;

/// A sandbox with one connected account.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) account: CreatedAccount,
    served: Served,
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
    /// With Instagram Login.
    pub(crate) async fn new() -> Self {
        Self::with(json!({})).await
    }

    /// With Facebook Login.
    pub(crate) async fn behind_page() -> Self {
        Self::with(json!({"login": "facebook"})).await
    }

    /// With these wishes of the emulator for the account.
    pub(crate) async fn with(extra: Value) -> Self {
        let (sandbox, base) = serve().await;
        let wanted = CreateAccount {
            username: Some("harbourbakery".to_owned()),
            display_name: Some("Harbour Bakery".to_owned()),
            token: true,
            extra: extra.as_object().unwrap().clone(),
            ..CreateAccount::default()
        };
        let account = sandbox.create_account("instagram", &wanted).unwrap();
        let hosts = Hosts::sandbox(Instagram.spec(), &base);
        let moved = sandbox.clone();
        let mut bench = Bench::new(Instagram, connected(hosts, account.clone()), sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        let served = Served::default();
        bench.serve_media_at(&serve_files(served.clone()).await);
        Self { sandbox, bench, account, served }
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("instagram", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let fault = FaultSpec { operation: Some(operation.to_owned()), ..FaultSpec::new("instagram", kind) };
        self.sandbox.add_fault(fault).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// A JPEG of this size.
    pub(crate) fn photo(&mut self, width: u16, height: u16, alt: Option<&str>) -> MediaItem {
        let item = self.bench.image(jpeg(width, height), "image/jpeg", alt);
        self.publish_file(&item, jpeg(width, height));
        item
    }

    /// A film.
    pub(crate) fn film(&mut self) -> MediaItem {
        let mut bytes = b"\0\0\0\x18ftypisom".to_vec();
        bytes.extend((0..40_000_usize).map(|at| u8::try_from(at % 251).unwrap()));
        let item = MediaItem { kind: MediaKind::Video, ..self.bench.image(bytes.clone(), "video/mp4", None) };
        self.publish_file(&item, bytes);
        item
    }

    fn publish_file(&self, item: &MediaItem, bytes: Vec<u8>) {
        self.served.lock().unwrap().insert(format!("/{}", item.id.0), bytes.into());
    }

    /// The library's addresses lead nowhere from now on.
    pub(crate) fn close_library(&self) {
        self.served.lock().unwrap().clear();
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

/// The head of a JPEG, which is all that is looked at.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let [w, h] = [width.to_be_bytes(), height.to_be_bytes()];
    let frame = [0xff, 0xc0, 0, 11, 8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0];
    [&[0xff, 0xd8][..], &frame, &[0xff, 0xd9]].concat()
}

/// Serves files under their paths. Answers its address.
async fn serve_files(files: Served) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let text = String::from_utf8_lossy(&asked).into_owned();
            let path = text.split(' ').nth(1).unwrap_or_default();
            let file = files.lock().unwrap().get(path).cloned();
            let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
            let file = file.unwrap_or_default();
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", file.len());
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&file).await;
        }
    });
    format!("http://{address}")
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
            access_expires_at: held.expires_at.as_deref().map(|text| Timestamp::parse(text).unwrap()),
            renews_itself: held.expires_at.is_some(),
            access_token: held.access_token,
            refresh_token: None,
            refresh_expires_at: None,
            scopes: held.scopes,
            secret: None,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}
