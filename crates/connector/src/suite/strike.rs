//! A hook that counts requests and lets some of them meet a fate.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use net::{Fate, Hook, Request};

/// Counts requests, and strikes some of them.
#[derive(Debug)]
pub struct Strike {
    seen: AtomicUsize,
    hits: Range<usize>,
    fate: Fate,
}

impl Strike {
    /// Only counts.
    pub fn never() -> Arc<Self> {
        Self::at(0..0, Fate::Pass)
    }

    /// The requests with these numbers, from 0, meet `fate`.
    pub fn at(hits: Range<usize>, fate: Fate) -> Arc<Self> {
        Arc::new(Self { seen: AtomicUsize::new(0), hits, fate })
    }

    /// How many requests there were.
    pub fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

impl Hook for Strike {
    fn fate(&self, _: &Request) -> Fate {
        let number = self.seen.fetch_add(1, Ordering::SeqCst);
        if self.hits.contains(&number) { self.fate } else { Fate::Pass }
    }
}
