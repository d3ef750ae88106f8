//! The third step of an upload: the bytes are looked at, and the item is ready or has failed.

use std::path::Path;

use ::media::{Kind, MediaError, Probe, probe_file};
use domain::event::EventKind;
use domain::{MediaId, OrganizationId};
use store::{FinishedMedia, MediaRow};

use super::receive::reread;
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
    settle(app, organization, row).await
}

/// Looks at an item's bytes, and makes it ready or lets it fail.
pub(super) async fn settle(
    app: &App,
    organization: OrganizationId,
    row: MediaRow,
) -> Result<MediaView, AppError> {
    let path = match app.media.local_path(&row.sha256).await {
        Ok(path) => path,
        Err(MediaError::Missing) => return Err(AppError::BytesMissing),
        Err(error) => return Err(internal(error)),
    };
    let size = tokio::fs::metadata(&path).await.map_err(internal)?.len();
    match look(app, &path, Some(kind_name(&row.kind)), &row.content_type).await {
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
