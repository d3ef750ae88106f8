//! A small picture of a video that has become ready.

use store::{MediaWork, StoreError};

use super::Library;
use super::plan::pause_after;

impl Library {
    /// Makes the picture. A video of which none can be made goes without: it can be posted all the same.
    pub(super) async fn make_poster(&self, work: MediaWork) -> Result<(), StoreError> {
        let (lease, id) = (work.lease, work.row.id);
        let (store, now) = (&self.parts.store, self.parts.clock.now());
        let made = match self.parts.media.poster(&self.parts.tools, &work.row.sha256).await {
            Ok(made) => made,
            Err(error) => {
                let pause = pause_after(work.tries).filter(|_| error.may_pass());
                tracing::warn!(media.id = %id, error = %error, again = pause.is_some(), "no poster was made");
                return match pause {
                    Some(pause) => store.put_off_media_work(lease, now + pause, work.tries + 1).await,
                    None => store.end_poster(lease, None, now).await,
                }
                .map(|_| ());
            }
        };
        let sha256 = made.as_ref().map(|made| made.sha256.clone());
        // What is not noted now is made again when the lease ends.
        if store.end_poster(lease, sha256.as_deref(), now).await?
            && let Some(made) = made
            && let Err(error) = self.parts.media.place(made).await
        {
            tracing::error!(media.id = %id, error = %error, "a poster cannot be stored");
        }
        Ok(())
    }
}
