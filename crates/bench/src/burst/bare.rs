//! The baseline of a burst: a bare client that sends the sink the same requests as fast as it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use net::ClientConfig;
use tokio::task::JoinSet;

use super::TEXT_LENGTH;
use super::platform::request;
use crate::sink::Sink;
use crate::stopwatch::now;

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
