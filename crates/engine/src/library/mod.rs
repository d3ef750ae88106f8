//! The library's work behind its callers' backs: fetching what is imported from an address, making
//! posters of videos. What is due stands in the database, under leases, so that any node goes on where
//! another one stopped. Must not know posts or platforms.

mod import;
mod plan;
mod poster;

use std::future::Future;
use std::sync::Arc;

use domain::Span;
use domain::causes::with_causes;
use domain::plan::Plan;
use media::{MediaFiles, MediaLimits, Tools};
use net::{Clock, Entropy, GuardedClient};
use store::{MediaWork, MediaWorkKind, Store, StoreError};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// How long a worker holds an item without saying so again.
const LEASE: Span = Span::from_minutes(2);
/// So often it says so, and keeps what has come on the disk.
const KEPT_EVERY: Span = Span::from_seconds(20);
const LOOKED_EVERY: Span = Span::from_seconds(20);
const AT_ONCE: usize = 4;

/// What the library's worker works with.
#[derive(Clone)]
pub struct LibraryParts {
    /// The database.
    pub store: Store,
    /// The files.
    pub media: Arc<MediaFiles>,
    /// How large they may be.
    pub limits: MediaLimits,
    /// What an organization may use unless something else is set for it.
    pub plan: Arc<Plan>,
    /// The programs that look into them.
    pub tools: Tools,
    /// For addresses that users gave.
    pub guarded: GuardedClient,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// The library's worker of one node. Cheap to clone.
#[derive(Clone)]
pub struct Library {
    parts: Arc<LibraryParts>,
    wake: Arc<Notify>,
}

impl Library {
    /// A worker that looks for work when `wake` is notified, and now and then.
    pub fn new(parts: LibraryParts, wake: Arc<Notify>) -> Self {
        Self { parts: Arc::new(parts), wake }
    }

    /// Takes back what the last run of this process held: nobody else can, on a database of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        self.parts.store.release_media_work(self.parts.clock.now()).await
    }

    /// Works until `stop` resolves. What is under way then is left for the next run, which goes on
    /// where this one stops.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        let clock = Arc::clone(&self.parts.clock);
        let mut running = JoinSet::new();
        loop {
            let taken = self.take(AT_ONCE - running.len().min(AT_ONCE)).await.unwrap_or_else(|error| {
                tracing::warn!(error = %with_causes(&error), "the library's work cannot be read; it is looked at again");
                Vec::new()
            });
            for work in taken {
                let library = self.clone();
                running.spawn(async move { library.work(work).await });
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.wake.notified() => {}
                Some(ended) = running.join_next(), if !running.is_empty() => note_end(ended),
                () = clock.poll_until(clock.now() + LOOKED_EVERY) => {}
            }
        }
        running.shutdown().await;
    }

    /// Does all that is due now. For tests: [`Library::run`] does the same with pauses around it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let mut done = 0;
        loop {
            let taken = self.take(AT_ONCE).await?;
            if taken.is_empty() {
                return Ok(done);
            }
            for work in taken {
                done += 1;
                self.work(work).await;
            }
        }
    }

    async fn take(&self, room: usize) -> Result<Vec<MediaWork>, StoreError> {
        let Ok(room @ 1..) = u32::try_from(room) else { return Ok(Vec::new()) };
        let now = self.parts.clock.now();
        self.parts.store.take_media_work(now, now + LEASE, room).await
    }

    async fn work(&self, work: MediaWork) {
        let id = work.row.id;
        let done = match work.kind {
            MediaWorkKind::Import => self.import(work).await,
            MediaWorkKind::Poster => self.make_poster(work).await,
        };
        if let Err(error) = done {
            tracing::warn!(media.id = %id, error = %with_causes(&error), "work on media broke off; it is tried again");
        }
    }
}

fn note_end(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("work on media panicked; it is tried again when its lease ends");
    }
}
