//! Fits the media of scheduled posts before they are due, so that a heavy video does not go out late.
//! What is to be done stands in the database, under leases, so that any node goes on where another one
//! stopped. A destination that comes due all the same makes its copies itself. Must not know how a copy is
//! made, nor send anything.

use std::future::Future;

use domain::causes::with_causes;
use domain::rules::fit::Frame;
use domain::{DestinationStatus, MediaId, Span};
use store::{DestinationRow, PostRow, PreparationLease, StoreError};

use crate::Engine;
use crate::publish::{Wish, item_of};

/// How long a worker holds a post: longer than a video may take. Whoever is slower loses it, and what was
/// made so far is found by the next one.
const LEASE: Span = Span::from_minutes(40);
const LOOKED_EVERY: Span = Span::from_seconds(20);
const AT_ONCE: u32 = 4;
/// Pauses after tries in vain; then the destination is left to make its copies when it is due.
const PAUSES: [Span; 3] = [Span::from_minutes(1), Span::from_minutes(10), Span::from_hours(1)];

/// The worker that prepares posts. Cheap to clone.
#[derive(Clone)]
pub struct Preparer(Engine);

/// What came of a post.
enum Prepared {
    /// It has these copies.
    Done(Vec<MediaId>),
    /// Something failed that may pass.
    Later,
    /// Somebody else has the post.
    LeaseLost,
}

impl Engine {
    /// The worker that fits media ahead of time.
    pub fn preparer(&self) -> Preparer {
        Preparer(self.clone())
    }
}

impl Preparer {
    /// Takes back what the last run of this process held: nobody else can, on a database of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recover(&self) -> Result<u64, StoreError> {
        let parts = &self.0.parts;
        let now = parts.clock.now();
        parts.store.release_media_preparations(now, now + LEASE).await
    }

    /// Prepares what is to be prepared until `stop` resolves. What is under way then is left for the next
    /// run.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        loop {
            let work = async {
                if let Err(error) = self.run_once().await {
                    tracing::warn!(error = %with_causes(&error), "posts cannot be prepared; they are looked at again");
                }
                let clock = &self.0.parts.clock;
                clock.poll_until(clock.now() + LOOKED_EVERY).await;
            };
            tokio::select! {
                () = &mut stop => return,
                () = work => {}
            }
        }
    }

    /// Prepares all that is to be prepared now; how many posts that were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let parts = &self.0.parts;
        let mut done = 0;
        loop {
            let now = parts.clock.now();
            let taken = parts.store.take_media_preparations(now, now + LEASE, AT_ONCE).await?;
            if taken.is_empty() {
                return Ok(done);
            }
            for lease in taken {
                done += 1;
                self.work(lease).await?;
            }
        }
    }

    async fn work(&self, lease: PreparationLease) -> Result<(), StoreError> {
        let store = &self.0.parts.store;
        let prepared = self.prepare(lease).await?;
        let now = self.0.parts.clock.now();
        let pause = usize::try_from(lease.tries).ok().and_then(|tries| PAUSES.get(tries)).copied();
        let has_lease = match (prepared, pause) {
            (Prepared::Done(kept), _) => store.end_media_preparation(lease, kept, now).await?,
            (Prepared::Later, Some(pause)) => {
                store.put_off_media_preparation(lease, now + pause, lease.tries + 1).await?
            }
            (Prepared::Later, None) => store.end_media_preparation(lease, Vec::new(), now).await?,
            (Prepared::LeaseLost, _) => false,
        };
        if !has_lease {
            tracing::info!(post.id = %lease.post_id, "the post was changed or taken over while it was prepared");
        }
        Ok(())
    }

    /// Makes every copy that a destination of the post needs and that is not there yet.
    async fn prepare(&self, lease: PreparationLease) -> Result<Prepared, StoreError> {
        let parts = &self.0.parts;
        let organization = lease.organization_id;
        let Some(post) = parts.store.find_post_to_prepare(organization, lease.post_id).await? else {
            return Ok(Prepared::Done(Vec::new()));
        };
        let rows = parts.store.find_media(organization, &post.media_ids).await?;
        let mut kept: Vec<MediaId> = Vec::new();
        let mut made: Vec<(String, String)> = Vec::new();
        for destination in parts.store.list_destinations(organization, &[lease.post_id]).await? {
            if destination.status != DestinationStatus::Queued {
                continue;
            }
            let Some(spec) = parts.registry.spec(&destination.platform) else { continue };
            let wish = self.wish(&post, &destination, rows.len())?;
            for row in &rows {
                let copied = self.0.copy_of(organization, destination.id, row, spec, &wish).await?;
                let (copy, _making) = match copied {
                    Ok(Some(copied)) => copied,
                    Err(failure) if failure.class == domain::Class::Transient => return Ok(Prepared::Later),
                    // There is nothing to do, or the destination says what is wrong when it is due.
                    Ok(None) | Err(_) => continue,
                };
                let key = (copy.source_sha256.clone(), copy.recipe.clone());
                if made.contains(&key) {
                    continue;
                }
                let (id, now) = (copy.id, parts.clock.now());
                if !parts.store.keep_prepared_copy(lease, copy, now).await? {
                    return Ok(Prepared::LeaseLost);
                }
                kept.push(id);
                made.push(key);
            }
        }
        Ok(Prepared::Done(kept))
    }

    fn wish(&self, post: &PostRow, destination: &DestinationRow, files: usize) -> Result<Wish, StoreError> {
        let item = item_of(post, &destination.platform)?;
        Ok(Wish {
            frame: Frame::of(&item.settings),
            may_become_film: self.0.may_make_films(files),
            content_type: item.content_type,
        })
    }
}
