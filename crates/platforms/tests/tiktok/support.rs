//! A sandbox on a port of its own, a place where it fetches media, and an account on a bench.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use connector::suite::{Bench, Connected};
use connector::{
    AccountRef, AppCredentials, Connector as _, Credentials, Hosts, MediaItem, MediaKind, Receipt,
};
use domain::{AccountId, Timestamp};
use fanfare_platforms::tiktok::TikTok;
use sandbox::{CreateAccount, FaultKind, FaultSpec, PublicPost, Sandbox, SandboxConfig, SystemSandboxClock};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub(crate) const HANDLE: &str = "orchard.films";

type Files = Arc<Mutex<HashMap<String, Bytes>>>;

/// A sandbox with one connected account.
pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bench: Bench,
    /// Where the files are that the platform fetches.
    pub(crate) site: String,
    files: Files,
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
        let connected = connect(&sandbox, &base, &wanted(extra, true));
        let moved = sandbox.clone();
        let mut bench = Bench::new(TikTok, connected, sandbox.now())
            .unwrap()
            .moving(move |span| moved.advance_clock(span).unwrap());
        let files = Files::default();
        let site = serve_files(Arc::clone(&files)).await;
        bench.serve_media_at(&site);
        Self { sandbox, bench, site, files }
    }

    /// Sets the account to something else.
    pub(crate) fn set(&self, name: &str, value: Value) {
        self.sandbox.create_account("tiktok", &wanted(&[(name, value)], false)).unwrap();
    }

    pub(crate) fn photo(&mut self) -> MediaItem {
        let bytes = jpeg(1_080, 1_350);
        let item = self.bench.image(bytes.clone(), "image/jpeg", None);
        self.serve(&item, bytes);
        item
    }

    pub(crate) fn video(&mut self, seconds: u32) -> MediaItem {
        self.large_video(seconds, 0)
    }

    /// A video with so many bytes of film.
    pub(crate) fn large_video(&mut self, seconds: u32, film_bytes: usize) -> MediaItem {
        let bytes = film(seconds, film_bytes);
        let item = self.bench.image(bytes.clone(), "video/mp4", None);
        self.serve(&item, bytes);
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
        self.sandbox.posts_of("tiktok", None)
    }

    pub(crate) fn fault(&self, kind: FaultKind, operation: &str) {
        let operation = Some(operation.to_owned());
        self.sandbox.add_fault(FaultSpec { operation, ..FaultSpec::new("tiktok", kind) }).unwrap();
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        self.sandbox.requests().iter().filter(|call| call.operation == operation).count()
    }

    /// No failure so far has said a secret.
    pub(crate) fn assert_nothing_secret_was_said(&self) {
        let said = format!("{} {:?}", self.bench.said(), self.bench.connected);
        let held = &self.bench.connected;
        let refresh = held.credentials.refresh_token.as_ref().unwrap();
        for secret in [&held.credentials.access_token, refresh, &held.app.client_secret] {
            assert!(!said.contains(secret.as_str()), "{said}");
        }
        assert!(!said.contains("upload_token="), "{said}");
    }
}

fn wanted(extra: &[(&str, Value)], token: bool) -> CreateAccount {
    let mut wanted = CreateAccount { username: Some(HANDLE.to_owned()), token, ..CreateAccount::default() };
    wanted.extra.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    wanted
}

/// What is live is this one post, as the receipt says; then it is taken down.
#[track_caller]
pub(crate) fn take_down(sandbox: &Sandbox, text: &str, what: &str, receipt: &Receipt) {
    let posts = sandbox.posts();
    let live: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(live, [text], "{what}");
    assert_eq!(posts[0].id, receipt.platform_post_id, "{what}");
    assert_eq!(posts[0].url, receipt.platform_post_url, "{what}");
    sandbox.forget_posts().unwrap();
}

/// Makes an account with tokens and connects it.
fn connect(sandbox: &Sandbox, base: &str, wanted: &CreateAccount) -> Connected {
    let account = sandbox.create_account("tiktok", wanted).unwrap();
    let held = account.credentials.unwrap();
    let moment = |text: Option<String>| text.map(|text| Timestamp::parse(&text).unwrap());
    Connected {
        hosts: Hosts::sandbox(TikTok.spec(), base),
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
            access_expires_at: moment(held.expires_at),
            refresh_expires_at: moment(held.refresh_expires_at),
            scopes: held.scopes,
            secret: None,
            renews_itself: false,
        },
        app: AppCredentials { client_id: account.client_id, client_secret: account.client_secret },
    }
}

/// The head of a JPEG that says to be this large.
pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8];
    jpeg.extend(height.to_be_bytes());
    jpeg.extend(width.to_be_bytes());
    jpeg.extend([1, 1, 0x11, 0, 0xff, 0xd9]);
    jpeg
}

/// An MP4 whose header says to be this long, with so many bytes of film before it.
pub(crate) fn film(seconds: u32, film_bytes: usize) -> Vec<u8> {
    let mut header = vec![0; 100];
    header[12..16].copy_from_slice(&1_u32.to_be_bytes());
    header[16..20].copy_from_slice(&seconds.to_be_bytes());
    let data: Vec<u8> = (0..film_bytes).map(|at| u8::try_from(at % 251).unwrap()).collect();
    [boxed(*b"ftyp", b"isom\0\0\0\0"), boxed(*b"mdat", &data), boxed(*b"moov", &boxed(*b"mvhd", &header))]
        .concat()
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
