//! The HTTP API: routes, wire types, OpenAPI, authentication, rate limits and the error table.
//!
//! Owns how a use case looks on the wire. Must not know SQL, the engine or any platform.

mod address;
mod auth;
mod body;
mod cursor;
mod dashboard;
mod envelope;
mod error;
mod fields;
mod idempotency;
mod oauth;
mod observe;
mod openapi;
mod pages;
mod query;
mod rate_limit;
mod request_id;
mod routes;
mod session;
mod streams;
mod visit;
mod wire;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use app::App;
use app::counters::Counters;
use app::people::passkeys::Site;
use app::people::provider::Provider;
use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use ::dashboard::Dashboard;
pub use observe::{MetricsAccess, Observation};
pub use openapi::openapi;
pub use rate_limit::Limits;
pub use session::ROUTES as SESSION_ROUTES;

use rate_limit::Limiter;

/// What the API works with. Cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    app: App,
    limiter: Arc<Limiter>,
    settings: Arc<Settings>,
    observation: Arc<Observation>,
    metrics: MetricsAccess,
    addresses: Arc<address::Addresses>,
    dashboard: Dashboard,
    passkeys: Option<Arc<Site>>,
    provider: Option<Arc<Provider>>,
    streams: streams::Streams,
    /// Tells this process from those that worked on the database before it, and from other nodes.
    process: uuid::Uuid,
}

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which callers reach the server, without a trailing slash.
    pub base_url: String,
    /// The sandbox's page, if there is one.
    pub sandbox_url: Option<String>,
    /// The largest request body.
    pub body_bytes: usize,
    /// Limits per API key.
    pub limits: Limits,
}

impl ApiState {
    /// The API over `app`, with limits that this process counts alone.
    pub fn new(app: App, settings: Settings) -> Self {
        let limiter = Limiter::local(settings.limits);
        Self::with(app, settings, limiter)
    }

    /// The API over `app`, with limits that hold for all nodes with these counters together.
    pub fn shared(app: App, settings: Settings, counters: Arc<dyn Counters>) -> Self {
        let limiter = Limiter::shared(settings.limits, counters);
        Self::with(app, settings, limiter)
    }

    fn with(app: App, settings: Settings, limiter: Limiter) -> Self {
        let process = app.entropy.uuid(app.clock.now());
        let (observation, metrics) = (Arc::new(Observation::default()), MetricsAccess::default());
        let passkeys = Site::of(&settings.base_url).map(Arc::new);
        Self {
            app,
            limiter: Arc::new(limiter),
            settings: Arc::new(settings),
            observation,
            metrics,
            addresses: Arc::default(),
            dashboard: Dashboard::default(),
            passkeys,
            provider: None,
            streams: streams::Streams::default(),
            process,
        }
    }

    /// The same API, whose open streams end when `stopping` becomes true.
    #[must_use]
    pub fn until(self, stopping: watch::Receiver<bool>) -> Self {
        Self { streams: streams::Streams::until(stopping), ..self }
    }

    /// The same API, with this dashboard.
    #[must_use]
    pub fn with_dashboard(self, dashboard: Dashboard) -> Self {
        Self { dashboard, ..self }
    }

    /// The same API, to which people also sign in by another system.
    #[must_use]
    pub fn with_provider(self, provider: Provider) -> Self {
        Self { provider: Some(Arc::new(provider)), ..self }
    }

    /// The same API, which shows these signs of life, and the metrics to whom `metrics` says.
    #[must_use]
    pub fn observed(self, observation: Arc<Observation>, metrics: MetricsAccess) -> Self {
        Self { observation, metrics, ..self }
    }
}

/// Every route.
pub fn router(state: ApiState) -> Router {
    routes::router(state)
}

/// The probes and the metrics alone: for a listener of their own.
pub fn probes_router(state: ApiState) -> Router {
    routes::probes::router(state)
}

/// Serves `router` until `stop` resolves and open requests are answered.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Answers are small; waiting to fill a packet only delays them.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
