//! A running server: HTTP, the publish loop, and their orderly end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::Span;
use domain::webhook::KEPT_FOR;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::data_dir::WorkerLock;
use crate::observe::Observed;
use crate::wiring::{self, Installation};

/// How often the last use of keys is written down.
const KEY_USE_EVERY: Span = Span::from_seconds(15);
/// How soon a change of what is stored for the installation is noticed, whoever made it.
const LOOK_FOR_CHANGES_EVERY: Span = Span::from_seconds(3);
/// How often unfinished uploads and unused files are looked for.
const CLEAN_EVERY: Span = Span::from_minutes(5);
/// How often what nobody needs any more is removed: counts of keys, events, deliveries.
const FORGET_EVERY: Span = Span::from_hours(24);
/// How long open connections may take to end.
const CONNECTIONS_END_IN: Duration = Duration::from_secs(5);

/// Serves until `stop` resolves, then ends in order: no new requests, publishing finished or
/// parked, the database closed.
pub(crate) async fn run(
    installation: Installation,
    config: &Config,
    listener: TcpListener,
    base_url: &str,
    lock: Option<WorkerLock>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let engine = config.roles.worker.then(|| installation.engine(config, base_url));
    let pulse = engine.as_ref().map(engine::Engine::pulse);
    let refresher = engine.as_ref().map(engine::Engine::refresher);
    let deliverer = engine.as_ref().map(|engine| engine.deliverer(installation.deliveries()));
    let reader = engine.as_ref().map(|engine| engine.reader(installation.readings()));
    let mut observed = Observed::start(&installation.app, pulse, config, &listener).await?;
    for version in wiring::api_versions(config, &installation.registry) {
        if let Some(end) = version.ends_at {
            telemetry::api_version_end(version.platform.as_str(), &version.version, end);
        }
    }
    let (stopping, _) = watch::channel(false);
    let app = installation.app.clone();
    let preparing = match &engine {
        Some(engine) => Some(start_preparing(&app, engine.preparer(), &stopping).await?),
        None => None,
    };
    let publishing = match engine {
        Some(engine) => Some(start_publishing(&installation, engine, &stopping).await?),
        None => None,
    };
    let refreshing = refresher.map(|refresher| tokio::spawn(refresher.run(stopped(stopping.subscribe()))));
    let delivering = deliverer.map(|deliverer| tokio::spawn(deliverer.run(stopped(stopping.subscribe()))));
    let reading = reader.map(|reader| tokio::spawn(reader.run(stopped(stopping.subscribe()))));
    let library =
        if config.roles.worker { Some(start_library(&installation, &stopping).await?) } else { None };
    let following = tokio::spawn(follow_changes(app.clone(), stopping.subscribe()));
    let noting = tokio::spawn(keep_house(app.clone(), stopping.subscribe()));
    let state = observed.show(api_state(&app, config, base_url)?).until(stopping.subscribe());
    let watching = observed.watch(state.clone(), stopping.subscribe());
    let router = if config.roles.api {
        let router = api::router(state);
        router.clone().merge(mcp::routes(&app, router, base_url))
    } else {
        api::probes_router(state)
    };
    let ending = stopping.subscribe();
    let serving = tokio::spawn(async move { api::serve(listener, router, stopped(ending)).await });
    stop.await;
    observed.stop();
    tracing::info!("stopping: finishing or parking what is in flight");
    stopping.send_replace(true);
    let ended = tokio::time::timeout(CONNECTIONS_END_IN, serving).await;
    if ended.is_err() {
        tracing::info!("open connections were cut");
    }
    if let Some(publishing) = publishing {
        publishing.await.context("the publish loop ended badly")?;
    }
    if let Some(preparing) = preparing {
        preparing.await.context("the preparing of media ended badly")?;
    }
    if let Some(refreshing) = refreshing {
        refreshing.await.context("the refresher ended badly")?;
    }
    if let Some(delivering) = delivering {
        delivering.await.context("the delivery loop ended badly")?;
    }
    if let Some(reading) = reading {
        reading.await.context("the metrics loop ended badly")?;
    }
    if let Some(library) = library {
        library.await.context("the library's worker ended badly")?;
    }
    following.await.context("the look for changes ended badly")?;
    noting.await.context("the housekeeping ended badly")?;
    watching.end().await;
    app.store.close().await;
    drop(lock);
    tracing::info!("stopped");
    Ok(())
}

async fn start_publishing(
    installation: &Installation,
    engine: engine::Engine,
    stopping: &watch::Sender<bool>,
) -> Result<tokio::task::JoinHandle<()>> {
    let store = installation.app.store.clone();
    if store.is_shared() {
        let (wake, deliveries) = (installation.wake(), installation.deliveries());
        let ending = stopping.subscribe();
        tokio::spawn(async move {
            tokio::select! {
                () = store.listen(|due| { wake.due_at(due); deliveries.due_at(due); }) => {}
                () = stopped(ending) => {}
            }
        });
    } else {
        // Nobody else can hold anything: what is held belonged to a process that is gone.
        let recovered = engine.recover().await.context("cannot take over what the last run left")?;
        if recovered > 0 {
            tracing::info!(
                destinations = recovered,
                "taking over what was in flight when the last run ended"
            );
        }
    }
    Ok(tokio::spawn(engine.run(stopped(stopping.subscribe()))))
}

async fn start_preparing(
    app: &app::App,
    preparer: engine::Preparer,
    stopping: &watch::Sender<bool>,
) -> Result<tokio::task::JoinHandle<()>> {
    if !app.store.is_shared() {
        preparer.recover().await.context("cannot take over the preparing of media of the last run")?;
    }
    Ok(tokio::spawn(preparer.run(stopped(stopping.subscribe()))))
}

async fn start_library(
    installation: &Installation,
    stopping: &watch::Sender<bool>,
) -> Result<tokio::task::JoinHandle<()>> {
    let library = installation.library();
    if !installation.app.store.is_shared() {
        library.recover().await.context("cannot take over the library's work of the last run")?;
    }
    Ok(tokio::spawn(library.run(stopped(stopping.subscribe()))))
}

pub(crate) async fn stopped(mut stopping: watch::Receiver<bool>) {
    // The sender outlives every receiver, so waiting cannot fail.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

/// Goes by what other processes store for the installation, such as `fanfare app set`.
async fn follow_changes(app: app::App, stopping: watch::Receiver<bool>) {
    loop {
        let next = app.clock.now() + LOOK_FOR_CHANGES_EVERY;
        tokio::select! {
            () = app.clock.poll_until(next) => {}
            () = stopped(stopping.clone()) => return,
        }
        if let Err(error) = app.installation.refresh(&app).await {
            tracing::warn!(error = %error, "changes of the installation's apps could not be read");
        }
    }
}

async fn keep_house(app: app::App, stopping: watch::Receiver<bool>) {
    let mut forget_at = app.clock.now() + FORGET_EVERY;
    let mut clean_at = app.clock.now() + CLEAN_EVERY;
    loop {
        let next = app.clock.now() + KEY_USE_EVERY;
        let ended = tokio::select! {
            () = app.clock.poll_until(next) => false,
            () = stopped(stopping.clone()) => true,
        };
        if let Err(error) = app::key_uses::flush(&app).await {
            tracing::warn!(error = %error, "the last use of keys could not be written");
        }
        if let Err(error) = app::requests::flush(&app).await {
            tracing::warn!(error = %error, "the last requests of keys could not be written");
        }
        if ended {
            return;
        }
        if app.clock.now() >= clean_at {
            clean_at = app.clock.now() + CLEAN_EVERY;
            if let Err(error) = app::media::clean(&app).await {
                tracing::warn!(error = %error, "the media library could not be cleaned up");
            }
        }
        if app.clock.now() >= forget_at {
            forget_at = app.clock.now() + FORGET_EVERY;
            if let Err(error) = app.store.forget_rate_windows(app.clock.now()).await {
                tracing::warn!(error = %error, "old counts of keys could not be removed");
            }
            if let Err(error) = app::idempotency::clean(&app).await {
                tracing::warn!(error = %error, "old idempotency keys could not be removed");
            }
            if let Err(error) = app::oauth::forget(&app).await {
                tracing::warn!(error = %error, "old programs could not be forgotten");
            }
            if let Err(error) = app::people::audit::forget(&app).await {
                tracing::warn!(error = %error, "the old end of the audit log could not be removed");
            }
            if let Err(error) = app::requests::forget(&app).await {
                tracing::warn!(error = %error, "old requests of keys could not be removed");
            }
            if let Err(error) = app.store.forget_events(app.clock.now() - KEPT_FOR).await {
                tracing::warn!(error = %error, "old events and deliveries could not be removed");
            }
        }
    }
}

/// Listens for Ctrl-C and SIGTERM from now on; the future resolves at the first one.
#[cfg(unix)]
pub(crate) fn signals() -> Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for Ctrl-C; the future resolves at the first one.
#[cfg(not(unix))]
pub(crate) fn signals() -> Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

fn api_state(app: &app::App, config: &Config, base_url: &str) -> Result<api::ApiState> {
    let limits = config.limits;
    let sandbox = &config.sandbox_url;
    let settings = api::Settings {
        base_url: base_url.to_owned(),
        sandbox_url: (!sandbox.is_empty()).then(|| sandbox.trim_end_matches('/').to_owned()),
        body_bytes: limits.body_bytes,
        limits: api::Limits {
            requests_per_minute: limits.requests_per_minute,
            requests_per_hour: limits.requests_per_hour,
            posts_per_minute: limits.posts_per_minute,
            posts_per_hour: limits.posts_per_hour,
            posts_per_day: limits.posts_per_day,
            ai_per_hour: limits.ai_per_hour,
        },
    };
    let provider = config.oidc.provider()?;
    let with_provider = |state: api::ApiState| {
        let state = state.with_dashboard(api::Dashboard::built_in());
        Ok(match provider {
            Some(provider) => state.with_provider(provider),
            None => state,
        })
    };
    if app.store.is_shared() {
        let counters = Arc::new(app::counters::StoredCounters(app.store.clone()));
        return with_provider(api::ApiState::shared(app.clone(), settings, counters));
    }
    with_provider(api::ApiState::new(app.clone(), settings))
}
