//! The other side: a server that answers every post after five milliseconds, on a thread of its
//! own, and a bare client that sends it as many as it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use axum::Router;
use axum::routing::post;
use net::ClientConfig;
use tokio::task::JoinSet;
use url::Url;

use super::TEXT_LENGTH;
use super::platform::request;
use crate::stopwatch::now;

/// How long the platform takes.
const LATENCY: Duration = Duration::from_millis(5);

/// A running sink; it lives as long as the program.
pub(crate) struct Sink(Url);

impl Sink {
    pub(crate) fn start() -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = Url::parse(&format!("http://{}/posts", listener.local_addr()?))?;
        std::thread::Builder::new().name("sink".to_owned()).spawn(move || serve(listener))?;
        Ok(Self(url))
    }

    pub(crate) fn url(&self) -> Url {
        self.0.clone()
    }
}

fn serve(listener: std::net::TcpListener) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let app = Router::new().route("/posts", post(answer));
        Ok(axum::serve(listener, app).await?)
    })
}

async fn answer(body: axum::body::Bytes) -> String {
    #[expect(clippy::disallowed_methods, reason = "the platform's own time is part of what is measured")]
    tokio::time::sleep(LATENCY).await;
    format!("{{\"id\":\"{}\"}}", body.len())
}

/// Sends `count` posts, so many at a time; returns how many were answered in a second.
pub(crate) async fn drain(sink: &Sink, count: usize, at_once: u32) -> Result<f64> {
    let client = net::Client::new(ClientConfig::default()).context("HTTP client")?;
    let left = Arc::new(AtomicUsize::new(count));
    let text: Arc<str> = "x".repeat(TEXT_LENGTH).into();
    let begun = now();
    let mut senders = JoinSet::new();
    for _ in 0..at_once {
        let (client, left, text, url) = (client.clone(), Arc::clone(&left), Arc::clone(&text), sink.url());
        senders.spawn(async move {
            while left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok() {
                let answer = client.send(request(&url, &text)).await?;
                if !answer.is_success() {
                    bail!("the sink answered {}", answer.status);
                }
            }
            Ok(())
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
