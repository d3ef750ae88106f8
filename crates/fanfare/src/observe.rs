//! What the operator sees of a running server: metrics, probes, the watch over what is overdue.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use api::{ApiState, MetricsAccess, Observation};
use app::App;
use app::figures::{Figures, FiguresConfig};
use app::readiness::{Readiness, ReadinessConfig};
use domain::Span;
use engine::{Watch, WatchConfig};
use telemetry::{Exporter, Pulse};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::Config;
use crate::server::stopped;

/// How often what was recorded is sorted, so that it takes little memory while nobody scrapes.
const TIDY_EVERY: Span = Span::from_seconds(5);

/// The parts of a server that show what it does.
pub(crate) struct Observed {
    app: App,
    observation: Arc<Observation>,
    exporter: Exporter,
    overdue_after: Span,
    /// For whoever asks at the server's own address.
    access: MetricsAccess,
    /// For whoever asks at the address of its own.
    own: Option<(TcpListener, MetricsAccess)>,
}

/// What runs beside the server.
pub(crate) struct Watching {
    tasks: Vec<JoinHandle<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Observed {
    /// From here on everything is counted. `pulse` is that of this process's publish loop, if it runs
    /// one.
    pub(crate) async fn start(
        app: &App,
        pulse: Option<Arc<Pulse>>,
        config: &Config,
        listener: &TcpListener,
    ) -> Result<Self> {
        let exporter =
            Exporter::new(env!("CARGO_PKG_VERSION"), app.clock.now()).context("cannot set up the metrics")?;
        exporter.install().context("cannot set up the metrics")?;
        let overdue_after = Span::from_millis(config.engine.overdue_after_ms);
        let observation = Observation {
            readiness: Readiness::new(pulse, ReadinessConfig::default()),
            figures: Figures::new(FiguresConfig { overdue_after, ..FiguresConfig::default() }),
            exporter: Some(exporter.clone()),
        };
        let own = match config.metrics_listen()? {
            Some(address) => Some((bind(address).await?, own_access(config))),
            None => None,
        };
        Ok(Self {
            app: app.clone(),
            observation: Arc::new(observation),
            exporter,
            overdue_after,
            access: access(config, listener.local_addr()?),
            own,
        })
    }

    /// The API with probes, and metrics for those who may see them.
    pub(crate) fn show(&self, state: ApiState) -> ApiState {
        state.observed(Arc::clone(&self.observation), self.access.clone())
    }

    /// Starts the watch over what is overdue, and the listener for metrics if there is one.
    pub(crate) fn watch(&mut self, state: ApiState, stopping: watch::Receiver<bool>) -> Watching {
        let config = WatchConfig { overdue_after: self.overdue_after, ..WatchConfig::default() };
        let App { store, clock, entropy, .. } = self.app.clone();
        let watch = Watch::new(store, clock, entropy, config);
        let mut tasks = vec![tokio::spawn(watch.run(stopped(stopping.clone())))];
        tasks.push(tokio::spawn(tidy(self.exporter.clone(), self.app.clone(), stopping)));
        let serving = self.own.take().map(|(listener, access)| {
            let state = state.observed(Arc::clone(&self.observation), access);
            // It shows how the server ends, and ends last.
            let serving = api::serve(listener, api::probes_router(state), std::future::pending());
            tokio::spawn(async move {
                if let Err(error) = serving.await {
                    tracing::error!(error = %error, "the listener for metrics ended");
                }
            })
        });
        Watching { tasks, serving }
    }

    /// The server is ending: from now on it is not ready.
    pub(crate) fn stop(&self) {
        self.observation.readiness.stop();
    }
}

impl Watching {
    /// Waits for what ends by itself, and ends the rest.
    pub(crate) async fn end(self) {
        for task in self.tasks {
            let _ = task.await;
        }
        if let Some(serving) = self.serving {
            serving.abort();
        }
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} for metrics"))?;
    tracing::info!(address = %listener.local_addr()?, "serving metrics and probes");
    Ok(listener)
}

/// Metrics hold no content and no names, but how much a server does is nobody else's business: with
/// neither token nor listener they are shown only where nobody else comes.
fn access(config: &Config, bound: SocketAddr) -> MetricsAccess {
    if !config.metrics.listen.is_empty() {
        return MetricsAccess::Closed;
    }
    match own_access(config) {
        MetricsAccess::Open if !config.is_private(bound) => MetricsAccess::Closed,
        access => access,
    }
}

fn own_access(config: &Config) -> MetricsAccess {
    let token = config.metrics.token.0.as_str();
    if token.is_empty() { MetricsAccess::Open } else { MetricsAccess::Token(token.into()) }
}

async fn tidy(exporter: Exporter, app: App, stopping: watch::Receiver<bool>) {
    loop {
        let next = app.clock.now() + TIDY_EVERY;
        tokio::select! {
            () = app.clock.poll_until(next) => exporter.tidy(),
            () = stopped(stopping.clone()) => return,
        }
    }
}
