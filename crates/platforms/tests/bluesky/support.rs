//! Publishes through the connector the way the engine does: states are stored as text, a commit
//! whose outcome is open is looked up, and a process that dies resumes from what was stored.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use connector::{
    AccountRef, AppCredentials, CommitPermit, Connector, Credentials, Cx, DynNext, Failure, Hosts, Identity,
    Intent, MediaItem, MediaKind, MediaSource, Publication, Receipt, StartCx, Unobserved, Verdict,
};
use domain::{AccountId, Class, DestinationId, MediaId, Settings, Span, Timestamp};
use fanfare_platforms::bluesky::Bluesky;
use net::{
    Client, ClientConfig, Clock as _, Fate, FrozenClock, GuardedClient, GuardedConfig, Hook, Request,
    SeededEntropy,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

/// An image that every decoder takes: one pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63,
    0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// One account and all that the engine would lend a connector for it.
pub(crate) struct World {
    pub(crate) clock: FrozenClock,
    pub(crate) hosts: Hosts,
    pub(crate) account: AccountRef,
    pub(crate) credentials: Credentials,
    entropy: SeededEntropy,
    http: Client,
    guarded: GuardedClient,
    app: AppCredentials,
    files: Files,
    /// Moves the platform's clock when a publish waits.
    pub(crate) on_wait: Box<dyn Fn(Span) + Send + Sync>,
}

#[derive(Default)]
struct Files(BTreeMap<MediaId, Bytes>);

impl MediaSource for Files {
    fn read(
        &self,
        media: MediaId,
        offset: u64,
        length: u64,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + '_>> {
        Box::pin(async move {
            let file = self.0.get(&media).unwrap();
            let start = usize::try_from(offset).unwrap().min(file.len());
            let end = usize::try_from(offset + length).unwrap().min(file.len());
            Ok(file.slice(start..end))
        })
    }
}

pub(crate) fn client() -> Client {
    Client::new(ClientConfig::default()).unwrap()
}

impl World {
    pub(crate) fn new(now: Timestamp, hosts: Hosts, identity: Identity, credentials: Credentials) -> Self {
        let guarded = GuardedConfig { allow_private_networks: true, ..GuardedConfig::default() };
        Self {
            clock: FrozenClock::new(now),
            hosts,
            account: AccountRef {
                id: AccountId(1),
                platform_user_id: identity.platform_user_id,
                username: identity.username,
                display_name: identity.display_name,
                premium: identity.premium,
                service_url: identity.service_url,
            },
            credentials,
            entropy: SeededEntropy::new(11),
            http: client(),
            guarded: GuardedClient::new(guarded).unwrap(),
            app: AppCredentials::default(),
            files: Files::default(),
            on_wait: Box::new(|_| {}),
        }
    }

    /// Every request from now on meets the fate that `hook` says.
    pub(crate) fn watch(&mut self, hook: Arc<dyn Hook>) {
        self.http = client().with_hook(hook);
    }

    pub(crate) fn cx(&self) -> Cx<'_> {
        Cx {
            http: &self.http,
            guarded: &self.guarded,
            clock: &self.clock,
            entropy: &self.entropy,
            hosts: &self.hosts,
            account: &self.account,
            credentials: &self.credentials,
            app: &self.app,
            media: &self.files,
            limits: &Unobserved,
        }
    }

    /// Adds an image to the library.
    pub(crate) fn image(&mut self, bytes: &[u8], alt_text: Option<&str>) -> MediaItem {
        let id = MediaId(Uuid::from_u128(self.files.0.len() as u128 + 1));
        self.files.0.insert(id, Bytes::copy_from_slice(bytes));
        MediaItem {
            id,
            kind: MediaKind::Image,
            content_type: "image/png".to_owned(),
            filename: "image.png".to_owned(),
            size_bytes: bytes.len() as u64,
            width: Some(1),
            height: Some(1),
            seconds: None,
            alt_text: alt_text.map(str::to_owned),
        }
    }

    /// Adds a video to the library.
    pub(crate) fn video(&mut self, bytes: &[u8]) -> MediaItem {
        let item = self.image(bytes, Some("a film"));
        MediaItem { kind: MediaKind::Video, content_type: "video/mp4".to_owned(), ..item }
    }

    /// Publishes to the end, or to the first failure.
    pub(crate) async fn publish(&self, to: &Publication) -> Result<Receipt, Failure> {
        self.clock.advance(Span::from_seconds(1));
        let cx = StartCx { now: self.clock.now(), entropy: &self.entropy };
        self.run(to, Stored::Step(Connector::start(&Bluesky, cx, to)), false).await
    }

    /// Publishes to the end as the engine would, over deaths, lost answers and passing faults.
    pub(crate) async fn publish_whatever_happens(&self, to: &Publication) -> Receipt {
        self.clock.advance(Span::from_seconds(1));
        let cx = StartCx { now: self.clock.now(), entropy: &self.entropy };
        self.run(to, Stored::Step(Connector::start(&Bluesky, cx, to)), true).await.unwrap()
    }

    /// Publishes to the end, or to the first failure, from a state before a step.
    pub(crate) async fn publish_from(&self, to: &Publication, at: &str) -> Result<Receipt, Failure> {
        self.run(to, Stored::Step(at.to_owned()), false).await
    }

    /// The state in which the first commit is due.
    pub(crate) async fn until_commit(&self, to: &Publication) -> String {
        let cx = StartCx { now: self.clock.now(), entropy: &self.entropy };
        let mut state = Connector::start(&Bluesky, cx, to);
        loop {
            match Connector::step(&Bluesky, &self.cx(), to, &state).await.unwrap() {
                DynNext::Go(next) | DynNext::Wait(next, _) => state = next,
                DynNext::Commit(next) => return next,
                DynNext::Published(_) => unreachable!("nothing is live before the first commit"),
            }
        }
    }

    /// One commit from this state.
    pub(crate) async fn commit(&self, to: &Publication, at: &str) -> Result<DynNext, Failure> {
        #[expect(clippy::disallowed_methods, reason = "this stands in for the engine")]
        let permit = CommitPermit::mint(false);
        Connector::commit(&Bluesky, &self.cx(), to, at, permit).await
    }

    /// Looks up what a commit from this state did.
    pub(crate) async fn reconcile(&self, to: &Publication, at: &str) -> Result<Verdict<String>, Failure> {
        let intent = Intent { attempt: 1, at: self.clock.now(), fingerprint: String::new(), restored: false };
        Connector::reconcile(&Bluesky, &self.cx(), to, at, &intent).await
    }

    /// Publishes after a restore from a backup that held no progress of it.
    pub(crate) async fn publish_after_restore(&self, to: &Publication) -> Receipt {
        self.clock.advance(Span::from_hours(30));
        let cx = StartCx { now: self.clock.now(), entropy: &self.entropy };
        let mut state = Connector::start(&Bluesky, cx, to);
        let at = self.clock.now() - Span::from_hours(31);
        let intent = Intent { attempt: 1, at, fingerprint: String::new(), restored: true };
        loop {
            match Connector::reconcile(&Bluesky, &self.cx(), to, &state, &intent).await.unwrap() {
                Verdict::Found(DynNext::Published(receipt)) => return receipt,
                Verdict::Found(DynNext::Go(next) | DynNext::Wait(next, _) | DynNext::Commit(next)) => {
                    state = next;
                }
                Verdict::Absent(next) => return self.run(to, Stored::Step(next), false).await.unwrap(),
                Verdict::Repeat(_) | Verdict::Unknowable => unreachable!("records can always be looked up"),
            }
        }
    }

    async fn run(&self, to: &Publication, from: Stored, persistent: bool) -> Result<Receipt, Failure> {
        let mut stored = from;
        for _ in 0..100 {
            let outcome = match &stored {
                Stored::Step(at) => Connector::step(&Bluesky, &self.cx(), to, at).await,
                Stored::Intent(at) => self.commit(to, at).await,
                Stored::Open(at) => match self.reconcile(to, at).await {
                    Ok(Verdict::Found(next)) => Ok(next),
                    Ok(Verdict::Absent(at) | Verdict::Repeat(at)) => Ok(DynNext::Commit(at)),
                    Ok(Verdict::Unknowable) => unreachable!("records can always be looked up"),
                    Err(failure) => Err(failure),
                },
            };
            stored = match outcome {
                Ok(DynNext::Go(at)) => Stored::Step(at),
                Ok(DynNext::Wait(at, until)) => {
                    let pause = until.since(self.clock.now());
                    self.clock.advance(pause);
                    (self.on_wait)(pause);
                    Stored::Step(at)
                }
                Ok(DynNext::Commit(at)) => Stored::Intent(at),
                Ok(DynNext::Published(receipt)) => return Ok(receipt),
                Err(failure) if !persistent || !may_pass(&failure) => return Err(failure),
                Err(failure) => stored.after(&failure),
            };
        }
        panic!("the publish does not end");
    }
}

/// What the database would hold.
enum Stored {
    /// The state before a step.
    Step(String),
    /// The state before a commit, and that it was about to be sent.
    Intent(String),
    /// The same, and its outcome is to be looked up.
    Open(String),
}

impl Stored {
    /// A dead process leaves an intent without outcome, whatever it knew itself.
    fn after(self, failure: &Failure) -> Self {
        match self {
            Self::Intent(at) if failure.died || failure.leaves_commit_open() => Self::Open(at),
            other => other,
        }
    }
}

fn may_pass(failure: &Failure) -> bool {
    failure.died || matches!(failure.class, Class::Transient | Class::Ambiguous)
}

/// A post of text alone.
pub(crate) fn post(text: &str) -> Publication {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed) as u64;
    let id = uuid::Builder::from_unix_timestamp_millis(1_795_425_600_000 + made, &[7; 10]).into_uuid();
    Publication {
        destination_id: DestinationId(id),
        text: text.to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: Timestamp::from_seconds(1_795_425_600),
    }
}

/// Counts requests and lets one of them meet its fate.
pub(crate) struct Once {
    seen: AtomicUsize,
    strike: Option<(usize, Fate)>,
}

impl Once {
    /// Only counts.
    pub(crate) fn never() -> Arc<Self> {
        Arc::new(Self { seen: AtomicUsize::new(0), strike: None })
    }

    /// The request number `at`, from 0, meets `fate`.
    pub(crate) fn at(at: usize, fate: Fate) -> Arc<Self> {
        Arc::new(Self { seen: AtomicUsize::new(0), strike: Some((at, fate)) })
    }

    /// How many requests there were.
    pub(crate) fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

impl Hook for Once {
    fn fate(&self, _request: &Request) -> Fate {
        let number = self.seen.fetch_add(1, Ordering::SeqCst);
        match self.strike {
            Some((at, fate)) if at == number => fate,
            Some(_) | None => Fate::Pass,
        }
    }
}

/// Every way in which one request can go wrong.
pub(crate) const FATES: [Fate; 4] = [Fate::NeverSent, Fate::AnswerLost, Fate::DieBefore, Fate::DieAfter];

/// Serves these files (path, content type, bytes) on a port of its own; every other path is 404.
/// Returns its address without a slash at the end.
pub(crate) async fn pages(files: &[(&str, &str, &[u8])]) -> String {
    let files: BTreeMap<String, (String, Vec<u8>)> = files
        .iter()
        .map(|(path, kind, bytes)| ((*path).to_owned(), ((*kind).to_owned(), bytes.to_vec())))
        .collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n")
                && stream.read_buf(&mut asked).await.is_ok_and(|read| read > 0)
            {}
            let asked = String::from_utf8_lossy(&asked).into_owned();
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let (status, kind, bytes) = match files.get(path) {
                Some((kind, bytes)) => ("200 OK", kind.as_str(), bytes.as_slice()),
                None => ("404 Not Found", "text/plain", &b"none"[..]),
            };
            let length = bytes.len();
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    format!("http://{address}")
}
