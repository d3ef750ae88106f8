//! The third step of an upload: the bytes are looked at, and the item is ready or has failed.

use std::path::Path;

use ::media::{Kind, LocalFile, MediaError, Probe, probe_file};
use domain::event::EventKind;
use domain::{MediaId, OrganizationId};
use store::{FinishedMedia, MediaRow};

use super::receive::{check_declared, land, reread};
use super::{FAILED_FOR, MediaView, event, finished, internal, kind_name, most_bytes, too_large, view};
use crate::{App, AppError, Caller};

/// Says that all bytes were sent. May be said again: the answer is the same.
///
/// # Errors
/// [`AppError::BytesMissing`] when they were not.
pub async fn complete(app: &App, caller: &Caller, id: MediaId) -> Result<MediaView, AppError> {
    let organization = caller.organization_id;
    let row = app.store.get_media(organization, caller.workspace_id, id).await?;
    let row = row.ok_or(AppError::NotFound("Media"))?;
    if row.status != "uploading" || row.arrives_by == "url" {
        return Ok(view(app, organization, row));
    }
    match collect(app, organization, &row).await? {
        Some(file) => {
            let row = reread(app, organization, id).await?;
            settle(app, organization, row, Some(file)).await
        }
        None => settle(app, organization, row, None).await,
    }
}

/// Takes in what was sent past this server, if something was.
async fn collect(
    app: &App,
    organization: OrganizationId,
    row: &MediaRow,
) -> Result<Option<LocalFile>, AppError> {
    let name = row.id.to_string();
    let Some(size) = app.media.uploaded_bytes(&name).await.map_err(internal)? else { return Ok(None) };
    let declared = u64::try_from(row.size_bytes).unwrap_or(0);
    check_declared(declared, size)?;
    let received = app.media.collect(&name).await.map_err(internal)?;
    // It may have been sent again meanwhile.
    check_declared(declared, received.size_bytes)?;
    let file = land(app, organization, row.id, received).await?;
    app.media.forget_upload(&name).await.map_err(internal)?;
    Ok(Some(file))
}

/// Looks at an item's bytes, and makes it ready or lets it fail. `file` is where they are, if they
/// are at hand.
pub(super) async fn settle(
    app: &App,
    organization: OrganizationId,
    row: MediaRow,
    file: Option<LocalFile>,
) -> Result<MediaView, AppError> {
    let file = match file {
        Some(file) => file,
        None => match app.media.local(&row.sha256).await {
            Ok(file) => file,
            Err(MediaError::Missing) => return Err(AppError::BytesMissing),
            Err(error) => return Err(internal(error)),
        },
    };
    let size = tokio::fs::metadata(file.path()).await.map_err(internal)?.len();
    match look(app, file.path(), Some(kind_name(&row.kind)), &row.content_type).await {
        Ok(probe) => {
            let finish = finished(app, &probe, &row.sha256, size);
            let event = event(app, EventKind::MediaUploaded, row.id, &finish.kind, &row.filename);
            // When another call was faster, its outcome is the answer.
            let _: FinishedMedia = app.store.finish_media(organization, row.id, finish, event, None).await?;
        }
        Err(Look::Refused(error)) => {
            let now = app.clock.now();
            let ends = (now, now + FAILED_FOR);
            app.store.fail_media(organization, row.id, &error.to_string(), ends, None).await?;
        }
        Err(Look::Failed(error)) => return Err(internal(error)),
    }
    Ok(view(app, organization, reread(app, organization, row.id).await?))
}

/// Why a file was not taken: its own fault, or this server's.
pub(super) enum Look {
    Refused(AppError),
    Failed(MediaError),
}

impl From<Look> for AppError {
    fn from(look: Look) -> Self {
        match look {
            Look::Refused(error) => error,
            Look::Failed(error) => internal(error),
        }
    }
}

/// Looks into a file. `declared` is the kind that it has to be; among the types of one kind, its
/// content decides.
pub(super) async fn look(
    app: &App,
    path: &Path,
    declared: Option<&str>,
    content_type: &str,
) -> Result<Probe, Look> {
    let probe = match probe_file(path, &app.tools).await {
        Ok(probe) => probe,
        Err(error) if error.may_pass() => return Err(Look::Failed(error)),
        Err(error) => return Err(refused(format!("This file cannot be used: {error}."))),
    };
    if declared.is_some_and(|kind| kind != probe.kind.as_str()) {
        let actual = probe.content_type;
        return Err(refused(format!("The file was declared as {content_type} but is {actual}.")));
    }
    Ok(probe)
}

fn refused(message: String) -> Look {
    Look::Refused(AppError::validation("file", message))
}

/// Refuses a file that is larger than its kind may be.
pub(super) fn check_size(app: &App, kind: Kind, size: u64) -> Result<(), AppError> {
    let most = most_bytes(&app.media_limits, kind);
    if size > most { Err(too_large(kind, most)) } else { Ok(()) }
}
