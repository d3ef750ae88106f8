//! A body that is read while it is sent, so that a large file is never whole in memory.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc;

/// Gives a body its pieces. Dropped before the last one, it breaks the request off.
#[derive(Debug)]
pub struct Feed(mpsc::Sender<Bytes>);

/// The other end, as part of a request. Its copies are the same body, and one of them is sent.
#[derive(Clone, Debug)]
pub struct Fed {
    pub(crate) size_bytes: u64,
    pieces: Arc<Mutex<Option<mpsc::Receiver<Bytes>>>>,
}

/// A body of exactly this size, and what feeds it.
pub fn feed(size_bytes: u64) -> (Feed, Fed) {
    // One piece waits while another one is sent.
    let (sender, receiver) = mpsc::channel(1);
    (Feed(sender), Fed { size_bytes, pieces: Arc::new(Mutex::new(Some(receiver))) })
}

impl Feed {
    /// Hands over the next piece as soon as there is room. `false` when nobody reads any more.
    pub async fn push(&self, piece: Bytes) -> bool {
        self.0.send(piece).await.is_ok()
    }
}

impl Fed {
    /// The pieces, once.
    pub(crate) fn take(&self) -> Option<mpsc::Receiver<Bytes>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
