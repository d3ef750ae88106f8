//! The durable publish loop: picks up what is due, takes each destination through its connector's
//! steps, and decides what follows from a failure.
//!
//! Owns leases, intents, reconciliation, retries, token renewal and the delivery of events. Sees platforms only as
//! `dyn Connector`; must not know the HTTP server.

mod activity;
mod config;
mod credentials;
mod deliver;
mod fitting;
mod lanes;
mod library;
mod limits;
mod metrics;
mod prepare;
mod publish;
mod pulse;
mod tokens;
mod wake;
mod watch;

use std::sync::Arc;

use connector::Registry;
use media::MediaFiles;
use net::{Clock, Entropy, GuardedClient};
use store::Store;

pub use activity::Activity;
pub use config::EngineConfig;
pub use connector::PlatformConfig;
pub use deliver::{DeliverConfig, Deliverer};
pub use library::{Library, LibraryParts};
pub use limits::LimitsConfig;
pub use metrics::{MetricsConfig, Reader};
pub use prepare::Preparer;
pub use tokens::{Refresher, TokensConfig, TokensReport};
pub use wake::Wake;
pub use watch::{Watch, WatchConfig, WatchReport};

/// What the engine works with.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The platforms.
    pub registry: Arc<Registry>,
    /// The media files.
    pub media: Arc<MediaFiles>,
    /// For calls to platforms.
    pub http: net::Client,
    /// For addresses that authors wrote.
    pub guarded: GuardedClient,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// The publish loop. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    parts: Arc<Parts>,
    config: Arc<EngineConfig>,
    wake: Wake,
    limits: Arc<limits::Limits>,
    /// Names this process in leases.
    owner: Arc<str>,
    pulse: Arc<telemetry::Pulse>,
    fruitless: Arc<tokens::Fruitless>,
    /// Tells whoever waits in this process that a renewal has ended.
    renewal_ended: tokio::sync::watch::Sender<()>,
    fitting: Arc<fitting::Fitting>,
}

impl Engine {
    /// An engine that is woken through `wake`.
    pub fn new(parts: Parts, config: EngineConfig, wake: Wake) -> Self {
        let owner = parts.entropy.uuid(parts.clock.now()).to_string();
        Self {
            parts: Arc::new(parts),
            config: Arc::new(config),
            wake,
            limits: Arc::default(),
            owner: owner.into(),
            pulse: Arc::default(),
            fruitless: Arc::default(),
            renewal_ended: tokio::sync::watch::Sender::default(),
            fitting: Arc::default(),
        }
    }
}
