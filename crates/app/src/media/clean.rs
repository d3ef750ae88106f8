//! What nobody waits for any more: uploads that were not finished, files that no item names.

use std::time::{Duration, UNIX_EPOCH};

use domain::{MediaId, Span};
use net::{Clock as _, SystemClock};

use super::internal;
use crate::{App, AppError};

/// A file that is to be removed is removed within this time, or somebody else does it.
const REMOVED_WITHIN: Span = Span::from_seconds(60);
const AT_ONCE: u32 = 100;
/// Copies that were made for a platform are of use for a while: for the next post with the same file.
const COPIES_KEPT: Span = Span::from_days(7);
/// Longer than any upload may take.
const STALE_AFTER: Span = Span::from_hours(48);

/// Forgets unfinished uploads whose time is over and removes files that no item names. Returns how
/// many items were forgotten.
///
/// # Errors
/// When the database or the disk fails.
pub async fn clean(app: &App) -> Result<usize, AppError> {
    let mut forgotten = 0;
    loop {
        let now = app.clock.now();
        let expired = app.store.list_expired_media(now, AT_ONCE).await?;
        let count = expired.len();
        for (organization, workspace, media) in expired {
            if app.store.forget_media(organization, workspace, media, (Some(now), now)).await? {
                forgotten += 1;
                abandon(app, media).await?;
            }
        }
        if count < AT_ONCE as usize {
            break;
        }
    }
    while app.store.forget_media_copies(app.clock.now() - COPIES_KEPT, 500, app.clock.now()).await? == 500 {}
    remove_unused(app).await?;
    // Files carry the machine's time, whatever time this server lives in.
    let stale = (SystemClock.now() - STALE_AFTER).as_seconds().max(0).unsigned_abs();
    app.media.remove_stale(UNIX_EPOCH + Duration::from_secs(stale)).await.map_err(internal)?;
    Ok(forgotten)
}

/// Removes what came in of an item in several goes, or past this server.
pub(super) async fn abandon(app: &App, media: MediaId) -> Result<(), AppError> {
    let name = media.to_string();
    app.media.abandon(&name).await.map_err(internal)?;
    app.media.forget_upload(&name).await.map_err(internal)
}

/// Removes files that no item names.
pub(super) async fn remove_unused(app: &App) -> Result<(), AppError> {
    loop {
        let now = app.clock.now();
        let until = now + REMOVED_WITHIN;
        let files = app.store.take_unused_files(now, until, AT_ONCE).await?;
        let count = files.len();
        for sha256 in files {
            app.media.remove(&sha256).await.map_err(internal)?;
            app.store.forget_unused_file(&sha256, until).await?;
        }
        if count < AT_ONCE as usize {
            return Ok(());
        }
    }
}
