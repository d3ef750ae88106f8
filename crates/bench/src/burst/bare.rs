//! The baseline of a burst: a bare client that sends the same requests as fast as it can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use net::ClientConfig;
use tokio::task::JoinSet;
use url::Url;

use super::busy::Meter;
use super::platform::request;
use super::text;
use crate::stopwatch::now;

/// How it went.
pub(crate) struct Bare {
    pub(crate) per_second: f64,
    /// What a request kept the processors busy, in microseconds.
    pub(crate) busy_us: Option<f64>,
}

/// Sends `count` posts to `url`, so many at a time, with each of the tokens in turn; returns how many were
/// answered in a second.
pub(crate) async fn drain(url: Url, tokens: Vec<String>, count: usize, at_once: u32) -> Result<Bare> {
    let client = net::Client::new(ClientConfig::default()).context("HTTP client")?;
    let next = Arc::new(AtomicUsize::new(0));
    let tokens: Arc<[String]> = tokens.into();
    let (begun, meter) = (now(), Meter::start());
    let mut senders = JoinSet::new();
    for _ in 0..at_once {
        let (client, next, tokens, url) =
            (client.clone(), Arc::clone(&next), Arc::clone(&tokens), url.clone());
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::AcqRel);
                if number >= count {
                    return Ok(());
                }
                let token = tokens.get(number % tokens.len()).context("no token")?;
                let answer = client.send(request(&url, token, &text(number))).await?;
                if !answer.is_success() {
                    bail!("the other side answered {}", answer.status);
                }
            }
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_second = count as f64 / begun.elapsed().as_secs_f64();
    Ok(Bare { per_second, busy_us: meter.us_each(count) })
}
