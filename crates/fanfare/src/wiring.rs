//! Puts the parts together: the only place that sees them all.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::ai::AiInUse;
use app::key_uses::KeyUses;
use app::platform_apps::AppSources;
use app::{App, Outside};
use connector::{AppCredentials, Entry, Hosts, PlatformConfig, PlatformConfigs, Registry, VersionInUse};
use domain::retry::RetryPolicy;
use domain::webhook::DeliveryPolicy;
use domain::{PlatformName, Span};
use engine::{
    DeliverConfig, Engine, EngineConfig, Library, LibraryParts, LimitsConfig, MetricsConfig, Parts,
    TokensConfig, Wake,
};
use media::{MediaFiles, Tools};
use net::{ClientConfig, Clock, Entropy, GuardedClient, GuardedConfig, SystemClock, SystemEntropy};
use store::{Announcer, Keyring, Store, StoreConfig};
use tokio::sync::Notify;

use crate::config::Config;
use crate::data_dir::DataDir;
use crate::travel::{Kind, Loop};

/// How soon something has to be due for other nodes to be told. Longer than a worker's own look.
const ANNOUNCED: Span = Span::from_seconds(30);
/// Connections for reading from a shared database.
const SHARED_READERS: u32 = 8;

/// An opened data folder with everything that works on it.
pub(crate) struct Installation {
    pub(crate) app: App,
    pub(crate) data_dir: DataDir,
    pub(crate) registry: Arc<Registry>,
    wake: Wake,
    deliveries: Wake,
    readings: Wake,
    wake_media: Arc<Notify>,
}

/// Opens the data folder of `config`, making what is missing, in the machine's time.
pub(crate) async fn open(config: &Config) -> Result<Installation> {
    open_in_time(config, Arc::new(SystemClock)).await
}

/// The same, in the time of `clock`.
pub(crate) async fn open_in_time(config: &Config, clock: Arc<dyn Clock>) -> Result<Installation> {
    let data_dir = DataDir::open(&config.data_dir)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let keyring = data_dir.keyring(&config.encryption_key.0, entropy.as_ref())?;
    let store = open_store(config, &data_dir, keyring).await?;
    let media = open_media(config, &data_dir)?;
    let registry = Arc::new(platforms::registry());
    let outside = outside(config, &registry)?;
    let (wake, deliveries, readings) = (Wake::default(), Wake::default(), Wake::default());
    let (waker, announcer, now) = (wake.clone(), store.announcer(), Arc::clone(&clock));
    announce_deliveries(config, &store, &deliveries, &announcer, &clock);
    let wake_media = Arc::new(Notify::new());
    let media_waker = Arc::clone(&wake_media);
    let app = App {
        store,
        registry: Arc::clone(&registry),
        media: Arc::new(media),
        tools: tools(),
        media_limits: config.media.limits(),
        plan: Arc::new(config.plan()),
        refuse_duplicates: config.posts.refuse_duplicates,
        clock,
        entropy,
        outside: Arc::new(outside),
        ai: AiInUse::new(config.ai.settings(&config.sandbox_url)?, !config.ai.base_url.is_empty()),
        installation: Arc::default(),
        passwords: Arc::default(),
        key_uses: Arc::new(KeyUses::default()),
        requests: Arc::default(),
        wake: Arc::new(move |due| {
            waker.due_at(due);
            // What is due later, other nodes find when they look by themselves.
            if due < now.now() + ANNOUNCED {
                announcer.due_at(due);
            }
        }),
        // Other nodes look by themselves.
        wake_media: Arc::new(move || media_waker.notify_one()),
    };
    app.installation.refresh(&app).await.context("cannot read what is stored for the installation")?;
    Ok(Installation { app, data_dir, registry, wake, deliveries, readings, wake_media })
}

/// What is written for webhooks wakes this node's delivery loop, or those of other nodes.
fn announce_deliveries(
    config: &Config,
    store: &Store,
    deliveries: &Wake,
    announcer: &Announcer,
    clock: &Arc<dyn Clock>,
) {
    let (works, deliveries) = (config.roles.worker, deliveries.clone());
    let (announcer, clock) = (announcer.clone(), Arc::clone(clock));
    store.on_deliveries(move || {
        if works {
            deliveries.now();
        } else {
            announcer.due_at(clock.now());
        }
    });
}

/// The media files: in the data folder, or in a bucket.
pub(crate) fn open_media(config: &Config, data_dir: &DataDir) -> Result<MediaFiles> {
    let root = data_dir.media();
    match config.bucket()? {
        Some(bucket) => Ok(MediaFiles::open_bucket(&root, bucket)?),
        None => MediaFiles::open(&root).context("cannot open the media folder"),
    }
}

/// The programs that are installed on this machine.
fn tools() -> Tools {
    let path = std::env::var_os("PATH");
    Tools::find_in(path.as_deref())
}

/// The database alone.
pub(crate) async fn open_store(config: &Config, data_dir: &DataDir, keyring: Keyring) -> Result<Store> {
    let database = &config.database_url.0;
    if database.is_empty() {
        let path = data_dir.database();
        return Store::open_sqlite(&path, keyring, &StoreConfig::default())
            .await
            .with_context(|| format!("cannot open the database {}", path.display()));
    }
    let settings = StoreConfig { readers: SHARED_READERS, ..StoreConfig::default() };
    Store::open_postgres(database, keyring, &settings)
        .await
        .context("cannot open the database at database_url")
}

impl Installation {
    /// Whether media files can be written, read and removed.
    ///
    /// # Errors
    /// When they cannot; the error says what to do.
    pub(crate) async fn check_media(&self) -> Result<()> {
        let nonce = self.app.entropy.uuid(self.app.clock.now()).to_string();
        self.app.media.check(&nonce).await.context("media files cannot be kept")
    }

    /// Wakes this node's publish loop.
    pub(crate) fn wake(&self) -> Wake {
        self.wake.clone()
    }

    /// The library's worker on this installation.
    pub(crate) fn library(&self) -> Library {
        let app = &self.app;
        let parts = LibraryParts {
            store: app.store.clone(),
            media: Arc::clone(&app.media),
            limits: app.media_limits,
            plan: Arc::clone(&app.plan),
            tools: app.tools.clone(),
            guarded: app.outside.guarded.clone(),
            clock: Arc::clone(&app.clock),
            entropy: Arc::clone(&app.entropy),
        };
        Library::new(parts, Arc::clone(&self.wake_media))
    }

    /// Wakes this node's delivery loop.
    pub(crate) fn deliveries(&self) -> Wake {
        self.deliveries.clone()
    }

    /// Wakes this node's metrics loop.
    pub(crate) fn readings(&self) -> Wake {
        self.readings.clone()
    }

    /// The loops that whoever moves the clock has to wait for, each after what makes work for it.
    pub(crate) fn loops(&self) -> [Loop; 3] {
        let of = |kind, wake: &Wake| Loop { kind, wake: wake.clone(), store: self.app.store.clone() };
        [
            of(Kind::Publishing, &self.wake),
            of(Kind::Delivering, &self.deliveries),
            of(Kind::Reading, &self.readings),
        ]
    }

    /// The publish loop on this installation.
    pub(crate) fn engine(&self, config: &Config, base_url: &str) -> Engine {
        let outside = &self.app.outside;
        let parts = Parts {
            store: self.app.store.clone(),
            registry: Arc::clone(&self.registry),
            media: Arc::clone(&self.app.media),
            http: outside.http.clone(),
            guarded: outside.guarded.clone(),
            clock: Arc::clone(&self.app.clock),
            entropy: Arc::clone(&self.app.entropy),
        };
        let settings = EngineConfig {
            public_url: config.reachable_url(base_url),
            tools: self.app.tools.clone(),
            ..engine_config(config, outside.platforms.clone(), self.app.store.is_shared())
        };
        Engine::new(parts, settings, self.wake.clone())
    }
}

/// The version of each platform's API that is in use, with the platform.
pub(crate) fn api_versions(config: &Config, registry: &Registry) -> Vec<VersionInUse> {
    let platforms = platforms(config, registry);
    let of = |entry: &Entry| VersionInUse::of(entry.spec, &platforms.get(&entry.spec.name)?.hosts);
    registry.entries().iter().filter_map(of).collect()
}

/// Each platform's hosts and the app that the configuration has for it.
fn platforms(config: &Config, registry: &Registry) -> HashMap<PlatformName, PlatformConfig> {
    let of = |entry: &Entry| {
        let name = entry.spec.name.clone();
        let settings = config.platforms.get(name.as_str()).cloned().unwrap_or_default();
        let is_sandbox = !config.sandbox_url.is_empty();
        let app = AppCredentials { client_id: settings.client_id, client_secret: settings.client_secret.0 };
        let mut hosts = if is_sandbox {
            Hosts::sandbox(entry.spec, &config.sandbox_url)
        } else {
            Hosts::real(entry.spec)
        };
        for (key, address) in &settings.hosts {
            hosts.set(key, address);
        }
        if !settings.api_version.is_empty() {
            hosts.set_version(&settings.api_version);
        }
        (name, PlatformConfig { hosts, app })
    };
    registry.entries().iter().map(of).collect()
}

/// The apps of the configuration win over stored ones, and those over the ones that the sandbox knows.
fn app_sources(config: &Config, platforms: &HashMap<PlatformName, PlatformConfig>) -> AppSources {
    let configured =
        platforms.iter().filter(|(_, of)| !of.app.client_id.is_empty()).map(|(name, _)| name.clone());
    let of_sandbox = |name: &PlatformName| {
        let app = AppCredentials {
            client_id: format!("sandbox-{name}-client"),
            client_secret: format!("sandbox-{name}-secret"),
        };
        (name.clone(), app)
    };
    let sandboxed = platforms.keys().filter(|_| !config.sandbox_url.is_empty());
    AppSources::new(configured.collect(), sandboxed.map(of_sandbox).collect())
}

fn outside(config: &Config, registry: &Registry) -> Result<Outside> {
    let http = net::Client::new(ClientConfig {
        timeout: Duration::from_millis(config.engine.request_timeout_ms),
        allow_private_networks: config.allow_private_networks,
        ..ClientConfig::default()
    })
    .context("cannot set up the HTTP client")?;
    let guarded = GuardedClient::new(GuardedConfig {
        allow_private_networks: config.allow_private_networks,
        send_timeout: Duration::from_millis(config.engine.request_timeout_ms),
        ..GuardedConfig::default()
    })
    .context("cannot set up the HTTP client")?;
    let mut logins = HashMap::new();
    for (name, settings) in config.platforms.iter().filter(|(_, settings)| !settings.login.is_empty()) {
        let platform = PlatformName::from_text(name);
        let known = registry.spec(&platform).map_or(&[][..], |spec| spec.logins);
        if known.iter().all(|login| login.name != settings.login) {
            let names: Vec<&str> = known.iter().map(|login| login.name).collect();
            bail!("platforms.{name}.login must be one of: {}", names.join(", "));
        }
        logins.insert(platform, settings.login.clone());
    }
    let platforms = platforms(config, registry);
    let apps = Arc::new(app_sources(config, &platforms));
    Ok(Outside {
        http,
        guarded,
        platforms: platforms.into(),
        apps,
        logins,
        webhook_timeout: Duration::from_millis(config.webhooks.timeout_ms),
    })
}

fn engine_config(config: &Config, platforms: PlatformConfigs, shared: bool) -> EngineConfig {
    EngineConfig {
        capacity: config.engine.capacity,
        retry: RetryPolicy {
            pauses: config.engine.retry_pauses_ms.iter().map(|ms| Span::from_millis(*ms)).collect(),
            ..RetryPolicy::default()
        },
        settle: config.engine.settle_ms.map(Span::from_millis),
        grace: Span::from_millis(config.engine.grace_ms),
        limits: LimitsConfig {
            // The sandbox takes whatever comes, and load tests need that.
            counted: config.engine.platform_limits.unwrap_or(config.sandbox_url.is_empty()),
            shared,
            ..LimitsConfig::default()
        },
        tokens: TokensConfig {
            probe_every: (config.engine.probe_every_ms > 0).then(|| {
                Span::from_millis(i64::try_from(config.engine.probe_every_ms).unwrap_or(i64::MAX / 1_000))
            }),
            ..TokensConfig::default()
        },
        deliver: deliver_config(config),
        metrics: MetricsConfig {
            enabled: config.readings.enabled,
            capacity: config.readings.capacity,
            per_hour: config.readings.per_hour,
            ..MetricsConfig::default()
        },
        lease: Span::from_millis(i64::try_from(config.engine.lease_ms).unwrap_or(i64::MAX)),
        platforms,
        ..EngineConfig::default()
    }
}

fn deliver_config(config: &Config) -> DeliverConfig {
    let settings = &config.webhooks;
    DeliverConfig {
        policy: DeliveryPolicy {
            pauses: settings.retry_pauses_ms.iter().map(|ms| Span::from_millis(*ms)).collect(),
            disable_after: settings.disable_after,
            ..DeliveryPolicy::default()
        },
        timeout: Duration::from_millis(settings.timeout_ms),
        capacity: settings.capacity,
        ..DeliverConfig::default()
    }
}
