//! An account, and everything that the engine would lend a connector for it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Class, DestinationId, MediaId, Settings, Span, Timestamp};
use net::{Client, ClientConfig, Clock as _, Entropy as _, FrozenClock, GuardedClient, GuardedConfig};
use net::{Hook, SeededEntropy, SendError};
use url::Url;

use crate::{
    AccountRef, AppCredentials, Connector, Credentials, Cx, Failure, Hosts, MediaItem, MediaKind,
    MediaSource, Publication, Unobserved,
};

/// An image that every decoder takes: one pixel, as PNG.
pub const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63,
    0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0, 0, 0, b'I', b'E', b'N',
    b'D', 0xae, 0x42, 0x60, 0x82,
];

/// An account that is connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// Where the platform is.
    pub hosts: Hosts,
    /// The account.
    pub account: AccountRef,
    /// What opens it.
    pub credentials: Credentials,
    /// The app it was connected through.
    pub app: AppCredentials,
}

/// A connector at work for one account.
pub struct Bench {
    /// The account. A renewal changes its credentials.
    pub connected: Connected,
    pub(super) connector: Arc<dyn Connector>,
    pub(super) clock: FrozenClock,
    pub(super) entropy: SeededEntropy,
    pub(super) said: String,
    http: Client,
    guarded: GuardedClient,
    files: Files,
    on_pass: Box<dyn Fn(Span) + Send + Sync>,
}

impl Bench {
    /// A bench at `now` of the platform's clock. Its guarded client reaches this machine too.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(
        connector: impl Connector + 'static,
        connected: Connected,
        now: Timestamp,
    ) -> Result<Self, SendError> {
        Self::of(Arc::new(connector), connected, now)
    }

    /// The same with a connector out of a registry.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn of(
        connector: Arc<dyn Connector>,
        connected: Connected,
        now: Timestamp,
    ) -> Result<Self, SendError> {
        let guarded = GuardedConfig { allow_private_networks: true, ..GuardedConfig::default() };
        Ok(Self {
            connected,
            connector,
            clock: FrozenClock::new(now),
            entropy: SeededEntropy::new(11),
            said: String::new(),
            http: Client::new(ClientConfig::default())?,
            guarded: GuardedClient::new(guarded)?,
            files: Files::default(),
            on_pass: Box::new(|_| {}),
        })
    }

    /// Moves the platform's clock as well whenever time passes here.
    #[must_use]
    pub fn moving(mut self, platform: impl Fn(Span) + Send + Sync + 'static) -> Self {
        self.on_pass = Box::new(platform);
        self
    }

    /// Lets time pass.
    pub fn pass(&self, span: Span) {
        self.clock.advance(span);
        (self.on_pass)(span);
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The files that are not used any more go, and so does what failures have said.
    pub fn clear(&mut self) {
        self.files.kept.clear();
        self.said.clear();
    }

    /// Every request from now on meets the fate that `hook` says.
    pub fn meet(&mut self, hook: Arc<dyn Hook>) {
        self.http = self.http.clone().with_hook(Arc::clone(&hook));
        self.guarded = self.guarded.clone().with_hook(hook);
    }

    /// What a call of the connector gets.
    pub fn cx(&self) -> Cx<'_> {
        Cx {
            http: &self.http,
            guarded: &self.guarded,
            clock: &self.clock,
            entropy: &self.entropy,
            hosts: &self.connected.hosts,
            account: &self.connected.account,
            credentials: &self.connected.credentials,
            app: &self.connected.app,
            media: &self.files,
            limits: &Unobserved,
        }
    }

    /// Adds an image to the library.
    pub fn image(
        &mut self,
        bytes: impl Into<Bytes>,
        content_type: &str,
        alt_text: Option<&str>,
    ) -> MediaItem {
        let bytes = bytes.into();
        let id = MediaId(self.entropy.uuid(self.now()));
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.files.kept.insert(id, bytes);
        MediaItem {
            id,
            kind: MediaKind::Image,
            content_type: content_type.to_owned(),
            filename: "image".to_owned(),
            size_bytes,
            width: None,
            height: None,
            seconds: None,
            alt_text: alt_text.map(ToOwned::to_owned),
        }
    }

    /// Adds a video to the library.
    pub fn video(&mut self, bytes: impl Into<Bytes>) -> MediaItem {
        let item = self.image(bytes, "video/mp4", None);
        MediaItem { kind: MediaKind::Video, filename: "video.mp4".to_owned(), ..item }
    }

    /// Adds a document to the library.
    pub fn document(&mut self, filename: &str, content_type: &str, bytes: impl Into<Bytes>) -> MediaItem {
        let item = self.image(bytes, content_type, None);
        MediaItem { kind: MediaKind::Document, filename: filename.to_owned(), ..item }
    }

    /// The library's files have public addresses from now on: their ids below `base`, where the test
    /// serves them.
    pub fn serve_media_at(&mut self, base: &str) {
        self.files.served_at = Some(base.trim_end_matches('/').to_owned());
    }

    /// Renews the credentials, as the engine does before and after their end.
    ///
    /// # Errors
    /// What the connector says.
    pub async fn renew(&mut self) -> Result<(), Failure> {
        let renewed = self.connector.auth().refresh(&self.cx()).await;
        match renewed {
            Ok(credentials) => {
                self.connected.credentials = credentials;
                Ok(())
            }
            Err(failure) => Err(self.hear(failure)),
        }
    }

    /// Everything that failures have said so far, for authors and for the log: a test asserts that
    /// it holds no secret.
    pub fn said(&self) -> &str {
        &self.said
    }

    pub(super) fn hear(&mut self, failure: Failure) -> Failure {
        let line = format!("{failure:?}\n");
        self.said.push_str(&line);
        failure
    }
}

/// Bytes that begin as an MP4 file does, and differ from place to place.
pub fn film(size_bytes: usize) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
    let mut place = 0_u32;
    while bytes.len() < size_bytes {
        bytes.extend_from_slice(&place.to_be_bytes());
        place += 1;
    }
    bytes.truncate(size_bytes);
    bytes
}

/// A publication of text alone.
pub fn post(text: &str) -> Publication {
    let now = Timestamp::from_seconds(1_795_425_600);
    Publication {
        destination_id: DestinationId(SeededEntropy::new(1).uuid(now)),
        text: text.to_owned(),
        thread: Vec::new(),
        media: Vec::new(),
        content_type: None,
        settings: Settings::default(),
        scheduled_for: now,
    }
}

/// The library.
#[derive(Default)]
struct Files {
    kept: BTreeMap<MediaId, Bytes>,
    /// Where the platform can fetch a file, by its id below this.
    served_at: Option<String>,
}

impl MediaSource for Files {
    fn read(
        &self,
        media: MediaId,
        offset: u64,
        length: u64,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + '_>> {
        let part = self.kept.get(&media).map(|file| {
            let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(file.len());
            file.slice(place(offset)..place(offset.saturating_add(length)))
        });
        let gone = || Failure::before_sending(Class::MediaFailed, "The file is not in the library.");
        Box::pin(std::future::ready(part.ok_or_else(gone)))
    }

    fn public_url(&self, media: MediaId) -> Result<Url, Failure> {
        let unserved = || Failure::before_sending(Class::MediaFailed, "The library has no public address.");
        let base = self.served_at.as_deref().ok_or_else(unserved)?;
        Url::parse(&format!("{base}/{}", media.0)).map_err(|_| unserved())
    }
}
