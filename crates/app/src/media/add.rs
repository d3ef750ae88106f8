//! Files that are on this machine already.

use ::media::{Received, Receiving};
use domain::event::EventKind;
use domain::{OrganizationId, WorkspaceId};
use store::{BeginMedia, FinishedMedia, MediaRow};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::complete::{check_size, look};
use super::receive::{land, reread};
use super::{MediaView, awaited, event, finished, internal, over_quota, stored_size, view};
use crate::{App, AppError, limits};

const READ_BYTES: usize = 256 * 1024;

/// Puts a file into a workspace's library. Its type is read from its content.
///
/// # Errors
/// [`AppError::Validation`] when it is no file that can be used, [`AppError::FileTooLarge`] and
/// [`AppError::QuotaExceeded`] when there is no room for it.
pub async fn add(
    app: &App,
    organization: OrganizationId,
    workspace: WorkspaceId,
    filename: &str,
    mut content: impl AsyncRead + Unpin,
) -> Result<MediaView, AppError> {
    let limits = &app.media_limits;
    let most = limits.image_bytes.max(limits.video_bytes).max(limits.document_bytes);
    let mut receiving: Receiving = app.media.receive().await.map_err(internal)?;
    let mut buffer = vec![0; READ_BYTES];
    loop {
        let count = content.read(&mut buffer).await.map_err(internal)?;
        if count == 0 {
            break;
        }
        receiving.write(&buffer[..count]).await.map_err(internal)?;
        if receiving.size_bytes() > most {
            let most = ::media::size_text(most);
            return Err(AppError::FileTooLarge(format!("A file may have {most} at most.")));
        }
    }
    let received = receiving.finish().await.map_err(internal)?;
    let probe = look(app, received.path(), None, "").await?;
    check_size(app, probe.kind, received.size_bytes)?;
    let row = awaited(app, workspace, filename, probe.content_type, probe.kind);
    keep(app, organization, row, &probe, received).await
}

/// Makes an item of a file that was looked at.
pub(super) async fn keep(
    app: &App,
    organization: OrganizationId,
    mut row: MediaRow,
    probe: &::media::Probe,
    received: Received,
) -> Result<MediaView, AppError> {
    let (id, size, sha256) = (row.id, received.size_bytes, received.sha256.clone());
    row.size_bytes = stored_size(size);
    let (workspace, now) = (row.workspace_id, app.clock.now());
    let event = event(app, EventKind::MediaUploaded, id, probe.kind.as_str(), &row.filename);
    let quota = limits::of(app, organization).await?.storage_bytes;
    if let BeginMedia::OverQuota(used) = app.store.begin_media(organization, row, None, quota).await? {
        return Err(over_quota(used, quota));
    }
    if let Err(error) = land(app, organization, id, received).await {
        app.store.forget_media(organization, workspace, id, (None, now)).await?;
        return Err(error);
    }
    let finish = finished(app, probe, &sha256, size);
    let _: FinishedMedia = app.store.finish_media(organization, id, finish, event, None).await?;
    Ok(view(app, organization, reread(app, organization, id).await?))
}
