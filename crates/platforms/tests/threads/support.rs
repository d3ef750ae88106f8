//! A sandbox on a port of its own, a place where it fetches media, and an account on a bench.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use connector::suite::{Bench, Connected};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::threads::Threads;
use sandbox::{CreateAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig, SystemSandboxClock};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

type Files = Arc<Mutex<HashMap<String, Bytes>>>;

/// A sandbox with one connected profile.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    pub(crate) base: String,
    files: Files,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A profile that is made with these extras.
    pub(crate) async fn with(extra: &[(&str, serde_json::Value)]) -> Self {
        let config = SandboxConfig { data_dir: None, clock: Arc::new(SystemSandboxClock), seed: Some(1) };
        let sandbox = Sandbox::open(config).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        sandbox.set_base_url(&base);
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        let mut wanted = CreateAccount {
            username: Some("harbourbakery".to_owned()),
            token: true,
            ..CreateAccount::default()
        };
        wanted.extra.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let connected = connect(&sandbox, &base, &wanted);
        let moved = sandbox.clone();
        let mut bench = Bench::new(Threads, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        let files = Files::default();
        bench.serve_media_at(&serve_files(Arc::clone(&files)).await);
        Self { sandbox, bench, base, files }
    }

    pub(crate) fn image(&mut self, alt_text: Option<&str>) -> MediaItem {
        let item = self.bench.image(picture(640, 480), "image/png", alt_text);
        self.serve(&item, picture(640, 480));
        item
    }

    pub(crate) fn video(&mut self, seconds: u32) -> MediaItem {
        let item = self.bench.image(film(seconds), "video/mp4", None);
        self.serve(&item, film(seconds));
        MediaItem { kind: MediaKind::Video, ..item }
    }

    /// The platform finds these bytes where the file is said to be.
    pub(crate) fn serve(&self, item: &MediaItem, bytes: Vec<u8>) {
        self.files.lock().unwrap().insert(format!("/{}", item.id.0), bytes.into());
    }

    /// The platform finds nothing there.
    pub(crate) fn hide(&self, item: &MediaItem) {
        self.files.lock().unwrap().remove(&format!("/{}", item.id.0));
    }

    pub(crate) fn posts(&self) -> Vec<PublicPost> {
        self.sandbox.posts_of("threads", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let operation = Some(operation.to_owned());
        self.sandbox.add_fault(FaultSpec { operation, ..FaultSpec::new("threads", kind) }).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        let held = &self.bench.connected;
        for secret in [&held.credentials.access_token, &held.app.client_secret] {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
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

/// Makes a profile with a token and connects it.
pub(crate) fn connect(sandbox: &Sandbox, base: &str, wanted: &CreateAccount) -> Connected {
    let account = sandbox.create_account("threads", wanted).unwrap();
    assert_eq!(account.extra["renews_itself"], json!(true));
    let held = account.credentials.unwrap();
    Connected {
        hosts: Hosts::sandbox(Threads.spec(), base),
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
            refresh_token: None,
            access_expires_at: held.expires_at.map(|text| Timestamp::parse(&text).unwrap()),
            refresh_expires_at: None,
            scopes: held.scopes,
            secret: None,
            renews_itself: true,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}

/// A PNG that says to be this large.
pub(crate) fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    png
}

/// An MP4 whose header says to be this long.
pub(crate) fn film(seconds: u32) -> Vec<u8> {
    let mut header = vec![0; 100];
    header[12..16].copy_from_slice(&1_u32.to_be_bytes());
    header[16..20].copy_from_slice(&seconds.to_be_bytes());
    [boxed(*b"ftyp", b"isom\0\0\0\0"), boxed(*b"moov", &boxed(*b"mvhd", &header))].concat()
}

fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], &kind, content].concat()
}

/// Serves the files, as the server's public address would.
async fn serve_files(files: Files) -> String {
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
            let (status, bytes) = match file {
                Some(bytes) => ("200 OK", bytes),
                None => ("404 Not Found", Bytes::new()),
            };
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&bytes).await;
        }
    });
    format!("http://{address}")
}
