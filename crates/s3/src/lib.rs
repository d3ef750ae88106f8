//! A small S3 server for tests and measurements: buckets by path, signatures of the fourth version in
//! headers and in addresses, uploads in parts, ranges, lists. It is as strict as the documentation of
//! the API is, and refuses what it does not know. Bytes lie in a folder and are never whole in memory.

mod answer;
mod auth;
mod list;
mod objects;
mod parts;
mod receive;
mod routes;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::TcpListener;

use objects::Objects;

/// What the server is.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// Where the bytes lie.
    pub folder: PathBuf,
    /// The buckets that there are at the start.
    pub buckets: Vec<String>,
    /// The region that requests have to be signed for.
    pub region: String,
    /// The access keys: public and secret halves.
    pub keys: Vec<(String, String)>,
}

impl S3Config {
    /// One bucket and one key, by fixed names.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            buckets: vec!["media".to_owned()],
            region: "eu-central-1".to_owned(),
            keys: vec![("AKTEST".to_owned(), "a-secret-for-tests".to_owned())],
        }
    }
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: S3Config,
    pub(crate) objects: Objects,
    failing: AtomicU32,
}

impl Shared {
    /// Whether this request is one of those that a test wants to fail.
    pub(crate) fn fails_now(&self) -> bool {
        let less = |left: u32| left.checked_sub(1);
        self.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok()
    }
}

impl S3Server {
    /// Starts on `listen`; port 0 is any free one.
    ///
    /// # Errors
    /// When the port or the folder cannot be used.
    pub async fn start(config: S3Config, listen: SocketAddr) -> std::io::Result<Self> {
        let objects = Objects::open(&config.folder, &config.buckets)?;
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { config, objects, failing: AtomicU32::new(0) });
        let router = routes::router(Arc::clone(&shared));
        let serving = tokio::spawn(async move {
            // Accepting goes on whatever single connections do.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, serving })
    }

    /// Its address, such as `http://127.0.0.1:9000`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The keys of a bucket's objects, in order.
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        self.shared.objects.keys(bucket)
    }

    /// How many uploads in parts are neither complete nor given up.
    pub fn unfinished(&self) -> usize {
        self.shared.objects.unfinished()
    }

    /// Answers so many requests with 503.
    pub fn fail_next(&self, requests: u32) {
        self.shared.failing.store(requests, Ordering::SeqCst);
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
