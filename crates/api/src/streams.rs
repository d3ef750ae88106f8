//! Answers that have no end: how many a key may have open, and their end when the server stops.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ApiKeyId;
use tokio::sync::watch;

use crate::error::ApiError;

/// How many streams one key may have open at this node.
const MOST_OF_A_KEY: usize = 20;
/// How long a caller with too many shall wait, in seconds.
const TRY_AGAIN_IN: i64 = 10;

/// The open streams of this node.
#[derive(Clone, Default)]
pub(crate) struct Streams {
    counts: Arc<Mutex<HashMap<ApiKeyId, usize>>>,
    stopping: Option<watch::Receiver<bool>>,
}

impl Streams {
    /// Streams that end when `stopping` becomes true.
    pub(crate) fn until(stopping: watch::Receiver<bool>) -> Self {
        Self { stopping: Some(stopping), ..Self::default() }
    }

    /// Counts one more stream, for as long as the answer lives.
    pub(crate) fn open(&self, key: ApiKeyId) -> Result<Open, ApiError> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key).or_default();
        if *count >= MOST_OF_A_KEY {
            return Err(ApiError::rate_limited("open streams of events", TRY_AGAIN_IN));
        }
        *count += 1;
        Ok(Open { streams: self.clone(), key })
    }
}

/// One open stream.
pub(crate) struct Open {
    streams: Streams,
    key: ApiKeyId,
}

impl Open {
    /// Resolves when the server stops.
    pub(crate) async fn ended(&mut self) {
        match &mut self.streams.stopping {
            Some(stopping) => drop(stopping.wait_for(|stopping| *stopping).await),
            None => std::future::pending().await,
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut counts = self.streams.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}
