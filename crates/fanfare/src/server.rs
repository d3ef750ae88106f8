//! A running server: HTTP, the publish loop, and their orderly end.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context as _, Result};
use domain::Span;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::data_dir::WorkerLock;
use crate::wiring::Installation;

/// How often the last use of keys is written down.
const KEY_USE_EVERY: Span = Span::from_seconds(15);
/// How long open connections may take to end.
const CONNECTIONS_END_IN: Duration = Duration::from_secs(5);

/// Serves until `stop` resolves, then ends in order: no new requests, publishing finished or
/// parked, the database closed.
pub(crate) async fn run(
    installation: Installation,
    config: &Config,
    listener: TcpListener,
    base_url: &str,
    lock: WorkerLock,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let engine = installation.engine(config)?;
    let recovered = engine.recover().await.context("cannot take over what the last run left")?;
    if recovered > 0 {
        tracing::info!(destinations = recovered, "taking over what was in flight when the last run ended");
    }
    let (stopping, _) = watch::channel(false);
    let publishing = tokio::spawn(engine.run(stopped(stopping.subscribe())));
    let app = installation.app.clone();
    let noting = tokio::spawn(note_key_uses(app.clone(), stopping.subscribe()));
    let router = api::router(api_state(&app, config, base_url));
    let ending = stopping.subscribe();
    let serving = tokio::spawn(async move { api::serve(listener, router, stopped(ending)).await });
    stop.await;
    tracing::info!("stopping: finishing or parking what is in flight");
    stopping.send_replace(true);
    let ended = tokio::time::timeout(CONNECTIONS_END_IN, serving).await;
    if ended.is_err() {
        tracing::info!("open connections were cut");
    }
    publishing.await.context("the publish loop ended badly")?;
    noting.await.context("the housekeeping ended badly")?;
    app.store.close().await;
    drop(lock);
    tracing::info!("stopped");
    Ok(())
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // The sender outlives every receiver, so waiting cannot fail.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

async fn note_key_uses(app: app::App, stopping: watch::Receiver<bool>) {
    loop {
        let next = app.clock.now() + KEY_USE_EVERY;
        let ended = tokio::select! {
            () = app.clock.poll_until(next) => false,
            () = stopped(stopping.clone()) => true,
        };
        if let Err(error) = app::key_uses::flush(&app).await {
            tracing::warn!(error = %error, "the last use of keys could not be written");
        }
        if ended {
            return;
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

fn api_state(app: &app::App, config: &Config, base_url: &str) -> api::ApiState {
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
        },
    };
    api::ApiState::new(app.clone(), settings)
}
